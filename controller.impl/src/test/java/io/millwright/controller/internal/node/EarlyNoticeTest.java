package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.process.Notifications;
import io.millwright.controller.internal.process.ProcessBackend;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that say READY=1 before the node knows that their process is there: here each spawn returns when that was heard. They have
 * written over their environment, as redis, nginx and PostgreSQL do for their titles, and so bear no mark.
 */
class EarlyNoticeTest {
    private static final String SPEAKER = "import ctypes, os, socket, time\n"
            + "a = os.environ['NOTIFY_SOCKET'].replace('@', '\\0', 1)\n"
            + "f = open('/proc/self/stat').read().rsplit(')', 1)[1].split()\n"
            + "ctypes.memset(int(f[47]), 0, int(f[48]) - int(f[47]))\n"
            + "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect(a)\n"
            + "s.send(b'READY=1\\nSTATUS=first'); s.send(b'STATUS=second')\n"
            + "time.sleep(600)\n";

    @TempDir
    Path temp;

    private final Semaphore heard = new Semaphore(0);
    private volatile Notifications.@Nullable Listener listener;
    /** How often a process of no worker speaks before each spawn. */
    private volatile int noise;

    private TestNode node;

    private ProcessBackend late(ProcessBackend real) {
        return (ProcessBackend) Proxy.newProxyInstance(
                ProcessBackend.class.getClassLoader(), new Class<?>[] {ProcessBackend.class}, (self, called, words) -> {
                    try {
                        if (called.getName().equals("notifications")) {
                            Notifications.Listener told = (Notifications.Listener) words[0];
                            listener = told;
                            return real.notifications((pid, text) -> {
                                told.said(pid, text);
                                heard.release();
                            });
                        }
                        Notifications.Listener told = listener;
                        for (int i = 0; told != null && called.getName().equals("spawn") && i < noise; i++) {
                            told.said(ProcessHandle.current().pid(), "STATUS=noise");
                        }
                        Object answer = called.invoke(real, words);
                        if (called.getName().equals("spawn")) {
                            assertThat(heard.tryAcquire(2, 30, TimeUnit.SECONDS))
                                    .isTrue();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"), new NodeLog(), this::late);
        assumeTrue(node.controller.getStatus().backendKind() == BackendKind.LINUX, "this backend hears nobody");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static Map<String, Object> speaker(Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "python3");
        options.put("arguments", List.of("-c", SPEAKER));
        return options;
    }

    @Test
    void whatIsSaidBeforeTheProcessIsKnownCountsInItsOrder() {
        node.start("early", speaker("ready.notify", true, "start.timeout", "20s"));
        await().until(() -> "it says: second".equals(node.info("early").reason()));
    }

    @Test
    void aStrangerThatSaysMuchTakesNobodysPlace() {
        noise = 3000;
        node.start("early", speaker("ready.notify", true, "start.timeout", "20s"));
        await().until(() -> "it says: second".equals(node.info("early").reason()));
    }

    @Test
    void theNextOfTwoRunsIsHeardToo() {
        node.node.configure(new Configured(
                "p~early",
                "config:p~early",
                WorkerSpec.of(
                        TestNode.id("early"),
                        "guest",
                        speaker("ready.notify", true, "reload.mode", "overlap", "reload.shared", true))));
        Long before = node.awaitState("early", WorkerState.STARTED).pid();
        TestNode.get(node.controller.restartWorker(TestNode.id("early"), TestNode.ME));
        assertThat(node.info("early").pid()).isNotEqualTo(before);
        await().until(() -> "it says: second".equals(node.info("early").reason()));
    }
}
