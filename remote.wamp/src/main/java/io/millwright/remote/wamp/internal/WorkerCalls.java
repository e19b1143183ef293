package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.CallWith;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Realm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls of what workers offer over their channels. Thread-safe; nothing blocks. */
final class WorkerCalls {
    /** What workers may say is wrong with a call of them. */
    private static final Set<ErrorCode> OF_WORKERS = Set.of(
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.INVALID_CONFIGURATION,
            ErrorCode.CANNOT_START,
            ErrorCode.FEATURE_UNAVAILABLE,
            ErrorCode.NO_SUCH_COMPONENT,
            ErrorCode.COMPONENT_ALREADY_RUNNING,
            ErrorCode.TIMEOUT);

    private static final int REGISTER_SECONDS = 5;
    private static final int END_SECONDS = 1;

    private final String prefix;
    private final Realm realm;
    private final LocalSession node;

    /**
     * Calls of all workers.
     *
     * @param prefix what URIs begin with
     */
    WorkerCalls(String prefix, Realm realm, LocalSession node) {
        this.prefix = prefix;
        this.realm = realm;
        this.node = node;
    }

    /** As {@link io.millwright.controller.api.channel.ChannelHost#call}. */
    CompletionStage<WorkerAnswer> call(
            WorkerChannel channel, String operation, Map<String, ? extends @Nullable Object> arguments) {
        String uri = prefix + ".worker." + channel.run.worker() + "." + operation;
        Payload payload = Payload.of(List.of(), arguments);
        long session = channel.session();
        return registered(channel, uri)
                .thenCompose(now -> node.call(uri, payload, CallWith.NOTHING).result())
                .thenApply(answer -> answer(channel, answer))
                .exceptionallyCompose(
                        fault -> isOf(fault, WampErrors.CANCELED) || isOf(fault, WampErrors.NO_SUCH_PROCEDURE)
                                ? errorOrLoss(channel, session, operation, fault)
                                : CompletableFuture.failedFuture(error(channel, operation, fault)));
    }

    private static WorkerAnswer answer(WorkerChannel channel, Payload payload) {
        List<Object> values = payload.args();
        return WorkerAnswer.of(channel.run.worker(), values.isEmpty() ? null : values.get(0));
    }

    /** Complete when a procedure can be called: a run that has joined again, and has not said yet that it is ready, may be about to register it. */
    private CompletionStage<Void> registered(WorkerChannel channel, String uri) {
        CompletableFuture<Void> ready = channel.ready();
        if (ready.isDone()) {
            return ready;
        }
        CompletableFuture<Void> over = ready.copy().completeOnTimeout(null, REGISTER_SECONDS, TimeUnit.SECONDS);
        return node.subscribe("wamp.registration.on_create", MatchPolicy.EXACT, event -> {
                    if (event.payload().args().get(1) instanceof Map<?, ?> made && uri.equals(made.get("uri"))) {
                        over.complete(null);
                    }
                })
                .thenCompose(events -> node.call("wamp.registration.match", Payload.args(uri), CallWith.NOTHING)
                        .result()
                        .thenCompose(
                                match -> match.args().get(0) == null ? over : CompletableFuture.completedStage(null))
                        .whenComplete((now, fault) -> events.close()));
    }

    /** What the worker says itself, or what comes of a session that is over: of a run that ends with its session the node says that first. */
    private CompletionStage<WorkerAnswer> errorOrLoss(
            WorkerChannel channel, long session, String operation, Throwable fault) {
        return realm.sessions().thenCompose(all -> {
            if (all.stream().anyMatch(one -> one.id() == session)) {
                return CompletableFuture.failedFuture(error(channel, operation, fault));
            }
            NodeException lost = new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "worker '" + channel.run.worker() + "' has not answered '" + operation
                            + "': its connection was lost");
            return new CompletableFuture<Void>()
                    .completeOnTimeout(null, END_SECONDS, TimeUnit.SECONDS)
                    .thenCompose(now -> CompletableFuture.failedFuture(lost));
        });
    }

    private static Throwable cause(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }

    private static boolean isOf(Throwable fault, String uri) {
        return cause(fault) instanceof WampException wamp && wamp.uri().equals(uri);
    }

    private NodeException error(WorkerChannel channel, String operation, Throwable fault) {
        Throwable cause = cause(fault);
        String uri = cause instanceof WampException wamp ? wamp.uri() : "";
        boolean none = uri.equals(WampErrors.NO_SUCH_PROCEDURE);
        return new NodeException(
                none ? ErrorCode.FEATURE_UNAVAILABLE : code(uri),
                "worker '" + channel.run.worker() + "' "
                        + (none
                                ? "does not offer '" + operation + "'"
                                : "answered '" + operation + "' with an error: " + cause.getMessage()));
    }

    /** What a worker says is wrong with a call of it is no fault of the node; what else it says may be anything. */
    private ErrorCode code(String uri) {
        String errors = prefix + ".error.";
        String code = uri.startsWith(errors) ? uri.substring(errors.length()) : "";
        for (ErrorCode one : OF_WORKERS) {
            if (one.code().equals(code)) {
                return one;
            }
        }
        return switch (uri) {
            case WampErrors.INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
            case WampErrors.CANCELED -> ErrorCode.FEATURE_UNAVAILABLE;
            default -> ErrorCode.INTERNAL;
        };
    }
}
