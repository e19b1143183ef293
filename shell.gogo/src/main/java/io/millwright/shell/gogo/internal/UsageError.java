package io.millwright.shell.gogo.internal;

/** The command line was wrong; the message is one sentence. The command adds its usage line. */
public final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A wrong command line.
     *
     * @param message what was wrong and what would be right
     */
    public UsageError(String message) {
        super(message);
    }
}
