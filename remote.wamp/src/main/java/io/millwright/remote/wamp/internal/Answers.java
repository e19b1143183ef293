package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.ProcedureException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Turns results and errors of the node into those of the protocol. Stateless. */
final class Answers {
    private Answers() {}

    /** A result as JSON has it; nothing for a result that has no value. */
    static Payload of(@Nullable Object result) {
        return result == null ? Payload.EMPTY : Payload.args(Documents.convert(result));
    }

    /**
     * An error: {@code PREFIX.error.<code>}, the sentence as its only argument, the keys of the JSON error as keywords, but for the code, which
     * the URI says: autobahn for Python breaks off its session at a keyword named {@code error}.
     *
     * @param prefix what error codes begin with
     * @param fault what was thrown; what is no error of the node is an internal one, and its text stays here
     * @param more what is said beside
     */
    static ProcedureException error(String prefix, Throwable fault, Map<String, ? extends @Nullable Object> more) {
        NodeException error = node(fault);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>(error.toMap());
        keywords.remove("error");
        more.forEach((key, value) -> keywords.put(key, Documents.convert(value)));
        String message = String.valueOf(error.getMessage());
        return new ProcedureException(
                prefix + ".error." + error.code().code(), message, Payload.of(List.of(message), keywords));
    }

    /** The error of the node in what was thrown. */
    static NodeException node(Throwable fault) {
        Throwable cause = fault;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof NodeException known
                ? known
                : new NodeException(
                        ErrorCode.INTERNAL,
                        "the node could not do it; its log says why",
                        List.of(),
                        List.of(),
                        null,
                        cause);
    }
}
