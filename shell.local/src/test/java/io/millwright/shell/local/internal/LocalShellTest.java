package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.shell.local.internal.Node.Kind;
import io.millwright.shell.local.internal.Node.Result;
import io.millwright.sockets.SpareDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;

/** The socket file, the limits, and clients that do not know the protocol. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalShellTest {

    private static LocalShell shell(@Nullable String mode, @Nullable Path directory) {
        BundleContext none = Node.stub(BundleContext.class, (method, arguments) -> null);
        return new LocalShell(mode, directory, new SessionCommands(none), Duration.ofDays(1));
    }

    @Test
    void onlyTheOwnerMayOpenIt() throws IOException {
        Path directory = Node.shortDirectory();
        Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (Node node = new Node(directory)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.socket())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aStaleSocketIsReplacedAndALiveOneIsNot() throws Exception {
        Path directory = Node.shortDirectory();
        Path socket = Files.createDirectory(directory.resolve("run")).resolve("node.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (Node node = new Node(directory)) {
            LocalShell second = shell(null, directory);
            assertThat(node.run(Kind.PERL, "demo:list").code()).isZero();
            second.close();
            assertThat(node.run(Kind.PERL, "demo:list").code()).isZero();
        }
    }

    /** The kind: what is in the way goes (a file, a full disk), and the node can be reached; nobody has to start it again. */
    @Test
    void aSocketThatCannotBeOpenedIsThereOnceItCan() throws Exception {
        Path directory = Node.shortDirectory();
        Path inTheWay = Files.createFile(directory.resolve("run"));
        try (Node node = new Node(directory)) {
            assertThat(Files.exists(node.socket())).isFalse();
            Files.delete(inTheWay);
            await().until(() -> Files.exists(node.socket()));
            assertThat(node.run(Kind.PERL, "demo:list").code()).isZero();
            node.shell.close();
            assertThat(node.socket()).doesNotExist();
        }
        Path other = Node.shortDirectory();
        Files.createFile(other.resolve("run"));
        shell(null, other).close();
        Files.delete(other.resolve("run"));
        assertThat(other).isEmptyDirectory();
        Files.delete(other);
    }

    @Test
    void aStaleSocketMeansNoNode() throws Exception {
        try (Node node = new Node()) {
            Path other = node.directory.resolve("other");
            Path socket = Files.createDirectories(other.resolve("run")).resolve("node.sock");
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(socket));
            }
            for (Kind kind : Kind.values()) {
                assertThat(Node.finish(node.start(kind, other, "demo:list"), new byte[0])
                                .code())
                        .isEqualTo(69);
            }
            Files.delete(socket);
            assertThat(Files.createFile(socket)).isEmptyFile();
            shell(null, other).close();
            assertThat(socket).exists();
        }
    }

    @Test
    void aPathTooLongAndACheckLeaveNothing() throws IOException {
        Path directory = Node.shortDirectory();
        Path deep = directory.resolve("d".repeat(90));
        shell(null, deep).close();
        assertThat(deep).doesNotExist();
        shell("check", directory).close();
        shell(null, null).close();
        assertThat(directory).isEmptyDirectory();
        Files.delete(directory);
    }

    @Test
    void stoppingEndsCommandsAndTellsTheirClients() throws Exception {
        Process client;
        try (Node node = new Node()) {
            client = node.start(Kind.PERL, "demo:hang");
            node.demo.running.acquire();
            node.shell.close();
            // The command is in a thread of Gogo's, which takes its interruption in its own time.
            await().untilAsserted(() -> assertThat(node.demo.interrupted).hasValue(1));
            assertThat(Node.finish(client, new byte[0]))
                    .isEqualTo(new Result(1, "", "the node's command socket is closing\n"));
        }
    }

    @Test
    void oneCommandTooManyIsRefusedAndTheOthersGoOn() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Node node = new Node()) {
            for (int i = 0; i < CommandServer.MAX_COMMANDS; i++) {
                RawClient raw = new RawClient(node.socket());
                clients.add(raw);
                raw.open().request('R', 0, "/", "demo:hang");
            }
            node.demo.running.acquire(CommandServer.MAX_COMMANDS);
            Result refused = node.run(Kind.PERL, "demo:list");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("as many commands as it can");
            node.demo.release.countDown();
            for (RawClient raw : clients) {
                assertThat(raw.exit()).isZero();
                raw.close();
            }
            await().untilAsserted(() ->
                    assertThat(node.run(Kind.PERL, "demo:list").code()).isZero());
        }
    }

    /** The kind: clients that do nothing take a place from one that does. */
    @Test
    void clientsThatAskForNothingLockNobodyOut() throws Exception {
        List<RawClient> idle = new ArrayList<>();
        try (Node node = new Node()) {
            for (int i = 0; i < 100; i++) {
                RawClient raw = new RawClient(node.socket());
                idle.add(raw);
                raw.open();
            }
            assertThat(node.run(Kind.PERL, "demo:list")).isEqualTo(new Result(0, "one\ntwo\n", ""));
        }
        for (RawClient raw : idle) {
            raw.close();
        }
    }

    @Test
    void aClientForWhomThereIsNoFileIsToldSo() throws Exception {
        Path directory = Node.shortDirectory();
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SpareDescriptor spare = new SpareDescriptor(CommandServer.noFile())) {
            server.bind(UnixDomainSocketAddress.of(file));
            server.configureBlocking(false);
            assertThat(spare.refuseOne(server)).isFalse();
            for (int i = 0; i < 2; i++) {
                try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
                    assertThat(spare.refuseOne(server)).isTrue();
                    assertThat(new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8))
                            .contains("as many open files as it may have");
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        try (Node node = new Node();
                RawClient lazy = new RawClient(node.socket())) {
            lazy.open().request('R', 0, "/", "demo:flood", "100000");
            node.demo.running.acquire();
            assertThat(node.run(Kind.PERL, "demo:list").out()).isEqualTo("one\ntwo\n");
            assertThat(node.demo.running.availablePermits())
                    .as("the flood waits")
                    .isZero();
            lazy.close();
            node.demo.running.acquire();
        }
    }

    @Test
    void whatIsNotTheProtocolIsRefusedWithASentence() throws Exception {
        try (Node node = new Node()) {
            assertRefused(node, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8), "use bin/millwright");
            assertRefused(node, new byte[] {'M', 'W', 'S', 9}, "version 9");
            assertRefused(node, opened('R', Protocol.MAX_FRAME + 1, new byte[0]), "longer than");
            assertRefused(node, opened('Q', 0, new byte[0]), "not with Q");
            assertRefused(node, opened('R', 2, new byte[2]), "shorter");
            assertRefused(node, opened('R', 8, new byte[] {0, 0, 0, 0, 0, 0, 9, 'x'}), "cut off");
            assertRefused(node, opened('R', 7, new byte[7]), "lacks");
            assertRefused(
                    node,
                    opened('R', 13, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, (byte) 0xc3, 'x'}),
                    "the command is not valid UTF-8");
            try (RawClient raw = new RawClient(node.socket())) {
                raw.open().request('R', 0, "/", "demo:hang").frame('I', "unasked");
                assertThat(raw.exit()).isEqualTo(2);
                assertThat(raw.err).contains("nobody asked");
            }
            assertThat(node.run(Kind.PERL, "demo:list").code()).isZero();
        }
    }

    private static void assertRefused(Node node, byte[] bytes, String why) throws IOException {
        try (RawClient raw = new RawClient(node.socket())) {
            raw.bytes(bytes);
            assertThat(raw.exit()).isEqualTo(2);
            assertThat(raw.err).contains(why);
        }
    }

    private static byte[] opened(char type, int length, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put(Protocol.OPENING)
                .put((byte) type)
                .putInt(length)
                .put(payload)
                .array();
    }
}
