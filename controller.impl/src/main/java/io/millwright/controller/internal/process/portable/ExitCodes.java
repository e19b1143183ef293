package io.millwright.controller.internal.process.portable;

import io.millwright.controller.internal.process.ProcessExit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what the JDK reports as a process's exit value. It reports a death by signal n as 128 + n, as shells do, and so an
 * {@code exit 143} looks the same as SIGTERM: such values are taken for the signal if that signal ends processes. The
 * values 126 and 127 stay codes: from {@link ExecPrefix}'s tools they mean that the program could not be executed.
 */
final class ExitCodes {
    private static final int SIGNALLED = 128;
    private static final Map<Integer, String> SIGNALS = signals();

    private ExitCodes() {}

    static ProcessExit read(int value) {
        String signal = SIGNALS.get(value - SIGNALLED);
        return signal == null ? new ProcessExit(value, null) : new ProcessExit(null, signal);
    }

    private static Map<Integer, String> signals() {
        Map<Integer, String> names = new HashMap<>(Map.of(
                1, "HUP", 2, "INT", 3, "QUIT", 4, "ILL", 5, "TRAP", 6, "ABRT", 8, "FPE", 9, "KILL", 11, "SEGV", 13,
                "PIPE"));
        names.putAll(Map.of(14, "ALRM", 15, "TERM", 24, "XCPU", 25, "XFSZ", 26, "VTALRM", 27, "PROF"));
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        names.putAll(
                linux
                        ? Map.of(7, "BUS", 10, "USR1", 12, "USR2", 16, "STKFLT", 29, "IO", 30, "PWR", 31, "SYS")
                        : Map.of(7, "EMT", 10, "BUS", 12, "SYS", 30, "USR1", 31, "USR2"));
        return names;
    }
}
