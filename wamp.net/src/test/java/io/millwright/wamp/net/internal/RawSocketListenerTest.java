package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.rawsocket.Frames;
import io.millwright.wamp.rawsocket.Frames.Kind;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RawSocket listeners and a client that does right or wrong, with a router that is the test's. */
@Timeout(60)
@Tag("long")
class RawSocketListenerTest {
    private static final Serializer JSON = Serializers.JSON;

    @TempDir
    Path dir;

    private final FakeRouter router = new FakeRouter();
    private Listening listening;

    @BeforeEach
    void open() throws Exception {
        listening = new Listening(loop -> router);
    }

    @AfterEach
    void close() {
        listening.close();
    }

    private static ListenerConfig tcp(String name) {
        return ListenerConfig.tcp(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private ListenerConfig unix(String name) {
        return ListenerConfig.unix(name, dir.resolve("s").resolve(name));
    }

    private SocketAddress add(ListenerConfig config) throws Exception {
        return listening.add(config).address();
    }

    private ListenerInfo info(String name) {
        return listening.list().stream()
                .filter(info -> info.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "unix, json",
        "unix, msgpack",
        "unix, cbor",
        "tcp, json",
        "tcp, msgpack",
        "tcp, cbor",
    })
    void aSessionJoinsCallsAndLeaves(String transport, String name) throws Exception {
        Serializer serializer = Serializers.byName(name);
        SocketAddress address = add(transport.equals("unix") ? unix("a") : tcp("a"));
        try (RawClient client = RawClient.open(address, serializer, 1 << 20)) {
            assertThat(client.hello()).isInstanceOf(Welcome.class);
            for (int length : new int[] {0, 1, 511, 512, 2047, 2048, 70_000, 900_000}) {
                String text = "x".repeat(length);
                WampMessage answer = client.call(length + 1, "echo", text);
                assertThat(((Result) answer).payload().args().get(0)).isEqualTo(text);
            }
            client.send(new Goodbye(Map.of(), WampErrors.CLOSE_NORMAL));
            assertThat(client.receive()).isInstanceOf(Goodbye.class);
            assertThat(client.untilEnd()).isZero();
        }
        await().until(() -> info("a").connections() == 0);
        assertThat(info("a").taken()).isEqualTo(1);
        assertThat(info("a").refused()).isZero();
    }

    /** Both have sent before the loop looks. */
    @Test
    void aFloodOfOneSessionIsReadByAndByWhileOthersHaveTheirTurns() throws Exception {
        SocketAddress address = add(unix("a"));
        try (RawClient first = RawClient.join(address, JSON);
                RawClient flood = RawClient.join(address, JSON);
                RawClient other = RawClient.join(address, JSON)) {
            CountDownLatch sent = new CountDownLatch(1);
            List<Object> seen = new CopyOnWriteArrayList<>();
            router.onCall = call -> {
                seen.add(call.payload().args().get(0));
                if (seen.size() == 1) {
                    wait(sent);
                }
            };
            first.send(new Call(1, Map.of(), "echo", Payload.args("first")));
            await().until(() -> !seen.isEmpty());
            ByteArrayOutputStream calls = new ByteArrayOutputStream();
            for (int i = 1; i <= 1000; i++) {
                byte[] call = JSON.encode(new Call(i, Map.of(), "echo", Payload.args("flood")));
                calls.writeBytes(Frames.frame(Kind.MESSAGE, call).array());
            }
            flood.write(calls.toByteArray());
            other.send(new Call(1, Map.of(), "echo", Payload.args("other")));
            sent.countDown();
            await().until(() -> seen.size() == 1002);
            assertThat(seen.indexOf("other")).isLessThan(200);
        }
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aUnixSocketIsItsOwnersAloneAndTheKernelSaysWhoseThePeerIs() throws Exception {
        SocketAddress address = add(unix("a"));
        Path file = dir.resolve("s").resolve("a");
        assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0140600);
        assertThat(Files.getAttribute(file.getParent(), "unix:mode")).isEqualTo(040700);
        long uid = ((Integer) Files.getAttribute(file, "unix:uid")).longValue();
        try (RawClient client = RawClient.join(address, JSON)) {
            FakeRouter.Seen seen = router.connections.get(0);
            assertThat(seen.peer.uid()).isEqualTo(uid);
            assertThat(seen.peer.host()).isEqualTo("user " + uid);
            assertThat(seen.peer.isConfidential()).isTrue();
            assertThat(seen.peer.transport()).containsEntry("type", "rawsocket").containsEntry("serializer", "json");
            client.channel.shutdownOutput();
            await().until(() -> !seen.closed.isEmpty());
        }
        listening.remove("a");
        assertThat(file).doesNotExist();
    }

    @Test
    void aStaleSocketIsReplacedALiveOneAndAnotherFileAreNot() throws Exception {
        add(unix("a"));
        Path file = dir.resolve("s").resolve("a");
        assertThatThrownBy(() -> add(ListenerConfig.unix("b", file))).hasMessageContaining("answers there");
        try (Listening other = new Listening(loop -> router)) {
            assertThatThrownBy(() -> other.add(ListenerConfig.unix("b", file))).hasMessageContaining("answers there");
        }
        RawClient.join(info("a").address(), JSON).close();
        listening.remove("a");
        try (java.nio.channels.ServerSocketChannel killed =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            killed.bind(java.net.UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        RawClient.join(add(unix("a")), JSON).close();
        Path plain = Files.writeString(dir.resolve("s").resolve("plain"), "x");
        assertThatThrownBy(() -> add(ListenerConfig.unix("c", plain))).hasMessageContaining("no socket");
        assertThat(plain).hasContent("x");
        Path longPath = dir.resolve("x".repeat(101));
        assertThatThrownBy(() -> add(ListenerConfig.unix("d", longPath))).hasMessageContaining("100");
    }

    @Test
    void anAddressOthersReachNeedsTheWord() throws Exception {
        InetSocketAddress all = new InetSocketAddress("0.0.0.0", 0);
        assertThatThrownBy(() -> add(ListenerConfig.tcp("a", all))).hasMessageContaining("nothing is encrypted");
        add(ListenerConfig.tcp("a", all).withInsecure(true));
        assertThatThrownBy(() -> add(ListenerConfig.tcp("b", InetSocketAddress.createUnresolved("nowhere", 1))))
                .hasMessageContaining("no host 'nowhere'");
        assertThatThrownBy(() -> add(tcp("a"))).hasMessageContaining("'a' already");
    }

    @ParameterizedTest
    @CsvSource({
        "474554202f, ''",
        "7ff10001, 7f300000",
        "7ff00000, 7f100000",
        "7ff50000, 7f100000",
        "00, ''",
    })
    void whatIsNoHandshakeIsRefused(String octets, String answer) throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient client = RawClient.connect(address, JSON)) {
            client.hex(octets);
            byte[] read = client.read(answer.length() / 2);
            assertThat(HexFormat.of().formatHex(read)).isEqualTo(answer);
            assertThat(client.untilEnd()).isZero();
        }
        await().until(() -> info("a").connections() == 0);
        assertThat(info("a").refused()).isEqualTo(1);
        assertThat(router.connections).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "false, 00010001, 65536",
        "false, 00ffffff, 65536",
        "false, 01ffffff, 65536",
        "false, 08000000, 0x8",
        "false, 80000000, 0x80",
        "true, 10000000, 0x10",
        "true, 07000000, 0x7",
    })
    void aFrameThatCannotBeEndsTheSessionInWords(boolean joined, String header, String sentence) throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient client = joined ? RawClient.join(address, JSON) : RawClient.open(address, JSON, 1 << 20)) {
            client.hex(header);
            client.write(new byte[1000]);
            assertThat(((Abort) client.receive()).details().get("message"))
                    .asString()
                    .contains(sentence);
            assertThat(client.untilEnd()).isZero();
        }
        assertThat(router.connections.get(0).violations).hasSize(1);
    }

    @Test
    void aMessageThatIsNoneIsTheRoutersToAnswer() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient client = RawClient.join(address, JSON)) {
            client.frame(Kind.MESSAGE, "{".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(client.receive()).isInstanceOf(Abort.class);
            assertThat(client.untilEnd()).isZero();
        }
    }

    @Test
    void limitsChangeForConnectionsThatComeAndNobodyWhoIsThereIsCut() throws Exception {
        SocketAddress address = add(unix("a"));
        ListenerConfig config = listening.list().get(0).config();
        try (RawClient before = RawClient.join(address, JSON)) {
            listening.change(config.withMessageBytes(1000).withHelloBytes(100).withConnections(2));
            assertThat(before.call(1, "echo", "x".repeat(5000))).isInstanceOf(Result.class);
            try (RawClient hello = RawClient.open(address, JSON, 1 << 20)) {
                hello.frame(Kind.MESSAGE, new byte[101]);
                assertThat(hello.receive()).isInstanceOf(Abort.class);
            }
            try (RawClient after = RawClient.open(address, JSON, 1 << 20)) {
                after.hello();
                after.frame(Kind.MESSAGE, new byte[1001]);
                assertThat(after.receive()).isInstanceOf(Abort.class);
            }
            assertThat(before.call(2, "echo", 1)).isInstanceOf(Result.class);
        }
        for (ListenerConfig other : List.of(
                unix("b"),
                config.withType(ListenerConfig.Type.WEBSOCKET),
                config.withInsecure(true),
                ListenerConfig.unix("a", dir.resolve("s/other")))) {
            assertThatThrownBy(() -> listening.change(other)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aPingIsAlwaysAnswered() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient client = RawClient.open(address, JSON, 1 << 20)) {
            for (int length : new int[] {0, 1, 65_536}) {
                client.frame(Kind.PING, new byte[length]);
                assertThat(client.read(4)).isEqualTo(headerOf(Kind.PONG, length));
                client.read(length);
            }
            client.hello();
            client.frame(Kind.PONG, new byte[5]);
            client.frame(Kind.PING, new byte[100_000]);
            assertThat(client.frame()).hasSize(100_000);
            assertThat(client.call(1, "echo", 1)).isInstanceOf(Result.class);
        }
    }

    private static byte[] headerOf(Kind kind, int length) {
        return java.nio.ByteBuffer.allocate(4)
                .putInt(Frames.header(kind, length))
                .array();
    }

    @Test
    void thePeersLimitIsRespectedAndNoSessionEndsForIt() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient client = RawClient.open(address, JSON, 512)) {
            client.hello();
            assertThat(((ErrorMessage) client.call(1, "large", 600)).error())
                    .isEqualTo(WampErrors.PAYLOAD_SIZE_EXCEEDED);
            assertThat(client.call(2, "large", 400)).isInstanceOf(Result.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionWithoutASessionEndsAfterAWhile(boolean handshake) throws Exception {
        SocketAddress address = add(tcp("a").withHelloTimeout(Duration.ofMillis(150)));
        try (RawClient joined = RawClient.join(address, JSON);
                RawClient client =
                        handshake ? RawClient.open(address, JSON, 1 << 20) : RawClient.connect(address, JSON)) {
            if (handshake) {
                assertThat(((Abort) client.receive()).reason()).isEqualTo(WampErrors.TIMEOUT);
            }
            assertThat(client.untilEnd()).isZero();
            await().until(() -> info("a").connections() == 1);
            assertThat(joined.call(1, "echo", 1)).isInstanceOf(Result.class);
        }
    }

    @Test
    void ofTheConnectionsWithoutASessionTheOldestGoesFirst() throws Exception {
        SocketAddress address = add(tcp("a").withWaiting(3));
        List<RawClient> waiting = new ArrayList<>();
        try (RawClient joined = RawClient.join(address, JSON)) {
            for (int i = 0; i < 5; i++) {
                waiting.add(RawClient.open(address, JSON, 1 << 20));
            }
            for (int i = 0; i < 2; i++) {
                assertThat(((Abort) waiting.get(i).receive()).reason()).isEqualTo(WampErrors.UNAVAILABLE);
                assertThat(waiting.get(i).untilEnd()).isZero();
            }
            for (int i = 2; i < 5; i++) {
                assertThat(waiting.get(i).hello()).isInstanceOf(Welcome.class);
            }
            assertThat(joined.call(1, "echo", 1)).isInstanceOf(Result.class);
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void whenAllPlacesAreTakenAConnectionIsToldSoAndAnotherListenerHasPlaces() throws Exception {
        SocketAddress address = add(tcp("a").withConnections(2));
        SocketAddress other = add(tcp("b"));
        try (RawClient first = RawClient.join(address, JSON);
                RawClient second = RawClient.join(address, JSON);
                RawClient third = RawClient.connect(address, JSON);
                RawClient elsewhere = RawClient.join(other, JSON)) {
            assertThat(third.read(4)).isEqualTo(HexFormat.of().parseHex("7f400000"));
            assertThat(third.untilEnd()).isZero();
            first.close();
            await().until(() -> info("a").connections() == 1);
            RawClient.join(address, JSON).close();
            assertThat(second.call(1, "echo", 1)).isInstanceOf(Result.class);
            assertThat(elsewhere.call(1, "echo", 1)).isInstanceOf(Result.class);
        }
    }

    @Test
    void aPeerThatNeverReadsIsLetGoWithWhatWaitsAndNobodyElseNotices() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient slow = RawClient.join(address, JSON);
                RawClient other = RawClient.join(address, JSON)) {
            slow.send(new io.millwright.wamp.message.Call(
                    1, Map.of(), "flood", io.millwright.wamp.message.Payload.args(2000, 10_000)));
            FakeRouter.Seen seen = router.connections.get(0);
            await().until(() -> seen.out.queuedBytes() > 1 << 20);
            assertThat(other.call(1, "echo", 1)).isInstanceOf(Result.class);
            seen.out.end();
            assertThat(other.call(2, "echo", 1)).isInstanceOf(Result.class);
            await().until(() -> !seen.closed.isEmpty());
            assertThat(seen.out.queuedBytes()).isZero();
            assertThat(other.call(3, "echo", 1)).isInstanceOf(Result.class);
            assertThat(slow.untilEnd()).isLessThan(20_000_000);
        }
    }

    @Test
    void aPeerThatReadsLateGetsAllInOrder() throws Exception {
        SocketAddress address = add(unix("a"));
        try (RawClient slow = RawClient.join(address, JSON)) {
            slow.send(new io.millwright.wamp.message.Call(
                    1, Map.of(), "flood", io.millwright.wamp.message.Payload.args(3000, 3000)));
            FakeRouter.Seen seen = router.connections.get(0);
            await().until(() -> seen.out.queuedBytes() > 0);
            long before = seen.drained.get();
            for (int i = 0; i < 3000; i++) {
                assertThat(slow.receive()).isInstanceOf(Event.class);
            }
            assertThat(slow.receive()).isInstanceOf(Result.class);
            await().until(() -> seen.drained.get() > before);
            assertThat(seen.out.queuedBytes()).isZero();
        }
    }

    @Test
    void listenersComeAndGoAndNoSessionOfAnotherNotices() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient staying = RawClient.join(address, JSON)) {
            for (int i = 0; i < 5; i++) {
                SocketAddress other = add(i % 2 == 0 ? tcp("b") : unix("b"));
                try (RawClient going = RawClient.join(other, JSON);
                        RawClient waiting = RawClient.open(other, JSON, 1 << 20)) {
                    assertThat(listening.remove("b")).isTrue();
                    assertThat(((Goodbye) going.receive()).reason()).isEqualTo(WampErrors.SYSTEM_SHUTDOWN);
                    assertThat(going.untilEnd()).isZero();
                    assertThat(waiting.receive()).isInstanceOf(Abort.class);
                    assertThatThrownBy(() -> SocketChannel.open(other)).isInstanceOf(java.io.IOException.class);
                    assertThat(staying.call(i + 1, "echo", 1)).isInstanceOf(Result.class);
                }
            }
            assertThat(listening.remove("b")).isFalse();
        }
    }

    @Test
    void aFaultOfTheRouterEndsNoConnectionOfAnother() throws Exception {
        SocketAddress address = add(tcp("a"));
        try (RawClient bad = RawClient.join(address, JSON);
                RawClient other = RawClient.join(address, JSON)) {
            assertThatThrownBy(() -> bad.call(1, "no.such", 1)).isInstanceOf(EOFException.class);
            assertThat(other.call(1, "echo", 1)).isInstanceOf(Result.class);
        }
    }

    @Test
    void aSilentPeerIsAskedIfTheListenerSaysSo() throws Exception {
        SocketAddress address = add(tcp("a").withPingInterval(Duration.ofMillis(100)));
        try (RawClient answers = RawClient.join(address, JSON);
                RawClient silent = RawClient.join(address, JSON)) {
            for (int i = 0; i < 3; i++) {
                answers.frame(Kind.PONG, answers.frame());
            }
            assertThat(silent.untilEnd()).isPositive();
            answers.frame(Kind.PONG, answers.frame());
        }
    }

    @Test
    void thousandsOfIdleSessionsAreServed() throws Exception {
        SocketAddress address = add(unix("a").withWaiting(1000));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                clients.add(RawClient.join(address, JSON));
            }
            assertThat(info("a").connections()).isEqualTo(1000);
            assertThat(info("a").waiting()).isZero();
            for (RawClient client : clients) {
                assertThat(client.call(1, "echo", 1)).isInstanceOf(Result.class);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        await().until(() -> info("a").connections() == 0);
    }

    /** In a process of its own, whose limit of open files is small. */
    @Test
    void withoutOpenFilesAPeerIsHungUpOnAndLaterTaken() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 120; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader();
                var in = process.outputWriter()) {
            SocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(out.readLine()));
            try (RawClient early = RawClient.join(address, JSON)) {
                // A class that is needed later can still be read from its file.
                assertThat(early.call(3, "echo", 1)).isInstanceOf(Result.class);
                say(in);
                assertThat(out.readLine()).isEqualTo("full");
                for (int i = 0; i < 3; i++) {
                    try (RawClient late = RawClient.connect(address, JSON)) {
                        assertThat(late.untilEnd()).isZero();
                    }
                }
                assertThat(early.call(1, "echo", 1)).isInstanceOf(Result.class);
                say(in);
                assertThat(out.readLine()).contains("cannot take a connection now");
                RawClient.join(address, JSON).close();
                say(in);
                assertThat(out.readLine()).isEqualTo("[]");
                assertThat(early.call(2, "echo", 1)).isInstanceOf(Result.class);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void say(java.io.Writer in) throws Exception {
        in.write("\n");
        in.flush();
    }

    @Test
    void closingGivesAllBack() throws Exception {
        close();
        long files = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            Listening some = new Listening(loop -> router);
            SocketAddress tcp = some.add(tcp("a")).address();
            SocketAddress unix = some.add(unix("b")).address();
            try (RawClient joined = RawClient.join(tcp, JSON);
                    RawClient waiting = RawClient.connect(unix, JSON)) {
                Thread reader =
                        new Thread(() -> assertThat(joined.channel.isOpen()).isTrue());
                reader.start();
                reader.join();
                Thread closer = new Thread(some::close);
                closer.start();
                assertThat(joined.receive()).isInstanceOf(Goodbye.class);
                assertThat(waiting.untilEnd()).isZero();
                joined.untilEnd();
                joined.close();
                waiting.close();
                closer.join();
            }
            assertThatThrownBy(() -> some.add(tcp("c"))).hasMessageContaining("closed");
            some.close();
            if (i == 0) {
                // The JDK keeps some from its first socket on.
                files = openFiles();
            }
        }
        long before = files;
        assertThat(dir.resolve("s")).isEmptyDirectory();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("millwright-wamp"));
        await().until(() -> openFiles() <= before);
    }

    private static long openFiles() throws Exception {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }
}
