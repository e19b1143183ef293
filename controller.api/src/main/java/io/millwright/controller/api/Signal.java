package io.millwright.controller.api;

import java.util.Locale;

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
    WINCH;

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
        for (Signal signal : values()) {
            if (signal.name().equals(name)) {
                return signal;
            }
        }
        throw new NodeException(
                ErrorCode.INVALID_ARGUMENT,
                "signal '" + text + "' is not known; use one of " + java.util.Arrays.toString(values()));
    }
}
