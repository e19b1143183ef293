package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.shell.local.internal.Node.Kind;
import io.millwright.shell.local.internal.Node.Result;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kind: a client waits for a node that will never answer, because it is halted (SIGSTOP), hangs, or takes no connection.
 * Each must end by itself with a reason, and a command that is only slow must not.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class SilentNodeTest {
    /** The length of the question. */
    private static final int PING = 16;

    private static final byte[] EXIT_SEVEN = {'X', 0, 0, 0, 4, 0, 0, 0, 7};

    private final Node node = new Node();
    private final Path silent = Node.shortDirectory();
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        Files.createDirectories(silent.resolve("run"));
        Files.writeString(silent.resolve("run/pid"), "1\n");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(silent.resolve("run/node.sock")), 1);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        node.close();
        for (String name : new String[] {"run/node.sock", "run/pid", "run", ""}) {
            Files.delete(silent.resolve(name));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aNodeThatTakesNoByteIsGivenUp(Kind kind) throws Exception {
        node.patience = "1";
        assertThat(Node.finish(node.start(kind, silent, "demo:list"), new byte[0]))
                .isEqualTo(new Result(
                        1, "", "millwright: the node in " + silent + " does not answer; its process is 1\n"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aNodeThatTakesNoConnectionIsGivenUp(Kind kind) throws Exception {
        node.patience = "1";
        // A queue of one is full with two; the next one that connects waits.
        try (SocketChannel first = SocketChannel.open(server.getLocalAddress());
                SocketChannel second = SocketChannel.open(server.getLocalAddress())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            Result result = Node.finish(node.start(kind, silent, "demo:list"), new byte[0]);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("does not answer");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSlowCommandOfANodeThatIsThereIsNot(Kind kind) throws Exception {
        node.patience = "5";
        Process client = node.start(kind, silent, "demo:list");
        try (SocketChannel command = server.accept()) {
            try (SocketChannel question = server.accept()) {
                // What is unread when a socket is closed takes the answer away.
                ByteBuffer asked = ByteBuffer.allocate(PING);
                while (asked.hasRemaining() && question.read(asked) >= 0) {}
                question.write(ByteBuffer.wrap(EXIT_SEVEN));
            }
            command.write(ByteBuffer.wrap(EXIT_SEVEN));
            assertThat(Node.finish(client, new byte[0])).isEqualTo(new Result(7, "", ""));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCommandHasItsTime(Kind kind) throws Exception {
        Result result = node.run(kind, "--timeout", "1s", "demo:hang");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("the command has not ended within 1 s");
        assertThat(node.run(kind, "--timeout", "1m", "demo:list").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "soon", "1d", "0s", "999999999"})
    void whatIsNoTimeIsRefused(String time) throws Exception {
        for (Kind kind : Kind.values()) {
            Result result = node.run(kind, "--timeout", time, "demo:list");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("--timeout needs a time above 0");
        }
    }
}
