package io.millwright.wamp.router.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.router.CallersInTurn;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Procedure;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.serial.SharedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a session of this process. Its maps belong to the router's turns; no handler and no stage of somebody else runs in one of
 * them.
 */
final class LocalInbox implements Outbound {
    /** How many events may wait for a handler; those after them are lost. */
    private static final int MAX_EVENTS = 10_000;

    /** A request whose answer is waited for. */
    private record Expected(CompletableFuture<?> result, LongConsumer granted) {}

    private record OwnRequest(CompletableFuture<Payload> result, @Nullable Consumer<Payload> progress) {}

    private record OwnProcedure(String procedure, Procedure handler) {}

    private record OwnTopic(String topic, Consumer<LocalSession.Event> handler) {}

    private record ReceivedEvent(String topic, Payload payload) implements LocalSession.Event {}

    private final RealmCore realm;
    private final Turns handlers;
    private final CallersInTurn callers;
    private final Map<Long, Expected> expected = new HashMap<>();
    private final Map<Long, OwnRequest> calls = new HashMap<>();
    private final Map<Long, OwnProcedure> procedures = new HashMap<>();
    private final Map<Long, OwnTopic> topics = new HashMap<>();
    private final Map<Long, LocalInvocation> invocations = new HashMap<>();
    private final AtomicInteger events = new AtomicInteger();
    private @Nullable Session session;

    LocalInbox(RealmCore realm, Turns handlers) {
        this.realm = realm;
        this.handlers = handlers;
        this.callers = new CallersInTurn(handlers);
    }

    Executor handlers() {
        return handlers;
    }

    void session(Session own) {
        session = own;
    }

    private Session session() {
        return Objects.requireNonNull(session, "the session is not open");
    }

    void expectRegistered(
            long request,
            String procedure,
            Procedure handler,
            CompletableFuture<LocalSession.Handle> result,
            LongConsumer end) {
        expected.put(request, new Expected(result, registration -> {
            procedures.put(registration, new OwnProcedure(procedure, handler));
            complete(result, handle(registration, procedures, end));
        }));
    }

    void expectSubscribed(
            long request,
            String topic,
            Consumer<LocalSession.Event> handler,
            CompletableFuture<LocalSession.Handle> result,
            LongConsumer end) {
        expected.put(request, new Expected(result, subscription -> {
            topics.put(subscription, new OwnTopic(topic, handler));
            complete(result, handle(subscription, topics, end));
        }));
    }

    private LocalSession.Handle handle(long id, Map<Long, ?> known, LongConsumer end) {
        return () -> realm.router().turn(() -> {
            if (known.remove(id) != null) {
                end.accept(id);
            }
        });
    }

    void expectResult(long request, CompletableFuture<Payload> result, @Nullable Consumer<Payload> progress) {
        calls.put(request, new OwnRequest(result, progress));
    }

    <T> void complete(CompletableFuture<T> result, T value) {
        handlers.execute(() -> result.complete(value));
    }

    void fail(CompletableFuture<?> result, ProcedureException failure) {
        handlers.execute(() -> result.completeExceptionally(failure));
    }

    @Override
    public Offer offer(SharedMessage shared) {
        WampMessage message = shared.message();
        switch (message.type()) {
            case REGISTERED -> granted(((Registered) message).request(), ((Registered) message).registration());
            case SUBSCRIBED -> granted(((Subscribed) message).request(), ((Subscribed) message).subscription());
            case RESULT -> result((Result) message);
            case ERROR -> error((ErrorMessage) message);
            case EVENT -> {
                return event((Event) message);
            }
            case INVOCATION -> invocation((Invocation) message);
            case INTERRUPT -> interrupted(((Interrupt) message).request());
            default -> {}
        }
        return Offer.TAKEN;
    }

    private void granted(long request, long id) {
        Expected waiting = expected.remove(request);
        if (waiting != null) {
            waiting.granted().accept(id);
        }
    }

    private void result(Result message) {
        boolean progress = Options.flag(message.details(), "progress");
        OwnRequest call = progress ? calls.get(message.request()) : calls.remove(message.request());
        if (call == null) {
            return;
        }
        Consumer<Payload> parts = call.progress();
        if (!progress) {
            complete(call.result(), message.payload());
        } else if (parts != null) {
            handlers.execute(() -> parts.accept(message.payload()));
        }
    }

    private void error(ErrorMessage message) {
        CompletableFuture<?> result = null;
        if (message.requestType() == MessageType.CALL.code()) {
            OwnRequest call = calls.remove(message.request());
            result = call == null ? null : call.result();
        } else {
            Expected request = expected.remove(message.request());
            result = request == null ? null : request.result();
        }
        if (result != null) {
            List<Object> args = message.payload().args();
            String sentence = !args.isEmpty() && args.get(0) instanceof String text ? text : message.error();
            fail(result, new ProcedureException(message.error(), sentence, message.payload()));
        }
    }

    private Offer event(Event message) {
        OwnTopic topic = topics.get(message.subscription());
        if (topic == null) {
            return Offer.TAKEN;
        }
        if (events.get() >= MAX_EVENTS) {
            return Offer.LOST;
        }
        events.incrementAndGet();
        String name = Options.text(message.details(), "topic");
        ReceivedEvent event = new ReceivedEvent(name == null ? topic.topic() : name, message.payload());
        handlers.execute(() -> {
            events.decrementAndGet();
            topic.handler().accept(event);
        });
        return Offer.TAKEN;
    }

    private void invocation(Invocation message) {
        OwnProcedure procedure = procedures.get(message.registration());
        if (procedure == null) {
            realm.router().turn(() -> session().handleHere(LocalInvocation.unavailable(message.request())));
            return;
        }
        String name = Options.text(message.details(), "procedure");
        long callerId = Options.number(message.details(), "caller", 0);
        Session caller = realm.session(callerId);
        LocalInvocation call = new LocalInvocation(
                realm, session(), handlers, message, name == null ? procedure.procedure() : name, caller);
        invocations.put(message.request(), call);
        call.whenOver(() -> invocations.remove(message.request()));
        callers.add(callerId, () -> call.run(procedure.handler()));
    }

    private void interrupted(long request) {
        LocalInvocation call = invocations.remove(request);
        if (call != null) {
            call.cancelled();
        }
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    /** The session is over: whatever waits is told so. */
    @Override
    public void end() {
        ProcedureException over = new ProcedureException(WampErrors.CANCELED, "this session is closed");
        expected.values().forEach(request -> fail(request.result(), over));
        calls.values().forEach(call -> fail(call.result(), over));
        new ArrayList<>(invocations.values()).forEach(LocalInvocation::cancelled);
        expected.clear();
        calls.clear();
        invocations.clear();
        procedures.clear();
        topics.clear();
    }
}
