package io.millwright.controller.internal.worker.ready;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a file that the program makes.
 *
 * @param file an absolute path
 * @param since what is older is of an earlier run
 */
record FileProbe(Path file, Instant since) implements Probe {
    @Override
    public @Nullable String ask(Duration limit) {
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            // Some file systems keep whole seconds.
            return changed.isBefore(since.minusSeconds(1)) ? file + " is of an earlier run (" + changed + ")" : null;
        } catch (IOException e) {
            return "there is no " + file;
        }
    }

    @Override
    public String what() {
        return "the file " + file;
    }
}
