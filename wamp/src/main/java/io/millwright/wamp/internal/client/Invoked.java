package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Yield;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A call of a procedure of the client, from its INVOCATION to its one answer. */
final class Invoked implements ProcedureCall {
    private final Session session;
    private final Invocation invocation;
    private final String procedure;
    /** What is to run when nobody waits any more; {@code null} when that was. */
    private @Nullable List<Runnable> onCancel = new ArrayList<>();

    private volatile boolean cancelled;
    private volatile boolean answered;

    Invoked(Session session, Invocation invocation, String registered) {
        this.session = session;
        this.invocation = invocation;
        String called = Options.text(invocation.details(), "procedure");
        procedure = called == null ? registered : called;
    }

    void run(Procedure code) {
        if (cancelled) {
            answer(null, new CancellationException());
            return;
        }
        Object result = null;
        Throwable failure = null;
        try {
            result = code.call(this);
        } catch (Throwable e) {
            failure = e;
        }
        if (result instanceof CompletionStage<?> stage) {
            stage.whenComplete(this::answer);
            onCancel(() -> stage.toCompletableFuture().cancel(true));
        } else {
            answer(result, failure);
        }
    }

    /** Sends the one answer; an error in its place if it cannot be sent. */
    private void answer(@Nullable Object result, @Nullable Throwable failure) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
            onCancel = null;
        }
        session.answered(invocation.request());
        WampMessage message;
        if (cancelled) {
            message = error(new WampErrorException(WampErrors.CANCELED, "the call of " + procedure + " was cancelled"));
        } else if (failure == null) {
            Payload payload =
                    result == null ? Payload.EMPTY : result instanceof Payload some ? some : Payload.args(result);
            message = new Yield(invocation.request(), Map.of(), payload);
        } else {
            message = error(unwrap(failure));
        }
        try {
            session.link().send(message);
        } catch (WampException e) {
            session.link().send(error(new WampErrorException(e.uri(), String.valueOf(e.getMessage()))));
        } catch (RuntimeException | Error e) {
            session.link().send(error(new IllegalStateException("the result cannot be read: " + e, e)));
        }
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private ErrorMessage error(Throwable failure) {
        if (failure instanceof WampErrorException e) {
            return new ErrorMessage(
                    MessageType.INVOCATION.code(), invocation.request(), Map.of(), e.uri(), e.payload());
        }
        String uri = failure instanceof CancellationException ? WampErrors.CANCELED : WampErrors.RUNTIME_ERROR;
        String message = failure.getMessage();
        String sentence = message == null ? failure.getClass().getName() : message;
        return new ErrorMessage(
                MessageType.INVOCATION.code(), invocation.request(), Map.of(), uri, Payload.args(sentence));
    }

    /** There is no room for it. */
    void refuse() {
        answer(
                null,
                new WampErrorException(
                        WampErrors.UNAVAILABLE, "the callee of " + procedure + " has too many calls that wait"));
    }

    /** Nobody waits any more: the caller has cancelled, or the connection is gone. */
    void cancel() {
        cancelled = true;
        List<Runnable> actions;
        synchronized (this) {
            actions = onCancel;
            onCancel = null;
        }
        if (actions != null) {
            actions.forEach(this::runCancelled);
        }
    }

    private void runCancelled(Runnable action) {
        session.core().lane(procedure).put(action);
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (answered) {
                return;
            }
            if (onCancel != null) {
                onCancel.add(action);
                return;
            }
        }
        runCancelled(action);
    }

    @Override
    public boolean progress(Payload part) {
        if (!wantsProgress() || cancelled || answered || session.link().isCongested()) {
            return false;
        }
        session.link().send(new Yield(invocation.request(), Map.of("progress", true), part));
        return true;
    }

    @Override
    public String procedure() {
        return procedure;
    }

    @Override
    public Map<String, Object> details() {
        return invocation.details();
    }

    @Override
    public boolean wantsProgress() {
        return Options.flag(invocation.details(), "receive_progress");
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Payload payload() {
        return invocation.payload();
    }
}
