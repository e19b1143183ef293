package io.millwright.controller.internal;

import io.millwright.controller.internal.node.NodeDirectory;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.orphan.Leftovers;
import io.millwright.controller.internal.process.portable.PortableBackend;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.LoggerFactory;

/** Chooses the process backend for this machine, after what an earlier node has left behind is ended. */
final class Backends {
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

    private Backends() {}

    static ProcessBackend open(NodeDirectory directory) throws IOException {
        Leftovers.sweep(directory.run(), LoggerFactory.getLogger(Leftovers.class));
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return new PortableBackend(HexFormat.of().formatHex(random), directory.run(), ORPHAN_GRACE);
    }
}
