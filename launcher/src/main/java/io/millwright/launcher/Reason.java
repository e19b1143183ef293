package io.millwright.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns an exception into the words a user reads. */
final class Reason {
    private Reason() {}

    static String of(Throwable e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        String message = e.getMessage();
        String own = message == null || message.isBlank() ? e.getClass().getName() : message;
        Throwable cause = e.getCause();
        // The framework's exceptions say what failed, their cause says why.
        return cause == null || cause == e || own.contains(String.valueOf(cause.getMessage()))
                ? own
                : own + " (" + of(cause) + ")";
    }
}
