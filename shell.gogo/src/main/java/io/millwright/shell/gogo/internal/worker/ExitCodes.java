package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.WorkerExit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exit code a shell would report for a worker's end. */
final class ExitCodes {
    /** Numbers of Linux for x86 and ARM; those a script looks for (1 to 15) are the same everywhere but USR1, USR2 and BUS. */
    private static final Map<String, Integer> SIGNALS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15),
            Map.entry("STKFLT", 16),
            Map.entry("XCPU", 24),
            Map.entry("XFSZ", 25),
            Map.entry("VTALRM", 26),
            Map.entry("PROF", 27),
            Map.entry("IO", 29),
            Map.entry("PWR", 30),
            Map.entry("SYS", 31));

    private ExitCodes() {}

    /** The worker's code, 128 and the signal's number (128 alone for an unknown one), 1 if there never was a process. */
    static int of(WorkerExit exit) {
        return of(exit.code(), exit.signal());
    }

    /** The same of any process. */
    static int of(@Nullable Integer code, @Nullable String signal) {
        if (code != null) {
            return code;
        }
        return signal == null ? 1 : 128 + SIGNALS.getOrDefault(signal, 0);
    }
}
