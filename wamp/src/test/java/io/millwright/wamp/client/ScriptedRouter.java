package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.Serializer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A way to a router in memory, whose every word the test says. */
final class ScriptedRouter implements Transport {
    static final Map<String, Object> ROLES = Map.of(
            "dealer", Map.of("features", Map.of("call_canceling", true, "call_timeout", true)),
            "broker", Map.of("features", Map.of()));

    private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    /** What the next connects answer: it is thrown, if any. */
    final BlockingQueue<IOException> refusals = new LinkedBlockingQueue<>();

    @Override
    public Connection open(Serializer serializer, int maxLength) throws IOException {
        IOException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        Peer peer = new Peer(serializer);
        peers.add(peer);
        return peer;
    }

    @Override
    public String toString() {
        return "memory";
    }

    /** The next connection of the client. */
    Peer accept() throws InterruptedException {
        Peer peer = peers.poll(20, TimeUnit.SECONDS);
        assertThat(peer).as("a connection").isNotNull();
        return peer;
    }

    /** The next connection of the client, its session welcomed. */
    Peer welcome() throws InterruptedException {
        Peer peer = accept();
        peer.expect(Hello.class);
        peer.say(new Welcome(77, Map.of("roles", ROLES, "authid", "me", "authrole", "tester")));
        return peer;
    }

    /** The router's end of a connection. */
    static final class Peer implements Connection {
        private static final int LONGEST = 100_000;
        private static final byte[] END = new byte[0];

        private final Serializer serializer;
        private final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
        private final BlockingQueue<WampMessage> fromClient = new LinkedBlockingQueue<>();
        private volatile boolean closed;
        volatile long waiting;
        /** What the client has said that is no message. */
        final BlockingQueue<WampProtocolException> broken = new LinkedBlockingQueue<>();

        Peer(Serializer serializer) {
            this.serializer = serializer;
        }

        void say(WampMessage message) {
            say(serializer.encode(message));
        }

        void say(byte[] bytes) {
            toClient.add(bytes);
        }

        /** The connection is lost. */
        void cut() {
            toClient.add(END);
        }

        /** The next message of the client. */
        <T extends WampMessage> T expect(Class<T> type) throws InterruptedException {
            WampMessage message = fromClient.poll(20, TimeUnit.SECONDS);
            assertThat(message).isInstanceOf(type);
            return type.cast(message);
        }

        void expectNothing() {
            assertThat(fromClient).isEmpty();
        }

        /** The client leaves in order. */
        void farewell() throws InterruptedException {
            expect(Goodbye.class);
            say(new Goodbye(Map.of(), "wamp.close.goodbye_and_out"));
        }

        boolean isClosed() {
            return closed;
        }

        @Override
        public void run(Consumer<byte[]> receiver) throws IOException {
            try {
                for (byte[] bytes = toClient.take(); bytes != END; bytes = toClient.take()) {
                    receiver.accept(bytes);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            if (!closed) {
                closed = true;
                throw new IOException("cut");
            }
        }

        @Override
        public void send(byte[] message) throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            if (message.length > LONGEST) {
                throw new WampErrorException("wamp.error.payload_size_exceeded", "too long");
            }
            try {
                fromClient.add(serializer.decode(message));
            } catch (WampProtocolException e) {
                broken.add(e);
            }
        }

        @Override
        public long waiting() {
            return waiting;
        }

        @Override
        public void close() {
            closed = true;
            toClient.add(END);
        }
    }
}
