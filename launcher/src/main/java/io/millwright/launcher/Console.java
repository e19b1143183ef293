package io.millwright.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * What the launcher says to the process that started it. Thread-safe. Writes to the descriptors themselves, since bundles (the
 * shell, logging) replace {@code System.out} and {@code System.err} while they run.
 */
final class Console {
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true);

    private Console() {}

    static void print(String line) {
        OUT.println(harmless(line));
    }

    static void info(String line) {
        OUT.println("millwright: " + harmless(line));
    }

    static void error(String line) {
        ERR.println("millwright: " + harmless(line));
    }

    /** Text of others. */
    static void printError(String text) {
        ERR.println(harmless(text));
    }

    /** Control characters that a text quotes, of a file or a name, are question marks: it may be read on a terminal. */
    static String harmless(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]", "?");
    }
}
