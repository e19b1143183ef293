package io.millwright.controller.internal.process.linux;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.process.ProcessExit;
import java.util.List;

/** The numbers of signals, which are the same on x86-64 and aarch64, and what waitpid says of an end. Static functions. */
final class Signals {
    private static final int LOW_BITS = 0x7f;
    private static final int CODE_SHIFT = 8;
    private static final int CODE_BITS = 0xff;
    /** The C library keeps two for itself. */
    private static final int FIRST_REAL_TIME = 34;

    private static final List<String> NAMES = List.of(
            "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private Signals() {}

    static int number(Signal signal) {
        return signal.compareTo(Signal.RTMIN) < 0
                ? NAMES.indexOf(signal.name())
                : FIRST_REAL_TIME + signal.ordinal() - Signal.RTMIN.ordinal();
    }

    static ProcessExit exit(int status) {
        int signal = status & LOW_BITS;
        if (signal == 0) {
            return new ProcessExit((status >> CODE_SHIFT) & CODE_BITS, null);
        }
        return new ProcessExit(null, name(signal));
    }

    private static String name(int signal) {
        int realTime = signal - FIRST_REAL_TIME;
        if (signal < NAMES.size()) {
            return NAMES.get(signal);
        }
        return realTime < 0 ? Integer.toString(signal) : Signal.values()[Signal.RTMIN.ordinal() + realTime].text();
    }
}
