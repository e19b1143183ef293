package io.millwright.launcher;

/** A refusal or failure whose message is the one sentence shown to the user; carries the exit code. Immutable. */
final class LauncherException extends Exception {
    private final int exitCode;

    private LauncherException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static LauncherException failed(String message) {
        return new LauncherException(ExitCodes.FAILED, message);
    }

    static LauncherException usage(String message) {
        return new LauncherException(ExitCodes.USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
