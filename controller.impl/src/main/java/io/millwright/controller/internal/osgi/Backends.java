package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.node.NodeDirectory;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.linux.LinuxBackend;
import io.millwright.controller.internal.process.orphan.Leftovers;
import io.millwright.controller.internal.process.portable.PortableBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Chooses the process backend for this machine, after what an earlier node has left behind is ended. */
final class Backends {
    /** The framework or system property that chooses: {@code auto}, {@code linux} or {@code portable}. */
    static final String PROPERTY = "millwright.backend";

    private static final String JNA_DIRECTORY = "jna.tmpdir";
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

    /** Opens one backend. */
    interface Opener {
        ProcessBackend open(String nonce, Path runDirectory, Duration grace) throws IOException;
    }

    private Backends() {}

    static ProcessBackend open(NodeDirectory directory, @Nullable String choice) throws IOException {
        Leftovers.sweep(directory.run(), LoggerFactory.getLogger(Leftovers.class));
        Path unpacked = directory.path().resolve("cache").resolve("jna");
        Files.createDirectories(unpacked);
        if (System.getProperty(JNA_DIRECTORY) == null) {
            // JNA reads it when its first class is loaded, and would unpack to the temporary directory or the home.
            System.setProperty(JNA_DIRECTORY, unpacked.toString());
        }
        String wanted = choice == null || choice.isBlank() ? System.getProperty(PROPERTY) : choice;
        return choose(directory.run(), wanted, LinuxBackend::open);
    }

    static ProcessBackend choose(Path runDirectory, @Nullable String choice, Opener linux) throws IOException {
        String wanted = choice == null || choice.isBlank() ? "auto" : choice.trim();
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String nonce = HexFormat.of().formatHex(random);
        switch (wanted) {
            case "portable":
                return new PortableBackend(nonce, runDirectory, ORPHAN_GRACE);
            case "linux":
                return linux.open(nonce, runDirectory, ORPHAN_GRACE);
            case "auto":
                try {
                    return linux.open(nonce, runDirectory, ORPHAN_GRACE);
                } catch (IOException e) {
                    return new Fallback(
                            new PortableBackend(nonce, runDirectory, ORPHAN_GRACE), String.valueOf(e.getMessage()));
                }
            default:
                throw new IOException(PROPERTY + " must be auto, linux or portable, is '" + wanted + "'");
        }
    }

    /** A backend that says why the better one is not in use. */
    private record Fallback(ProcessBackend backend, String why) implements ProcessBackend {
        @Override
        public String description() {
            return backend.description() + "; the Linux backend is not in use because " + why;
        }

        @Override
        public @Nullable String reservation() {
            return backend.reservation();
        }

        @Override
        public List<String> strays(WorkerId worker) {
            return backend.strays(worker);
        }

        @Override
        public WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException {
            return backend.spawn(launch, listener);
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
