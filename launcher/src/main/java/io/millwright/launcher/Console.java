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
        OUT.println(line);
    }

    static void info(String line) {
        OUT.println("millwright: " + line);
    }

    static void error(String line) {
        ERR.println("millwright: " + line);
    }

    /** Text of others, as it is. */
    static void printError(String text) {
        ERR.println(text);
    }
}
