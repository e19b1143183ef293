package io.millwright.remote.wamp.internal;

import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.router.Connection;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.serial.SharedMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session without a network: messages in, messages out. For one thread. */
final class TestSession {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<WampMessage> received = new LinkedBlockingQueue<>();
    private final Connection connection;
    private long request;

    private TestSession(Router router, Peer peer) {
        connection = router.connect(peer, new Outbound() {
            @Override
            public Offer offer(SharedMessage message) {
                received.add(message.message());
                return Offer.TAKEN;
            }

            @Override
            public long queuedBytes() {
                return 0;
            }

            @Override
            public void end() {}
        });
    }

    /** Says hello; what the router says to it is the next message. */
    static TestSession hello(Router router, Peer peer, String realm) {
        TestSession session = new TestSession(router, peer);
        Map<String, Object> features = Map.of("progressive_call_results", true, "call_canceling", true);
        session.connection.receive(new Hello(
                realm,
                Map.of(
                        "roles",
                        Map.of("caller", Map.of("features", features), "subscriber", Map.of()),
                        "authmethods",
                        List.of("local"))));
        return session;
    }

    /** Is there, as an operator. */
    static TestSession join(Router router, Peer peer, String realm) {
        TestSession session = hello(router, peer, realm);
        session.next(Welcome.class);
        return session;
    }

    /** Says hello by a name and answers the challenge with a ticket; what the router says to it is the next message. */
    static TestSession ticket(Router router, Peer peer, String realm, String authid, String ticket) {
        TestSession session = new TestSession(router, peer);
        Map<String, Object> roles = Map.of("caller", Map.of(), "callee", Map.of(), "publisher", Map.of());
        session.connection.receive(
                new Hello(realm, Map.of("roles", roles, "authmethods", List.of("ticket"), "authid", authid)));
        session.next(Challenge.class);
        session.connection.receive(new Authenticate(ticket, Map.of()));
        return session;
    }

    /** Registers a procedure; the answer is the next message. */
    TestSession register(String procedure, Map<String, Object> options) {
        connection.receive(new Register(++request, options, procedure));
        return this;
    }

    /** Answers the next invocation. */
    void yield(Payload payload) {
        Invocation invocation = next(Invocation.class);
        connection.receive(new Yield(invocation.request(), Map.of(), payload));
    }

    /** Answers the next invocation with an error. */
    void fail(String error, String sentence) {
        Invocation invocation = next(Invocation.class);
        connection.receive(new ErrorMessage(
                MessageType.INVOCATION.code(), invocation.request(), Map.of(), error, Payload.args(sentence)));
    }

    /** The next message, which must be of a kind. */
    <T extends WampMessage> T next(Class<T> kind) {
        try {
            WampMessage message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!kind.isInstance(message)) {
                throw new AssertionError("expected " + kind.getSimpleName() + ", came " + message);
            }
            return kind.cast(message);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls; the answer is the next message. */
    TestSession call(String procedure, Payload payload, Map<String, Object> options) {
        connection.receive(new Call(++request, options, procedure, payload));
        return this;
    }

    /** Cancels a call; the first one of a session is 1. */
    void cancel(long call) {
        connection.receive(new Cancel(call, Map.of()));
    }

    /** Calls, and has the only value of the result. */
    Object result(String procedure, Payload payload) {
        List<Object> values =
                call(procedure, payload, Map.of()).next(Result.class).payload().args();
        return values.isEmpty() ? "" : values.get(0);
    }

    /** Calls, and is refused. */
    ErrorMessage refusal(String procedure, Payload payload) {
        return call(procedure, payload, Map.of()).next(ErrorMessage.class);
    }

    /** Subscribes. */
    void subscribe(String topic, Map<String, Object> options) {
        connection.receive(new Subscribe(++request, options, topic));
        next(Subscribed.class);
    }

    /** The next event's value. */
    Object event() {
        return next(Event.class).payload().args().get(0);
    }

    void leave() {
        connection.closed("the test is over");
    }
}
