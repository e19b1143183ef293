package io.millwright.launcher;

/** The exit codes of the process, as the node's contract fixes them. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private ExitCodes() {}
}
