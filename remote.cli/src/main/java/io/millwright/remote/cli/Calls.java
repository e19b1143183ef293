package io.millwright.remote.cli;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.wamp.client.CallRequest;
import io.millwright.wamp.client.CallResult;
import io.millwright.wamp.client.PendingCall;
import io.millwright.wamp.client.WampClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls the operations of a node over a session. Thread-safe. */
final class Calls {
    private final WampClient client;
    private final String prefix;

    Calls(WampClient client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    /**
     * Calls an operation.
     *
     * @param read makes the result of what was answered, {@code null} if nothing was
     * @return completed with the result, or with a {@link NodeException}
     */
    <T extends @Nullable Object> CompletableFuture<T> ask(
            Operation operation, Map<String, ?> arguments, Function<@Nullable Object, T> read) {
        return result(client.call(request(operation, arguments)), read);
    }

    /** The same with parts of the answer before it. */
    <T extends @Nullable Object> CompletableFuture<T> ask(
            Operation operation, Map<String, ?> arguments, Consumer<Values> part, Function<@Nullable Object, T> read) {
        return result(begin(operation, arguments, part), read);
    }

    /** The same, as a call that can be cancelled. */
    PendingCall begin(Operation operation, Map<String, ?> arguments, Consumer<Values> part) {
        return client.call(request(operation, arguments).onProgress(some -> part.accept(Values.of(first(some)))));
    }

    /** The same, and waits for it. */
    <T extends @Nullable Object> T get(
            Operation operation, Map<String, ?> arguments, Function<@Nullable Object, T> read) {
        try {
            return ask(operation, arguments, read).join();
        } catch (CompletionException e) {
            throw Errors.of(e.getCause() == null ? e : e.getCause());
        }
    }

    private CallRequest request(Operation operation, Map<String, ?> arguments) {
        return CallRequest.of(prefix + "." + operation.text()).kwargs(arguments);
    }

    private static @Nullable Object first(CallResult result) {
        return result.args().isEmpty() ? null : result.args().get(0);
    }

    /** The result of a call that was begun. */
    static <T extends @Nullable Object> CompletableFuture<T> result(
            PendingCall call, Function<@Nullable Object, T> read) {
        return call.handle((result, fault) -> {
            if (fault != null) {
                throw Errors.of(
                        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault);
            }
            return read.apply(first(result));
        });
    }
}
