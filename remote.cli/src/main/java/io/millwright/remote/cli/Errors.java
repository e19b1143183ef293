package io.millwright.remote.cli;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Errors of the node and of the way to it, as the commands know them. Stateless. */
final class Errors {
    private Errors() {}

    /** What was thrown by a call, as an error of the node. */
    static NodeException of(Throwable fault) {
        if (fault instanceof NodeException known) {
            return known;
        } else if (fault instanceof WampErrorException error) {
            int code = error.uri().lastIndexOf(".error.");
            if (code >= 0 && !error.uri().startsWith("wamp.")) {
                return of(error.uri().substring(code + ".error.".length()), Values.of(error.kwargs()));
            }
            return new NodeException(codeOf(error.uri()), String.valueOf(error.getMessage()));
        } else if (fault instanceof WampException) {
            return new NodeException(ErrorCode.FEATURE_UNAVAILABLE, String.valueOf(fault.getMessage()));
        }
        return new NodeException(ErrorCode.INTERNAL, String.valueOf(fault), List.of(), List.of(), null, fault);
    }

    private static ErrorCode codeOf(String uri) {
        return switch (uri) {
            case WampErrors.NOT_AUTHORIZED -> ErrorCode.NOT_AUTHORIZED;
            case WampErrors.NO_SUCH_PROCEDURE -> ErrorCode.FEATURE_UNAVAILABLE;
            default -> ErrorCode.INTERNAL;
        };
    }

    /** An error in its own words. */
    static NodeException of(String code, Values values) {
        String message = values.textOrNull("message");
        return new NodeException(
                code(code),
                message == null ? code : message,
                values.has("details") ? values.list("details", Errors::problem) : List.of(),
                values.has("log") ? values.list("log", WorkerDocuments::entry) : List.<LogEntry>of(),
                WorkerDocuments.exitOrNull(values),
                null);
    }

    private static ErrorCode code(String text) {
        try {
            return ErrorCode.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException newer) {
            return ErrorCode.INTERNAL;
        }
    }

    static Problem problem(Values values) {
        @Nullable Integer line = values.intOrNull("line");
        return Problem.of(values.text("path"), line, values.text("message"), Problem.Kind.DEFINITION);
    }
}
