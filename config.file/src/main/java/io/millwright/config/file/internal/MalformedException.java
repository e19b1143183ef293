package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;

/** The text cannot be read on from here; carries the one problem that says so. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    MalformedException(int line, String message) {
        super(message);
        this.problem = Problem.of("", line, message, Problem.Kind.DEFINITION);
    }

    Problem problem() {
        return problem;
    }
}
