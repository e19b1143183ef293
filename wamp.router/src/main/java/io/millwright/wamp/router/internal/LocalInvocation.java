package io.millwright.wamp.router.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.router.Procedure;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A call to a procedure of this process. */
final class LocalInvocation implements ProcedureCall {
    private static final Runnable NOTHING = () -> {};

    private final RealmCore realm;
    private final Session session;
    private final Turns handlers;
    private final long request;
    private final String procedure;
    private final Payload payload;
    private final @Nullable SessionInfo caller;
    private final boolean wantsProgress;
    /** Of these two, the handlers' turns are the owner. */
    private final List<Runnable> onCancel = new ArrayList<>(1);

    private boolean cancelled;
    /** Belongs to the router's turns. */
    private Runnable whenOver = NOTHING;

    LocalInvocation(
            RealmCore realm,
            Session session,
            Turns handlers,
            Invocation message,
            String procedure,
            @Nullable Session caller) {
        this.realm = realm;
        this.session = session;
        this.handlers = handlers;
        this.request = message.request();
        this.procedure = procedure;
        this.payload = message.payload();
        this.caller = caller == null ? null : caller.info();
        this.wantsProgress = Options.flag(message.details(), "receive_progress");
    }

    static ErrorMessage unavailable(long request) {
        return error(request, new ProcedureException(WampErrors.NO_SUCH_PROCEDURE, "the procedure is no more"));
    }

    private static ErrorMessage error(long request, ProcedureException failure) {
        return new ErrorMessage(MessageType.INVOCATION.code(), request, Map.of(), failure.uri(), failure.payload());
    }

    void whenOver(Runnable task) {
        whenOver = task;
    }

    /** Calls the handler, in its turn. */
    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws, its caller gets an answer
    void run(Procedure handler) {
        try {
            handler.call(this).whenComplete((result, failure) -> finish(result, failure));
        } catch (Throwable e) {
            finish(null, e);
        }
    }

    private void finish(@Nullable Payload result, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause == null) {
            answer(new Yield(request, Map.of(), result == null ? Payload.EMPTY : result));
        } else if (cause instanceof ProcedureException known) {
            answer(error(request, known));
        } else {
            realm.router().notices().failed("the procedure '" + procedure + "'", caller, cause);
            answer(error(
                    request,
                    new ProcedureException(
                            WampErrors.RUNTIME_ERROR, "the procedure failed; the router's log says why")));
        }
    }

    private void answer(WampMessage message) {
        realm.router().turn(() -> {
            whenOver.run();
            if (session.isJoined()) {
                session.handleHere(message);
            }
        });
    }

    @Override
    public String procedure() {
        return procedure;
    }

    @Override
    public Payload payload() {
        return payload;
    }

    @Override
    public @Nullable SessionInfo caller() {
        return caller;
    }

    @Override
    public boolean wantsProgress() {
        return wantsProgress;
    }

    @Override
    public CompletionStage<Boolean> progress(Payload part) {
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        realm.router().turn(() -> {
            PendingCall call = open();
            if (call != null) {
                session.handleHere(new Yield(request, Map.of("progress", true), part));
            }
            if (call == null || open() == null) {
                told(room, false);
            } else {
                call.caller.whenRoom(() -> told(room, open() != null));
            }
        });
        return room;
    }

    private @Nullable PendingCall open() {
        return session.isJoined() ? session.has.invocations.get(request) : null;
    }

    private void told(CompletableFuture<Boolean> room, boolean open) {
        handlers.execute(() -> room.complete(open));
    }

    @Override
    public void onCancel(Runnable task) {
        handlers.execute(() -> {
            if (cancelled) {
                task.run();
            } else {
                onCancel.add(task);
            }
        });
    }

    void cancelled() {
        handlers.execute(() -> {
            cancelled = true;
            List<Runnable> tasks = List.copyOf(onCancel);
            onCancel.clear();
            tasks.forEach(handlers::execute);
        });
    }
}
