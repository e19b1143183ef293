package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: a listening socket that the instances of a group share. It is there as long as any of them is wanted. */
class SharedSocketsTest {
    /** As a server does that shares a socket: it does not block in accept, and ends a request that it has begun. */
    private static final String SERVER = "import os, select, signal, socket\n"
            + "stop = []\n"
            + "signal.signal(signal.SIGTERM, lambda *a: stop.append(1))\n"
            + "s = socket.socket(fileno=3)\n"
            + "s.setblocking(False)\n"
            + "while not stop:\n"
            + "    if not select.select([s], [], [], 0.02)[0]:\n"
            + "        continue\n"
            + "    try:\n"
            + "        c, _ = s.accept()\n"
            + "    except BlockingIOError:\n"
            + "        continue\n"
            + "    c.setblocking(True)\n"
            + "    c.sendall(b'%d %s' % (os.getpid(), c.recv(100)))\n"
            + "    c.close()\n";

    /** Says whether calls on the socket block as it gets it; the first instance has them not block. */
    private static final String BLOCKS = "import os, time\n"
            + "print(os.get_blocking(3), flush=True)\n"
            + "os.set_blocking(3, %i != 1)\n"
            + "time.sleep(600)\n";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
        assumeTrue(node.controller.getStatus().backend().contains("linux"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static Map<String, Object> group(int count, String program, String listen, Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "python3");
        options.put("arguments", List.of("-c", program));
        options.put("instances", count);
        options.put("sockets.web.listen", listen);
        return options;
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~web", "node.json", WorkerSpec.of(id("web"), "guest", options)));
    }

    private List<WorkerInfo> instances() {
        return node.controller.listWorkers(Scope.ALL).stream()
                .filter(info -> !info.isGroup())
                .toList();
    }

    private long started() {
        return instances().stream()
                .filter(info -> info.status() == WorkerState.STARTED)
                .count();
    }

    private Set<String> pids() {
        Set<String> pids = ConcurrentHashMap.newKeySet();
        instances().forEach(info -> pids.add(String.valueOf(info.pid())));
        return pids;
    }

    private SocketAddress address(String listen) {
        if (listen.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(node.directory.resolve(listen.substring(5)));
        }
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
    }

    private static String tcp() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "tcp:127.0.0.1:" + free.getLocalPort();
        }
    }

    private static String ask(SocketAddress address, String word) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean isRefused(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    /** Clients that ask again and again, some hundred times a second in all. */
    private static final class Load implements AutoCloseable {
        final Queue<String> bad = new ConcurrentLinkedQueue<>();
        final Set<String> pids = ConcurrentHashMap.newKeySet();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Thread> clients = new ArrayList<>();
        private final SocketAddress address;
        private volatile boolean over;

        Load(SocketAddress address) {
            this.address = address;
            for (int i = 0; i < 3; i++) {
                Thread client = new Thread(this::ask);
                client.start();
                clients.add(client);
            }
        }

        private void ask() {
            while (!over) {
                String word = "word" + asked.incrementAndGet();
                try {
                    String answer = SharedSocketsTest.ask(address, word);
                    if (answer.endsWith(" " + word)) {
                        pids.add(answer.split(" ")[0]);
                    } else {
                        bad.add(word + ": " + answer);
                    }
                    Thread.sleep(5);
                } catch (IOException | InterruptedException e) {
                    bad.add(word + ": " + e);
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        }
    }

    /** The kind: whatever replaces, adds or takes away instances, while some of them are there. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix:w.sock"})
    void nothingIsRefusedOrCutWhileInstancesAreReplaced(String kind) throws Exception {
        String listen = kind.equals("tcp") ? tcp() : kind;
        configure(group(4, SERVER, listen));
        await().until(() -> started() == 4);
        try (Load load = new Load(address(listen))) {
            for (int i = 0; i < 3; i++) {
                Set<String> before = pids();
                get(node.controller.restartWorker(id("web"), ME));
                assertThat(pids()).hasSize(4).doesNotContainAnyElementsOf(before);
                await().until(() -> load.pids.stream().anyMatch(pids()::contains));
            }
            for (Object[] change : new Object[][] {
                {"env.vars.VERSION", "2"},
                {"sockets.web.backlog", 100},
                {"reload.at_once", 2, "env.vars.VERSION", "3"}
            }) {
                Set<String> before = pids();
                configure(group(4, SERVER, listen, change));
                await().until(() -> started() == 4 && pids().stream().noneMatch(before::contains));
            }
            configure(group(2, SERVER, listen, "env.vars.VERSION", "3"));
            await().until(() -> started() == 2);
            configure(group(4, SERVER, listen, "env.vars.VERSION", "3"));
            await().until(() -> started() == 4);
            node.stop("web-1");
            await().until(() -> started() == 3);
            load.close();
            assertThat(load.bad).isEmpty();
        }
    }

    @Test
    void aSharedSocketGoesWithTheLastThatWantsIt() throws IOException {
        String listen = tcp();
        configure(group(2, SERVER, listen));
        await().until(() -> started() == 2);
        assertThat(node.info("web-2").inForce().get("sockets")).isEqualTo(Map.of("web", listen));
        assertThatThrownBy(() -> node.start("other", alone(listen)))
                .hasMessageContaining(listen + " is held for the instances of 'web'");
        node.stop("web-1");
        assertThat(ask(address(listen), "x")).isEqualTo(node.info("web-2").pid() + " x");
        node.stop("web-2");
        await().until(() -> isRefused(address(listen)));
        node.start("other", alone(listen));
        node.stop("other");
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        assertThat(ask(address(listen), "x")).endsWith(" x");
    }

    private static Map<String, Object> alone(String listen) {
        Map<String, Object> options = group(1, SERVER, listen);
        options.remove("instances");
        return options;
    }

    @Test
    void aNumberInAnAddressGivesEachItsOwn() throws IOException {
        configure(group(2, SERVER, "unix:w%i.sock"));
        await().until(() -> started() == 2);
        for (int i = 1; i <= 2; i++) {
            assertThat(ask(address("unix:w" + i + ".sock"), "x"))
                    .isEqualTo(node.info("web-" + i).pid() + " x");
        }
        node.stop("web-1");
        await().until(() -> Files.notExists(node.directory.resolve("w1.sock")));
        assertThat(node.directory.resolve("w2.sock")).exists();
    }

    @Test
    void itBlocksAgainOnlyForTheFirstProgramThatHasIt() {
        configure(group(2, BLOCKS, "unix:w.sock"));
        await().until(() -> started() == 2
                && node.log("web-1").size() == 1
                && node.log("web-2").size() == 1);
        get(node.controller.restartWorker(id("web-1"), ME));
        await().until(() -> node.log("web-1").size() == 2);
        get(node.controller.restartWorker(id("web-2"), ME));
        await().until(() -> node.log("web-2").size() == 2);
        assertThat(node.log("web-2").get(1)).as("as web-1 has made it").isEqualTo("False");
        node.stop("web-2");
        get(node.controller.restartWorker(id("web-1"), ME));
        await().until(() -> node.log("web-1").size() == 3);
        assertThat(node.log("web-1").get(2)).as("as a new one").isEqualTo("True");
    }

    /** One that takes a connection and does not answer is busy. */
    @Test
    void aConnectionStartsOneInstanceAndTheNextWhenNobodyTakesIt() throws IOException {
        configure(group(3, SERVER, "unix:w.sock", "start.on", "demand"));
        SocketAddress address = address("unix:w.sock");
        await().until(() -> instances().stream()
                        .filter(info -> info.inForce().containsKey("sockets"))
                        .count()
                == 3);
        try (SocketChannel silent = SocketChannel.open(address)) {
            await().until(() -> started() == 1);
            WorkerInfo first = instances().stream()
                    .filter(info -> info.status() == WorkerState.STARTED)
                    .findFirst()
                    .orElseThrow();
            String answer = ask(address, "x");
            assertThat(started()).isEqualTo(2);
            assertThat(answer).endsWith(" x").doesNotStartWith(first.pid() + " ");
            silent.write(ByteBuffer.wrap(new byte[] {'y'}));
            assertThat(new String(Channels.newInputStream(silent).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(first.pid() + " y");
        }
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        assertThat(started()).isEqualTo(3);
        node.stop("web");
        await().until(() -> isRefused(address));
    }
}
