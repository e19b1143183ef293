package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** Native workers whose starts something else brings about than a caller: their times, a connection. Their processes are real, their channel is the test's. */
@Timeout(120)
class NativeStartsTest {
    private static final ReadyInfo INFO = ReadyInfo.of("test 1", List.of(), List.of());
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private TestNode node;
    private FakeChannelHost host;

    /** Any executable, with a control channel. */
    private static final class Native extends TestNode.Guest {
        @Override
        public boolean isNative() {
            return true;
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        host = new FakeChannelHost();
        node.node
                .types()
                .add(new WorkerTypes.Provider("native", new Native(), "test.native", new Version(1, 0, 0), 0, 7));
        node.node.setChannelHost(host);
    }

    @AfterEach
    void close() {
        node.close();
        assertThat(host.expected).as("runs that were not forgotten").isEmpty();
    }

    /** Has a configured worker whose program ends when a file is there, which it removes. */
    private Path configure(Object... keysAndValues) {
        Path end = temp.resolve("end");
        Map<String, Object> options = script(
                "read -r line; while [ ! -e " + end + " ]; do sleep 0.02; done; rm " + end + "; echo over $LISTEN_FDS",
                keysAndValues);
        node.node.configure(new Configured(
                "io.millwright.worker.native~n", "node.json", WorkerSpec.of(id("n"), "native", options)));
        return end;
    }

    private void awaitWait(WaitReason reason) {
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            WorkerInfo info = node.info("n");
            WorkerWait wait = info.waiting();
            return info.status() == WorkerState.BACKOFF && wait != null && wait.reason() == reason;
        });
    }

    private void join() {
        host.of("n").up("1");
        host.of("n").ready(INFO);
        node.awaitState("n", WorkerState.STARTED);
    }

    private void assertOwnCredentials() {
        assertThat(host.seen).extracting(ExpectedRun::token).doesNotHaveDuplicates();
        assertThat(host.seen).extracting(ExpectedRun::run).doesNotHaveDuplicates();
    }

    @Test
    void eachRunOfAScheduleJoinsWithCredentialsOfItsOwn() throws IOException {
        Path end = configure("schedule", "* * * * * *");
        for (int run = 1; run <= 2; run++) {
            join();
            Files.createFile(end);
            int ended = run;
            await().atMost(LIMIT).until(() -> node.controller.getHistory().size() >= ended);
        }
        await().atMost(LIMIT).until(() -> node.events("n").size() >= 10);
        assertThat(node.events("n").subList(0, 10))
                .containsExactly(
                        "BACKOFF",
                        "STARTING",
                        "CONNECTED",
                        "STARTED",
                        "EXITED",
                        "BACKOFF",
                        "STARTING",
                        "CONNECTED",
                        "STARTED",
                        "EXITED");
        assertThat(node.info("n").restarts()).isZero();
        assertOwnCredentials();
    }

    @Test
    void aConnectionStartsItAndTheSocketIsHandedOver() throws IOException {
        assumeTrue(node.controller.getStatus().backend().contains("linux"), "sockets need the Linux backend");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path end = configure("start.on", "demand", "sockets.web.listen", "tcp:127.0.0.1:" + port);
        awaitWait(WaitReason.DEMAND);
        assertThat(host.seen).isEmpty();
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(first.isConnected()).isTrue();
            join();
            Files.createFile(end);
            // The connection is not taken yet: it starts the next run.
            await().atMost(LIMIT).until(() -> host.seen.size() == 2);
            join();
        }
        assertThat(node.log("n")).contains("over 1");
        assertOwnCredentials();
        node.stop("n");
    }

    @Test
    void twoRunsAtOnceAreRefusedInWords() {
        Map<String, Object> options = script("read -r line; sleep 60", "reload.mode", "overlap", "reload.shared", true);
        NodeException refused = catchThrowableOfType(
                NodeException.class,
                () -> TestNode.get(
                        node.controller.startWorker(WorkerSpec.of(id("n"), "native", options), TestNode.ME)));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(refused.problems().toString())
                .contains("reload.mode")
                .contains("overlap is for workers without a control channel");
    }
}
