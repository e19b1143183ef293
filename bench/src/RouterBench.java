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
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
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
 * what else the machine does. Started by bench/router.
 */
final class RouterBench {
    private static final Serializer SERIALIZER = Serializers.MSGPACK;
    private static final long SECONDS = 4;
    private static final int TICKS = 100;
    private static final String REALM = "bench";

    /** A client that counts frames without decoding them. */
    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final DataInputStream in;

        Client(Path socket) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 8 << 10));
            write(Handshake.of(SERIALIZER, Handshake.LONGEST).octets());
            in.readInt();
            write(frame(new Hello(REALM, Map.of("roles", Map.of("caller", Map.of(), "subscriber", Map.of())))));
            skip(1);
        }

        byte[] frame(WampMessage message) {
            byte[] content = SERIALIZER.encode(message);
            return ByteBuffer.allocate(content.length + 4).putInt(content.length).put(content).array();
        }

        void write(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        void skip(int frames) throws IOException {
            for (int i = 0; i < frames; i++) {
                in.skipNBytes(in.readInt() & 0xffffff);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final Path socket;
    private final long pid;

    private RouterBench(Path socket, long pid) {
        this.socket = socket;
        this.pid = pid;
    }

    public static void main(String[] arguments) throws Exception {
        RouterBench bench = new RouterBench(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        try (WampClient other = WampClient.builder(Transports.unix(bench.socket))
                .realm(REALM)
                .serializer(SERIALIZER)
                .build()) {
            other.connect().get();
            other.register("bench.echo", call -> call.arg(0, Long.class)).get();
            bench.calls(10);
            bench.events(other, 10);
            System.out.println("| sessions | calls/s | router's CPU a call | events/s | router's CPU an event |");
            System.out.println("|---|---|---|---|---|");
            for (int sessions : new int[] {10, 100}) {
                System.out.println("| " + sessions + " | " + bench.calls(sessions) + " | "
                        + bench.events(other, sessions) + " |");
            }
            bench.idle(5000);
        }
    }

    /** User and system time of the router so far, in seconds. */
    private double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS;
    }

    private long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
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
                                ByteBuffer batch = ByteBuffer.allocate(window * 64);
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
            clients.add(new Client(socket));
        }
        return clients;
    }

    private static void close(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }
}
