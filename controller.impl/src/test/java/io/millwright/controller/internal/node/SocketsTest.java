package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kind: listening sockets that the node holds for programs which take them as systemd hands them. They are there whatever happens to
 * the program, and gone when nobody wants it any more.
 */
@Tag("long")
class SocketsTest {
    /** Answers each connection with its pid and what it was sent; ends when it is told to, or after a while without a connection. */
    private static final String SERVER = "import os, select, signal, socket, sys\n"
            + "idle = float(sys.argv[1])\n"
            + "stop = []\n"
            + "signal.signal(signal.SIGTERM, lambda *a: stop.append(1))\n"
            + "assert int(os.environ['LISTEN_PID']) == os.getpid()\n"
            + "fds = range(3, 3 + int(os.environ['LISTEN_FDS']))\n"
            + "all = [socket.socket(fileno=fd) for fd in fds]\n"
            + "waited = 0\n"
            + "while not stop and waited < idle:\n"
            + "    ready, _, _ = select.select(all, [], [], 0.02)\n"
            + "    waited += 0.02\n"
            + "    for s in ready:\n"
            + "        waited = 0\n"
            + "        c, _ = s.accept()\n"
            + "        c.sendall(b'%d %s' % (os.getpid(), c.recv(100)))\n"
            + "        c.close()\n";

    private static final String NAMES = "import os, socket\n"
            + "e = os.environ\n"
            + "print(e['LISTEN_FDS'], e['LISTEN_FDNAMES'], int(e['LISTEN_PID']) == os.getpid())\n"
            + "for fd in (3, 4):\n"
            + "    s = socket.fromfd(fd, socket.AF_UNIX if e['LISTEN_FDNAMES'].split(':')[fd - 3] == 'admin' else socket.AF_INET, socket.SOCK_STREAM)\n"
            + "    print(fd, s.getsockname(), os.get_blocking(fd), os.get_inheritable(fd))\n"
            + "    s.close()\n"
            + "print(sorted(int(fd) for fd in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + fd)), flush=True)\n"
            + "import time; time.sleep(600)\n";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private boolean hands() {
        return node.controller.getStatus().backend().contains("linux");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Map<String, Object> python(String program, String idle, Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "python3");
        options.put("arguments", List.of("-c", program, idle));
        return options;
    }

    private static Map<String, Object> server(String listen, Object... keysAndValues) {
        Map<String, Object> options = python(SERVER, "600", keysAndValues);
        options.put("sockets.web.listen", listen);
        return options;
    }

