package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import io.millwright.wamp.serial.SharedMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The other side of a connection: sends what a test says, keeps what comes. */
final class TestPeer implements Outbound {
    /** A HELLO's roles with all that matters here. */
    static final Map<String, Object> ROLES = Map.of(
            "caller",
            Map.of(),
            "publisher",
            Map.of(),
            "callee",
            Map.of("features", Map.of("call_canceling", true, "progressive_call_results", true)),
            "subscriber",
            Map.of());

    final Deque<WampMessage> received = new ArrayDeque<>();
    final Serializer serializer;
    Connection connection;
    long session;
    int maxBytes = Integer.MAX_VALUE;
    boolean reading = true;
    long queued;
    boolean ended;
    boolean broken;
    private long request;

    TestPeer(Serializer serializer) {
        this.serializer = serializer;
    }

    static TestPeer connect(Router router, Peer peer, Serializer serializer) {
        TestPeer test = new TestPeer(serializer);
        test.connection = router.connect(peer, test);
        return test;
    }

    @Override
    public synchronized Offer offer(SharedMessage message) {
        if (ended) {
            return Offer.CLOSED;
        }
        if (broken) {
            throw new IllegalStateException("broken");
        }
        byte[] bytes;
        try {
            bytes = message.bytes(serializer);
        } catch (WampEncodingException e) {
            return Offer.NO_FORM;
        }
        if (bytes.length > maxBytes) {
            return Offer.TOO_LARGE;
        }
        if (reading) {
            received.add(serializer.decode(bytes));
        } else {
            queued += bytes.length;
        }
        return Offer.TAKEN;
    }

    @Override
    public synchronized long queuedBytes() {
        return queued;
    }

    @Override
    public synchronized void end() {
        ended = true;
    }

    /** All that waited is read, and thrown away. */
    void readAll() {
        synchronized (this) {
            queued = 0;
        }
        connection.drained();
    }

    void send(WampMessage message) {
        connection.receive(message);
    }

    long nextRequest() {
        return ++request;
    }

    synchronized WampMessage next() {
        WampMessage message = received.poll();
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    <T extends WampMessage> T next(Class<T> type) {
        WampMessage message = next();
        assertThat(message).isInstanceOf(type);
        return type.cast(message);
    }

    synchronized void nothing() {
        assertThat(received).isEmpty();
    }

    TestPeer join(String realm, String authid, String role) {
        return join(realm, authid, role, ROLES);
    }

    TestPeer join(String realm, String authid, String role, Map<String, Object> roles) {
        send(new Hello(
                realm,
                Map.of(
                        "roles",
                        roles,
                        "authmethods",
                        List.of("test"),
                        "authid",
                        authid,
                        "authextra",
                        Map.of("role", role))));
        session = next(Welcome.class).session();
        return this;
    }

    void error(String uri) {
        assertThat(next(ErrorMessage.class).error()).isEqualTo(uri);
    }

    long subscribe(String topic) {
        return subscribe(topic, Map.of());
    }

    long subscribe(String topic, Map<String, Object> options) {
        send(new Subscribe(nextRequest(), options, topic));
        return next(Subscribed.class).subscription();
    }

    void publish(String topic, Map<String, Object> options, Object... arguments) {
        send(new Publish(nextRequest(), options, topic, Payload.args(arguments)));
    }

    long register(String procedure) {
        return register(procedure, Map.of());
    }

    long register(String procedure, Map<String, Object> options) {
        send(new Register(nextRequest(), options, procedure));
        return next(Registered.class).registration();
    }

    long call(String procedure, Map<String, Object> options, Object... arguments) {
        long id = nextRequest();
        send(new Call(id, options, procedure, Payload.args(arguments)));
        return id;
    }

    /** A call that is answered at once. */
    Object ask(String procedure, Object... arguments) {
        call(procedure, Map.of(), arguments);
        List<Object> result = next(Result.class).payload().args();
        return result.isEmpty() ? null : result.get(0);
    }

    static Serializer json() {
        return Serializers.JSON;
    }
}
