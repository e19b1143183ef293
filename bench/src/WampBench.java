import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.PublishTo;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.Rule;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Calls and events a second through the listeners and the router, clients included: they are threads of the same JVM. Started by bench/wamp. */
final class WampBench {
    private static final Serializer SERIALIZER = Serializers.MSGPACK;
    private static final long SECONDS = 3;

    /** A client that encodes its messages once and counts frames without decoding them. */
    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final DataInputStream in;
        private final boolean webSocket;

        Client(SocketAddress address, boolean webSocket) throws IOException {
            this.webSocket = webSocket;
            channel = SocketChannel.open(address);
            InputStream raw = Channels.newInputStream(channel);
            in = new DataInputStream(new BufferedInputStream(raw, 16 << 10));
            if (webSocket) {
                write(("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                + "Sec-WebSocket-Protocol: wamp.2.msgpack\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                for (int last = 0; last != 0x0d0a0d0a; ) {
                    last = last << 8 | in.readUnsignedByte();
                }
            } else {
                write(Handshake.of(SERIALIZER, Handshake.LONGEST).octets());
                in.readInt();
            }
            write(frame(new Hello("bench", Map.of("roles", Map.of("caller", Map.of(), "subscriber", Map.of())))));
            skip(1);
        }

        byte[] frame(WampMessage message) {
            byte[] content = SERIALIZER.encode(message);
            ByteBuffer frame = ByteBuffer.allocate(content.length + 8);
            if (webSocket) {
                frame.put((byte) 0x82).put((byte) (0x80 | content.length)).putInt(0);
            } else {
                frame.putInt(content.length);
            }
            frame.put(content);
            return Arrays.copyOf(frame.array(), frame.position());
        }

        void write(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        void skip(int frames) throws IOException {
            for (int i = 0; i < frames; i++) {
                int length;
                if (webSocket) {
                    length = in.readUnsignedShort() & 0x7f;
                    length = length == 126 ? in.readUnsignedShort() : length;
                } else {
                    length = in.readInt() & 0xffffff;
                }
                in.skipNBytes(length);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final Listeners listeners;
    private final LocalSession local;
    private final ExecutorService handlers = Executors.newSingleThreadExecutor();

    private WampBench() throws Exception {
        listeners = Listeners.open("bench", new RouterListener() {});
        Realm realm = listeners.router().addRealm("bench", Limits.DEFAULT.withSessionsPerPeer(10_000));
        realm.roles().put(Role.of("all", Rule.prefix("bench", Action.values())));
        realm.setAuthenticators(List.of(new AnonymousAuthenticator("all")));
        local = realm.open("bench", "all", handlers);
        local.register("bench.echo", MatchPolicy.EXACT, call -> CompletableFuture.completedFuture(call.payload()))
                .toCompletableFuture()
                .get();
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("mw-bench");
        WampBench bench = new WampBench();
        try {
            InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            SocketAddress unix =
                    bench.listeners.add(ListenerConfig.unix("u", folder.resolve("s/sock"))).address();
            SocketAddress tcp = bench.listeners.add(ListenerConfig.tcp("t", free)).address();
            SocketAddress web = bench.listeners
                    .add(ListenerConfig.tcp("w", free).withType(ListenerConfig.Type.WEBSOCKET))
                    .address();
            bench.calls(unix, false, 10);
            bench.events(unix, false, 10);
            System.out.println("| transport | sessions | calls/s | round p50 | p99 | events/s |\n|---|---|---|---|---|---|");
            for (int sessions : new int[] {1, 10, 100, 1000}) {
                bench.row("Unix socket", unix, false, sessions);
                bench.row("TCP", tcp, false, sessions);
                bench.row("WebSocket", web, true, sessions);
            }
            bench.many(unix);
        } finally {
            bench.listeners.close();
            bench.handlers.shutdown();
            Files.delete(folder.resolve("s"));
            Files.delete(folder);
        }
    }

    private void row(String name, SocketAddress address, boolean webSocket, int sessions) throws Exception {
        Calls calls = calls(address, webSocket, sessions);
        System.out.printf(
                "| %s | %d | %,d | %.2f ms | %.2f ms | %,d |%n",
                name, sessions, calls.aSecond, calls.p50, calls.p99, events(address, webSocket, sessions));
    }

    /** What calls took: a round is from the first call of a window to its last answer, in milliseconds. */
    private record Calls(long aSecond, double p50, double p99) {}

    /** Each session has some calls under way, 1000 of all sessions together, or one of each. */
    private Calls calls(SocketAddress address, boolean webSocket, int sessions) throws Exception {
        int window = Math.max(1, 1000 / sessions);
        AtomicLong answered = new AtomicLong();
        Queue<Long> rounds = new ConcurrentLinkedQueue<>();
        List<Client> clients = open(address, webSocket, sessions);
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        CountDownLatch done = new CountDownLatch(sessions);
        long start = System.nanoTime();
        for (Client client : clients) {
            new Thread(() -> {
                        try {
                            // Ids of requests must follow each other: a window is encoded each time.
                            for (long id = 1; System.nanoTime() < end; ) {
                                ByteBuffer batch = ByteBuffer.allocate(window * 64);
                                for (int i = 0; i < window; i++) {
                                    batch.put(client.frame(new Call(id++, Map.of(), "bench.echo", Payload.args(1))));
                                }
                                long sent = System.nanoTime();
                                client.write(Arrays.copyOf(batch.array(), batch.position()));
                                client.skip(window);
                                rounds.add(System.nanoTime() - sent);
                                answered.addAndGet(window);
                            }
                        } catch (IOException e) {
                            System.err.println("a client failed: " + e);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        long took = System.nanoTime() - start;
        close(clients);
        List<Long> sorted = rounds.stream().sorted().toList();
        return new Calls(answered.get() * 1_000_000_000 / took, millis(sorted, 0.5), millis(sorted, 0.99));
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.get((int) ((sorted.size() - 1) * share)) / 1e6;
    }

    /** Publications of this process, as many at once as make some ten thousand events; all sessions have subscribed. */
    private long events(SocketAddress address, boolean webSocket, int sessions) throws Exception {
        int batch = Math.max(10, 20_000 / sessions);
        List<Client> clients = open(address, webSocket, sessions);
        AtomicLong received = new AtomicLong();
        for (Client client : clients) {
            client.write(client.frame(new Subscribe(1, Map.of(), "bench.topic")));
            client.skip(1);
            new Thread(() -> {
                        try {
                            while (true) {
                                client.skip(1);
                                received.incrementAndGet();
                            }
                        } catch (IOException e) {
                            // The bench has closed it.
                        }
                    })
                    .start();
        }
        long published = 0;
        long start = System.nanoTime();
        while (System.nanoTime() < start + SECONDS * 1_000_000_000) {
            for (int i = 0; i < batch; i++) {
                local.publish("bench.topic", Payload.args(i, "some words"), PublishTo.ALL);
            }
            published += (long) batch * sessions;
            while (received.get() < published) {
                Thread.onSpinWait();
                Thread.sleep(0, 100_000);
            }
        }
        long took = System.nanoTime() - start;
        close(clients);
        return published * 1_000_000_000 / took;
    }

    /** Many sessions that do nothing: what they take, and what they cost the others. */
    private void many(SocketAddress address) throws Exception {
        int sessions = 5000;
        long before = used();
        Calls alone = calls(address, false, 100);
        List<Client> clients = open(address, false, sessions);
        // What a client has in its buffer is not the session's.
        long after = used() - (long) sessions * (16 << 10);
        Calls among = calls(address, false, 100);
        System.out.printf(
                "%n%,d idle sessions by Unix socket: %,d bytes of heap each, their clients' sockets included; calls of 100 others x%.2f, p99 x%.2f%n",
                sessions,
                (after - before) / sessions,
                (double) among.aSecond / alone.aSecond,
                among.p99 / alone.p99);
        close(clients);
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static List<Client> open(SocketAddress address, boolean webSocket, int sessions) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            clients.add(new Client(address, webSocket));
        }
        return clients;
    }

    private static void close(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }
}
