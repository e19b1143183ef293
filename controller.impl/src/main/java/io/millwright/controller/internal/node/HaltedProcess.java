package io.millwright.controller.internal.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process that was halted by a signal (STOP, TSTP): it is there, does nothing and takes no signal until it goes on. The node
 * is not told, so {@code /proc} is read for each question about the worker; without {@code /proc} nothing is said. Stateless.
 */
final class HaltedProcess {
    private HaltedProcess() {}

    /**
     * What there is to say of a worker's main process.
     *
     * @param id the worker, for the remedy
     * @param pid its process, {@code null} if it has none
     * @return {@code null} if it runs, or is gone
     */
    static @Nullable String remark(String id, @Nullable Long pid) {
        String fact = fact(pid);
        return fact == null ? null : fact + "; worker:signal " + id + " CONT lets it go on";
    }

    /** The same without the remedy. */
    static @Nullable String fact(@Nullable Long pid) {
        return pid != null && isHalted(Path.of("/proc", pid.toString(), "stat"))
                ? "its process " + pid + " is halted (signal STOP) and does nothing"
                : null;
    }

    /** The state follows the program's name in parentheses, which may have blanks and parentheses itself. */
    private static boolean isHalted(Path stat) {
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return text.startsWith("T", text.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }
}