    private void configure(String worker, Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~" + worker, "node.json", WorkerSpec.of(id(worker), "guest", options)));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private SocketAddress address(String listen) {
        if (listen.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(node.directory.resolve(listen.substring(5)));
        }
        String host = listen.substring(4, listen.lastIndexOf(':'));
        return new InetSocketAddress(host, Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
    }

    /** Sends a word and gives the answer. */
    private static String ask(SocketAddress address, String word) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void awaitRefused(SocketAddress address) {
        await().until(() -> {
            try (SocketChannel channel = SocketChannel.open(address)) {
                return false;
            } catch (IOException refused) {
                return true;
            }
        });
    }

    @Test
    void aBackendThatHandsNothingOverRefusesInWords() {
        assumeFalse(hands(), "this backend hands sockets over");
        assertThatThrownBy(() -> node.start("web", server("unix:web.sock")))
                .hasMessageContaining("sockets: need the Linux backend");
    }

    @Test
    void aProgramGetsItsSocketsInTheOrderOfTheirNames() throws IOException {
        assumeTrue(hands());
        int port = freePort();
        Map<String, Object> options = python(NAMES, "0");
        options.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        options.put("sockets.admin.listen", "unix:admin.sock");
        options.put("sockets.admin.mode", "0600");
        node.start("names", options);
        node.awaitLog("names", "[0, 1, 2, 3, 4]");
        Path file = node.directory.resolve("admin.sock");
        assertThat(node.log("names"))
                .containsExactly(
                        "2 admin:web True",
                        "3 " + file + " True True",
                        "4 ('127.0.0.1', " + port + ") True True",
                        "[0, 1, 2, 3, 4]");
        assertThat((Integer) Files.getAttribute(file, "unix:mode") & 0777).isEqualTo(0600);
        assertThat(node.info("names").inForce().get("sockets"))
                .isEqualTo(Map.of("admin", "unix:admin.sock", "web", "tcp:127.0.0.1:" + port));
        node.start("other", script("ls /proc/self/fd | tr '\\n' ' '; echo; exec sleep 600"));
        await().until(() -> !node.log("other").isEmpty());
        assertThat(node.log("other").get(0)).as("descriptors, with that of ls").isEqualTo("0 1 2 3 ");
        node.stop("names");
        await().until(() -> Files.notExists(file));
    }

    /** The kind: each family of addresses. A program is replaced again and again, and no connection is refused or cut. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp:127.0.0.1:PORT", "tcp:[::1]:PORT", "unix:w.sock"})
    void noConnectionIsRefusedWhileAProgramIsReplaced(String text) throws Exception {
        assumeTrue(hands());
        String listen = text.replace("PORT", Integer.toString(freePort()));
        node.start("web", server(listen));
        SocketAddress address = address(listen);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        Queue<String> bad = new ConcurrentLinkedQueue<>();
        Queue<String> pids = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread client = new Thread(() -> {
                while (!over.get()) {
                    String word = "word" + asked.incrementAndGet();
                    try {
                        String answer = ask(address, word);
                        if (answer.endsWith(" " + word)) {
                            pids.add(answer.split(" ")[0]);
                        } else {
                            bad.add(word + ": " + answer);
                        }
                    } catch (IOException e) {
                        bad.add(word + ": " + e);
                    }
                }
            });
            client.start();
            clients.add(client);
        }
        for (int i = 0; i < 20; i++) {
            String pid = Long.toString(
                    get(node.controller.restartWorker(id("web"), ME)).pid());
            await().until(() -> pids.contains(pid));
        }
        await().until(() -> asked.get() >= 200);
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(bad).isEmpty();
        assertThat(pids).hasSize(asked.get());
    }

    @Test
    void aSocketStaysThroughACrashAndItsDelayAndGoesWithAStop() throws IOException {
        assumeTrue(hands());
        int port = freePort();
        Map<String, Object> options =
                script("exit 1", "restart.policy", "always", "restart.delay", "1h", "restart.max", "1h");
        options.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        node.start("web", options);
        await().until(() -> node.info("web").restarts() == 1 && node.info("web").status() == WorkerState.BACKOFF);
        try (SocketChannel waits = SocketChannel.open(loopback(port))) {
            assertThat(waits.isConnected()).isTrue();
        }
        node.stop("web");
        awaitRefused(loopback(port));
        assertThat(node.info("web").inForce()).isEmpty();
        Map<String, Object> once = script("exit 0");
        once.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        node.start("once", once);
        awaitRefused(loopback(port));
    }

    @Test
    void aChangedAddressIsBoundByARestart() throws IOException {
        assumeTrue(hands());
        int first = freePort();
        configure("web", server("tcp:127.0.0.1:" + first));
        node.awaitState("web", WorkerState.STARTED);
        assertThat(ask(loopback(first), "a")).endsWith(" a");
        configure("web", server("unix:second.sock"));
        SocketAddress second = address("unix:second.sock");
        await().until(() -> Files.exists(node.directory.resolve("second.sock")));
        assertThat(ask(second, "b")).endsWith(" b");
        awaitRefused(loopback(first));
        configure("web", script("exec sleep 600"));
        awaitRefused(second);
        assertThat(node.directory.resolve("second.sock")).doesNotExist();
    }

    /** The kind: why there can be no such socket. It is the start's failure, in a sentence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "port in use",
                "another worker's",
                "no such address",
                "long path",
                "a file",
                "no folder",
                "socket in use"
            })
    void whatCannotBeHadIsTheStartsFailure(String what) throws IOException {
        assumeTrue(hands());
        String sentence;
        String listen;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            switch (what) {
                case "port in use" -> {
                    listen = "tcp:127.0.0.1:" + taken.getLocalPort();
                    sentence = "in use by process " + ProcessHandle.current().pid() + " (java)";
                }
                case "another worker's" -> {
                    listen = "tcp:127.0.0.1:" + freePort();
                    node.start("first", server(listen));
                    sentence = "is held for worker 'first'";
                }
                case "no such address" -> {
                    listen = "tcp:192.0.2.1:" + freePort();
                    sentence = "this machine has no such address";
                }
                case "long path" -> {
                    listen = "unix:/" + "x".repeat(108);
                    sentence = "its path has 109 bytes, and the path of a Unix socket has at most 107";
                }
                case "a file" -> {
                    Files.writeString(node.directory.resolve("f"), "");
                    listen = "unix:f";
                    sentence = "there is something else than a socket";
                }
                case "no folder" -> {
                    listen = "unix:nowhere/s";
                    sentence = "there is no folder " + node.directory.resolve("nowhere");
                }
                default -> {
                    unix.bind(address("unix:busy"));
                    listen = "unix:busy";
                    sentence = "in use by process " + ProcessHandle.current().pid();
                }
            }
            assertThatThrownBy(() -> node.start("web", server(listen)))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("sockets.web: ")
                    .hasMessageContaining(sentence);
        }
    }

    @Test
    void whatADeadProgramHasLeftIsReplaced() throws IOException {
        assumeTrue(hands());
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(address("unix:left"));
        }
        node.start("web", server("unix:left"));
        assertThat(ask(address("unix:left"), "x")).endsWith(" x");
    }

    @Test
    void aProgramOfAnotherUserGetsThemToo() throws IOException {
        assumeTrue(hands());
        assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs a node of root");
        int port = freePort();
        Map<String, Object> options = script(
                "[ \"$LISTEN_PID\" = $$ ] && readlink /proc/$$/fd/3 | cut -c1-7; [ -e /proc/$$/fd/4 ] || echo no more; exec sleep 600",
                "user",
                "nobody",
                "workdir",
                "/");
        options.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        node.start("web", options);
        await().until(() -> node.log("web").size() == 2);
        assertThat(node.log("web")).containsExactly("socket:", "no more");
    }

    @Test
    void theFirstConnectionStartsAProgramAndEachEndWaitsForTheNext() throws IOException {
        assumeTrue(hands());
        int port = freePort();
        Map<String, Object> options = python(SERVER, "1.2", "start.on", "demand");
        options.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        configure("web", options);
        node.awaitState("web", WorkerState.BACKOFF);
        assertThat(node.info("web").why().toString()).contains("waits for a connection on tcp:127.0.0.1:" + port);
        assertThat(node.info("web").waiting()).satisfies(wait -> {
            assertThat(wait.reason()).isEqualTo(WaitReason.DEMAND);
            assertThat(wait.what()).isEqualTo("tcp:127.0.0.1:" + port);
        });
        await().until(() -> node.info("web").inForce().containsKey("sockets"));
        assertThat(node.controller.doctor())
                .noneMatch(finding -> finding.workers().contains(id("web")));
        String first = ask(loopback(port), "one");
        assertThat(first).endsWith(" one");
        assertThat(ask(loopback(port), "two")).isEqualTo(first.replace("one", "two"));
        await().until(() -> node.info("web").waiting() != null);
        String second = ask(loopback(port), "one");
        assertThat(second).endsWith(" one").isNotEqualTo(first);
        assertThat(node.info("web").restarts()).isZero();
        node.stop("web");
        awaitRefused(loopback(port));
        assertThat(node.info("web").status()).isEqualTo(WorkerState.INACTIVE);
    }

    /** The kind: what is in the way of a wait goes, and the worker waits; nobody has to start it by hand. Meanwhile doctor names it. */
    @Test
    void anAddressThatIsInUseIsWaitedAtOnceItIsFree() throws IOException {
        assumeTrue(hands());
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
            configure("web", server("tcp:127.0.0.1:" + port, "start.on", "demand"));
            await().until(() -> node.info("web").why().toString().contains("cannot wait for a connection"));
            assertThat(node.info("web").status()).isEqualTo(WorkerState.BACKOFF);
            assertThat(node.info("web").waiting().until()).isNotNull();
            assertThat(node.info("web").why().toString())
                    .contains("in use by process " + ProcessHandle.current().pid());
            assertThat(node.controller.doctor())
                    .anyMatch(finding -> finding.workers().contains(id("web"))
                            && finding.what().contains("cannot wait for a connection"));
            configure("other", server("tcp:127.0.0.1:" + port, "start.on", "demand"));
            await().until(() -> node.info("other").why().toString().contains("cannot wait for a connection"));
            node.stop("other");
        }
        await().until(() -> node.info("web").why().toString().contains("waits for a connection on"));
        assertThat(node.info("web").waiting().until()).isNull();
        assertThat(ask(loopback(port), "x")).endsWith(" x");
        assertThat(node.info("other").status()).isEqualTo(WorkerState.INACTIVE);
    }

