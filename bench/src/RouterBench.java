import io.millwright.wamp.client.Transport;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A router in a process of its own under load: what it does a second, and what of the processor each message takes of it, which does not depend on
 * what else the machine does; npm's fox-wamp beside it, in turns. The first turn of each warms up. Started by bench/router.
 */
final class RouterBench {
    private static final long SECONDS = 4;
    private static final int TICKS = 100;
    private static final String REALM = "bench";

    /** A client that counts frames without decoding them: MessagePack by RawSocket, or JSON by WebSocket. */
    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final DataInputStream in;
        private final Serializer serializer;
        private final boolean webSocket;

        Client(Subject subject) throws IOException {
            channel = SocketChannel.open(subject.address);
            webSocket = subject.isWebSocket();
            serializer = subject.serializer();
            in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 8 << 10));
            if (webSocket) {
                write(("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                + "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                for (int last = 0; last != 0x0d0a0d0a; ) {
                    last = last << 8 | in.readUnsignedByte();
                }
            } else {
                write(Handshake.of(serializer, Handshake.LONGEST).octets());
                in.readInt();
            }
            write(frame(new Hello(REALM, Map.of("roles", Map.of("caller", Map.of(), "subscriber", Map.of())))));
            skip(1);
        }

        byte[] frame(WampMessage message) {
            byte[] content = serializer.encode(message);
            ByteBuffer frame = ByteBuffer.allocate(content.length + 8);
            if (webSocket) {
                boolean small = content.length < 126;
                frame.put((byte) 0x81).put((byte) (0x80 | (small ? content.length : 126)));
                frame = small ? frame : frame.putShort((short) content.length);
                frame = ByteBuffer.allocate(content.length + 8).put(frame.flip()).putInt(0);
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
                int length = webSocket ? in.readUnsignedShort() & 0x7f : in.readInt() & 0xffffff;
                in.skipNBytes(length == 126 && webSocket ? in.readUnsignedShort() : length);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** A router of the bench: where it listens, and its process. */
    private record Subject(String name, SocketAddress address, long pid) {
        boolean isWebSocket() {
            return address instanceof InetSocketAddress;
        }

        Serializer serializer() {
            return isWebSocket() ? Serializers.JSON : Serializers.MSGPACK;
        }

        WampClient client() throws Exception {
            Transport transport = address instanceof InetSocketAddress web
                    ? Transports.webSocket(URI.create("ws://127.0.0.1:" + web.getPort() + "/"))
                    : Transports.unix(((UnixDomainSocketAddress) address).getPath());
            WampClient client =
                    WampClient.builder(transport).realm(REALM).serializer(serializer()).build();
            client.connect().get();
            return client;
        }
    }

    private final Subject subject;

    private RouterBench(Subject subject) {
        this.subject = subject;
    }

    /** Socket, port and process of the worker; port and process of fox-wamp, if it is there. */
    public static void main(String[] arguments) throws Exception {
        long own = Long.parseLong(arguments[2]);
        Subject unix = new Subject("millwright, MessagePack by Unix socket", UnixDomainSocketAddress.of(arguments[0]), own);
        List<Subject> subjects = new ArrayList<>(List.of(unix, new Subject("millwright, JSON by WebSocket", web(arguments[1]), own)));
        if (arguments.length > 3) {
            subjects.add(new Subject("fox-wamp, JSON by WebSocket", web(arguments[3]), Long.parseLong(arguments[4])));
        }
        System.out.println("| router | sessions | calls/s | its CPU a call | events/s | its CPU an event |");
        System.out.println("|---|---:|---:|---:|---:|---:|");
        for (int sessions : new int[] {10, 10, 100}) {
            for (Subject one : subjects) {
                new RouterBench(one).row(sessions);
            }
        }
        try (WampClient callee = unix.client()) {
            callee.register("bench.echo", call -> call.arg(0, Long.class)).get();
            new RouterBench(unix).idle(5000);
        }
    }

    private static InetSocketAddress web(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private void row(int sessions) throws Exception {
        try (WampClient other = subject.client()) {
            other.register("bench.echo", call -> call.arg(0, Long.class)).get();
            System.out.println("| " + subject.name + " | " + sessions + " | " + calls(sessions) + " | " + events(other, sessions) + " |");
        }
    }

    /** User and system time of the router so far, in seconds. */
    private double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + subject.pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS;
    }

    private long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + subject.pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    private static String result(long count, double seconds, double cpu) {
        return String.format("%,.0f | %.1f µs", count / seconds, cpu * 1e6 / count);
    }

    /** Calls that another session answers; 1000 are under way. */
    private String calls(int sessions) throws Exception {
        int window = 1000 / sessions;
        AtomicLong answered = new AtomicLong();
        List<Client> clients = open(sessions);
        CountDownLatch done = new CountDownLatch(sessions);
        double before = cpu();
        long start = System.nanoTime();
        for (Client client : clients) {
            new Thread(() -> {
                        try {
                            for (long id = 1; System.nanoTime() < start + SECONDS * 1_000_000_000; ) {
                                ByteBuffer batch = ByteBuffer.allocate(window * 80);
                                for (int i = 0; i < window; i++) {
                                    batch.put(client.frame(new Call(id++, Map.of(), "bench.echo", Payload.args(1))));
                                }
                                client.write(Arrays.copyOf(batch.array(), batch.position()));
                                client.skip(window);
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
        String result = result(answered.get(), (System.nanoTime() - start) / 1e9, cpu() - before);
        close(clients);
        return result;
    }

    /** Events that one session publishes and all others get. */
    private String events(WampClient publisher, int sessions) throws Exception {
        List<Client> clients = open(sessions);
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
        double before = cpu();
        long start = System.nanoTime();
        while (System.nanoTime() < start + SECONDS * 1_000_000_000) {
            for (int i = 0; i < 20_000 / sessions; i++) {
                publisher.publish("bench.topic", i, "some words");
                published += sessions;
            }
            long patience = System.nanoTime() + 30_000_000_000L;
            while (received.get() < published) {
                if (System.nanoTime() > patience) {
                    throw new IOException((published - received.get()) + " of " + published + " events have not come");
                }
                Thread.sleep(0, 100_000);
            }
        }
        String result = result(received.get(), (System.nanoTime() - start) / 1e9, cpu() - before);
        close(clients);
        return result;
    }

    /** What sessions that do nothing take of the router's memory. */
    private void idle(int sessions) throws Exception {
        long before = resident();
        List<Client> clients = open(sessions);
        System.out.printf(
                "%n%,d idle sessions: %.1f KiB of resident memory each (%d to %d MiB); calls of 100 others: %s%n",
                sessions,
                (resident() - before) / 1024.0 / sessions,
                before >> 20,
                resident() >> 20,
                calls(100));
        close(clients);
    }

    private List<Client> open(int sessions) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            clients.add(new Client(subject));
        }
        return clients;
    }

    private static void close(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }
}
