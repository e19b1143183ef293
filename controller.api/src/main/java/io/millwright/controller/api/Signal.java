package io.millwright.controller.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The POSIX signals a worker can be sent or be ended by. Numbers differ between systems, so only names are used. */
public enum Signal {
    /** Hang-up, by custom: read your configuration again. */
    HUP,
    /** Interrupt, as from a terminal. */
    INT,
    /** Quit, by custom with a dump. */
    QUIT,
    /** Abort. */
    ABRT,
    /** Kill; cannot be caught. */
    KILL,
    /** User signal 1. */
    USR1,
    /** User signal 2. */
    USR2,
    /** Alarm. */
    ALRM,
    /** Terminate: the default way to end. */
    TERM,
    /** Continue a stopped process. */
    CONT,
    /** Stop; cannot be caught. */
    STOP,
    /** Stop from a terminal. */
    TSTP,
    /** Read from a terminal in the background; to some servers: one worker process more. */
    TTIN,
    /** Write to a terminal in the background; to some servers: one worker process less. */
    TTOU,
    /** Power failure; to some managers of processes the order to stop. Linux only. */
    PWR,
    /** Window size changed; some servers end gracefully on it. */
    WINCH,
    /** Illegal instruction. */
    ILL,
    /** Trap of a debugger. */
    TRAP,
    /** Bus error. */
    BUS,
    /** Arithmetic error. */
    FPE,
    /** Invalid memory reference. */
    SEGV,
    /** Write to a pipe that nobody reads. */
    PIPE,
    /** Stack fault of a coprocessor; unused. Linux only. */
    STKFLT,
    /** A child has ended. */
    CHLD,
    /** Urgent data on a socket. */
    URG,
    /** Limit of processor time reached. */
    XCPU,
    /** Limit of file size reached. */
    XFSZ,
    /** Timer of the own processor time. */
    VTALRM,
    /** Timer of a profiler. */
    PROF,
    /** Input or output is possible. */
    IO,
    /** Bad system call. */
    SYS,
    /** The first real-time signal. Linux only, as all of them. */
    RTMIN,
    /** Real-time signal 1 after the first. */
    RTMIN_1,
    /** Real-time signal 2 after the first. */
    RTMIN_2,
    /** Real-time signal 3 after the first. */
    RTMIN_3,
    /** Real-time signal 4 after the first. */
    RTMIN_4,
    /** Real-time signal 5 after the first. */
    RTMIN_5,
    /** Real-time signal 6 after the first. */
    RTMIN_6,
    /** Real-time signal 7 after the first. */
    RTMIN_7,
    /** Real-time signal 8 after the first. */
    RTMIN_8,
    /** Real-time signal 9 after the first. */
    RTMIN_9,
    /** Real-time signal 10 after the first. */
    RTMIN_10,
    /** Real-time signal 11 after the first. */
    RTMIN_11,
    /** Real-time signal 12 after the first. */
    RTMIN_12,
    /** Real-time signal 13 after the first. */
    RTMIN_13,
    /** Real-time signal 14 after the first. */
    RTMIN_14,
    /** Real-time signal 15 after the first. */
    RTMIN_15,
    /** Real-time signal 16 after the first. */
    RTMIN_16,
    /** Real-time signal 17 after the first. */
    RTMIN_17,
    /** Real-time signal 18 after the first. */
    RTMIN_18,
    /** Real-time signal 19 after the first. */
    RTMIN_19,
    /** Real-time signal 20 after the first. */
    RTMIN_20,
    /** Real-time signal 21 after the first. */
    RTMIN_21,
    /** Real-time signal 22 after the first. */
    RTMIN_22,
    /** Real-time signal 23 after the first. */
    RTMIN_23,
    /** Real-time signal 24 after the first. */
    RTMIN_24,
    /** Real-time signal 25 after the first. */
    RTMIN_25,
    /** Real-time signal 26 after the first. */
    RTMIN_26,
    /** Real-time signal 27 after the first. */
    RTMIN_27,
    /** Real-time signal 28 after the first. */
    RTMIN_28,
    /** Real-time signal 29 after the first. */
    RTMIN_29,
    /** Real-time signal 30 after the first. */
    RTMIN_30;

    private static final String FIRST = "RTMIN";
    private static final String AFTER_FIRST = "RTMIN_";
    private static final String LAST = "RTMAX";
    private static final Map<String, String> ALIASES =
            Map.of("CLD", "CHLD", "POLL", "IO", "IOT", "ABRT", "UNUSED", "SYS", LAST, AFTER_FIRST + 30);

    /**
     * Its name as people write it.
     *
     * @return without {@code SIG}, for example {@code TERM} or {@code RTMIN+3}
     */
    public String text() {
        return name().replace('_', '+');
    }

    /**
     * All names, for a message.
     *
     * @return a short list
     */
    public static String names() {
        return Arrays.stream(values())
                        .map(Signal::text)
                        .filter(text -> !text.startsWith(FIRST))
                        .collect(Collectors.joining(", "))
                + ", RTMIN, RTMIN+1 to RTMIN+30, RTMAX-30 to RTMAX";
    }

    @Override
    public String toString() {
        return text();
    }

    /**
     * Reads a name.
     *
     * @param text a name in any case, with or without {@code SIG}
     * @return the signal
     * @throws NodeException with {@link ErrorCode#INVALID_ARGUMENT}, listing the names, if there is none of that name
     */
    public static Signal of(String text) {
        String name = text.trim().toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        name = canonical(name);
        for (Signal signal : values()) {
            if (signal.name().equals(name)) {
                return signal;
            }
        }
        throw new NodeException(
                ErrorCode.INVALID_ARGUMENT, "signal '" + text + "' is not known; use one of " + names());
    }

    /** Real-time signals are counted from both ends. */
    private static String canonical(String name) {
        if (name.matches("RTMIN\\+\\d{1,2}")) {
            int number = Integer.parseInt(name.substring(FIRST.length() + 1));
            return number == 0 ? FIRST : AFTER_FIRST + number;
        }
        if (name.matches("RTMAX-\\d{1,2}")) {
            int number = RTMIN_30.ordinal() - RTMIN.ordinal() - Integer.parseInt(name.substring(LAST.length() + 1));
            return number == 0 ? FIRST : AFTER_FIRST + number;
        }
        return ALIASES.getOrDefault(name, name);
    }
}
