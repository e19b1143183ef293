package io.millwright.controller.internal.process;

import io.millwright.controller.internal.process.backend.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/** The backend that tests of the controller run on. */
public final class TestBackends {
    private TestBackends() {}

    /**
     * Opens the Linux backend where there is one, or the one that the system property {@code millwright.backend} names.
     *
     * @param runDirectory exists
     * @return a backend of its own
     */
    public static ProcessBackend open(Path runDirectory) throws IOException {
        String forced = System.getProperty("millwright.backend", "");
        Kind kind = forced.isEmpty()
                ? Kind.LINUX.isExpected() ? Kind.LINUX : Kind.PORTABLE
                : Kind.valueOf(forced.toUpperCase(Locale.ROOT));
        return kind.open(UUID.randomUUID().toString().replace("-", ""), runDirectory, Duration.ofSeconds(1));
    }
}
