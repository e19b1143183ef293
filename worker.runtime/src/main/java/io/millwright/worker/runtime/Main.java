package io.millwright.worker.runtime;

import io.millwright.worker.runtime.internal.Program;

/** Where the JVM of a worker of type {@code java} begins: joins the node, then runs the worker's program. */
public final class Main {
    private Main() {}

    /**
     * Runs a program.
     *
     * @param args {@code [--ready] CLASS ARGUMENT...} or {@code [--ready] -jar FILE ARGUMENT...}; with {@code --ready} the worker is ready before the program begins
     */
    public static void main(String[] args) {
        Program.run(args);
    }
}
