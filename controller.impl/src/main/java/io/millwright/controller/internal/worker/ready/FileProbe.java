package io.millwright.controller.internal.worker.ready;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a file that the program makes.
 *
 * @param file an absolute path
 * @param since what is older is of an earlier run
 */
record FileProbe(Path file, Instant since) implements Probe {
    /** The kernel's clock for files is behind the one that is read by a tick at most. */
    private static final Duration BEHIND = Duration.ofMillis(10);

    @Override
    public @Nullable String ask(Duration limit) {
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            Instant earliest = since.minus(BEHIND);
            if (changed.getNano() == 0) {
                // Some file systems keep whole seconds.
                earliest = earliest.truncatedTo(ChronoUnit.SECONDS);
            }
            return changed.isBefore(earliest) ? file + " is of an earlier run (" + changed + ")" : null;
        } catch (IOException e) {
            return "there is no " + file;
        }
    }

    @Override
    public String what() {
        return "the file " + file;
    }
}
