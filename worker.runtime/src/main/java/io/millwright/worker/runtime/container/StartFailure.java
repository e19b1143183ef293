package io.millwright.worker.runtime.container;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a component's code threw when it was started, as its cause. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartFailure(Throwable cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }

    /** What was thrown, as JSON: the message and the trace. */
    static Map<String, Object> json(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return Map.of("message", sentence(thrown), "trace", trace.toString());
    }

    /** What it says, or what it is if it says nothing. */
    static String sentence(Throwable thrown) {
        return String.valueOf(thrown.getMessage() == null ? thrown : thrown.getMessage());
    }
}
