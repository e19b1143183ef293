package io.millwright.controller.internal.process;

import io.millwright.controller.internal.process.portable.PortableBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** The backend that tests of the controller run on. */
public final class TestBackends {
    private TestBackends() {}

    /**
     * Opens one.
     *
     * @param runDirectory exists
     * @return a backend of its own
     */
    public static ProcessBackend open(Path runDirectory) throws IOException {
        return new PortableBackend(UUID.randomUUID().toString().replace("-", ""), runDirectory, Duration.ofSeconds(1));
    }
}