    @Test
    void aWaitForAConnectionIsHurriedAndCancelled() throws IOException {
        assumeTrue(hands());
        configure("web", server("unix:web.sock", "start.on", "demand"));
        await().until(() -> Files.exists(node.directory.resolve("web.sock")));
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        node.awaitState("web", WorkerState.STARTED);
        get(node.controller.restartWorker(id("web"), ME));
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
        node.stop("web");
        awaitRefused(address("unix:web.sock"));
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        configure("web", server("unix:other.sock", "start.on", "demand"));
        await().until(() -> node.info("web").waiting() != null && Files.exists(node.directory.resolve("other.sock")));
        configure("web", server("unix:other.sock"));
        long pid = node.awaitState("web", WorkerState.STARTED).pid();
        configure("web", server("unix:other.sock", "start.on", "demand"));
        assertThat(ask(address("unix:other.sock"), "x")).isEqualTo(pid + " x");
    }

    @Test
    void whatTakesNoConnectionIsStartedAfterTheDelaysOfItsPolicy() throws IOException {
        assumeTrue(hands());
        Map<String, Object> options =
                new HashMap<>(script("exit 0", "start.on", "demand", "restart.delay", "1h", "restart.max", "1h"));
        options.put("sockets.web.listen", "unix:web.sock");
        configure("web", options);
        await().until(() -> Files.exists(node.directory.resolve("web.sock")));
        try (SocketChannel waits = SocketChannel.open(address("unix:web.sock"))) {
            await().until(() -> node.info("web").waiting() != null
                    && node.info("web").waiting().reason() == WaitReason.DELAY);
            assertThat(waits.isConnected()).isTrue();
        }
        assertThat(node.events("web").stream().filter("STARTED"::equals)).hasSize(2);
    }

    @Test
    void whatWaitsForAConnectionKeepsNoNodeUp() throws IOException {
        assumeTrue(hands());
        Queue<Integer> left = new ConcurrentLinkedQueue<>();
        node.node.triggers().set(List.of(new Triggers.Trigger("mine", true, (run, workers) -> {
            left.add(workers.live());
            return Optional.empty();
        })));
        node.node.setOptions(Map.of("shutdown.triggers", "mine"));
        configure("web", server("unix:web.sock", "start.on", "demand"));
        await().until(() -> Files.exists(node.directory.resolve("web.sock")));
        node.start("job", script("exit 0"));
        await().until(() -> left.contains(0));
    }

    @Test
    void aWorkerThatNeedsItIsDemandToo() throws IOException {
        assumeTrue(hands());
        configure("web", server("unix:web.sock", "start.on", "demand"));
        await().until(() -> Files.exists(node.directory.resolve("web.sock")));
        node.start("app", script("exec sleep 600", "requires", List.of("web")));
        node.awaitState("web", WorkerState.STARTED);
        node.awaitState("app", WorkerState.STARTED);
    }
}
