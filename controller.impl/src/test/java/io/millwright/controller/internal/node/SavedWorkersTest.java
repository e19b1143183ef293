package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved workers take the road of configurations, and their callers hear how it ended. */
class SavedWorkersTest {
    private static final Caller OTHER = Caller.shell("other");
    private static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path directory;

    private TestNode node;
    private final Map<String, Map<String, Object>> stored = new ConcurrentHashMap<>();
    /** Somebody else deletes what is saved before it has been looked at. */
    private volatile boolean deletesAtOnce;

    /** Tells the node of its changes, as Config Admin does. */
    private final WorkerStore store = new WorkerStore() {
        @Override
        public void create(WorkerSpec spec) {
            String pid = GUEST + "~" + spec.id();
            Map<String, Object> values = new HashMap<>(spec.options());
            stored.put(pid, values);
            Configured configured = Configured.of(pid, GUEST, values);
            if (deletesAtOnce) {
                node.node.core.loop.execute(() -> {
                    node.node.core.configuredWorkers.change(configured);
                    node.node.core.configuredWorkers.remove(pid);
                });
                return;
            }
            node.node.configure(configured);
        }

        @Override
        public void delete(String pid) throws IOException {
            if (stored.remove(pid) == null) {
                throw new IOException("there is no " + pid);
            }
            node.node.unconfigure(pid);
        }
    };

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
        node.node.setStore(store);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private StartResult save(String id, Map<String, Object> options) {
        return get(node.controller.saveWorker(WorkerSpec.of(id(id), "guest", options), ME));
    }

    /** The caller named by a worker's last event of a topic. */
    private Object whoOf(String id, String topic) {
        return node.controller.getEvents().stream()
                .filter(event -> event.topic().equals(topic)
                        && id.equals(event.properties().get("worker.id")))
                .reduce((first, second) -> second)
                .orElseThrow()
                .properties()
                .get(EventProperties.WHO);
    }

    private static NodeException failure(Runnable call) {
        return catchThrowableOfType(NodeException.class, call::run);
    }

    @Test
    void aSavedWorkerIsStartedAsAConfiguredOneAndDeletedWithItsConfiguration() {
        StartResult started = save("keep", script("exec sleep 60", "env.vars", Map.of("A", Map.of("secret", "s"))));
        assertThat(node.info("keep").pid()).isEqualTo(started.pid());
        assertThat(node.info("keep").origin()).isEqualTo("config:" + GUEST + "~keep");
        assertThat(started.who()).as("the caller that saved it").isEqualTo(ME);
        assertThat(node.info("keep").who()).isEqualTo(ME);
        assertThat(whoOf("keep", NodeTopics.WORKER_STARTED)).isEqualTo(ME.who());
        assertThat(stored.get(GUEST + "~keep"))
                .containsEntry("env.vars.A.secret", "s")
                .containsEntry("arguments", new String[] {"-c", "exec sleep 60"});
        get(node.controller.deleteWorker(id("keep"), OTHER));
        assertThat(node.info("keep").status()).isEqualTo(WorkerState.EXITED);
        assertThat(whoOf("keep", NodeTopics.WORKER_STOP_REQUESTED))
                .as("the caller that deleted it")
                .isEqualTo(OTHER.who());
        assertThat(node.info("keep").exit().reason()).contains(OTHER.who());
        assertThat(stored).isEmpty();
        assertThat(failure(() -> get(node.controller.deleteWorker(id("keep"), ME)))
                        .getMessage())
                .contains("not saved");
    }

    @Test
    void whatWouldNotStartIsNotSaved() {
        NodeException missing = failure(() -> save("bad", Map.of("executable", "no-such-program")));
        assertThat(missing.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        NodeException unknown =
                failure(() -> get(node.controller.saveWorker(WorkerSpec.of(id("bad"), "nonsense", Map.of()), ME)));
        assertThat(unknown.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE);
        node.start("runs", script("exec sleep 60"));
        assertThat(failure(() -> save("runs", script("true"))).code()).isEqualTo(ErrorCode.WORKER_ALREADY_RUNNING);
        assertThat(stored).isEmpty();
    }

    @Test
    void aStoppedSavedWorkerIsDeletedToo() {
        save("keep", script("exec sleep 60"));
        node.stop("keep");
        node.awaitState("keep", WorkerState.INACTIVE);
        assertThat(failure(() -> save("keep", script("true"))).getMessage()).contains("is configured by");
        get(node.controller.deleteWorker(id("keep"), ME));
        assertThat(node.info("keep").status()).isEqualTo(WorkerState.EXITED);
        save("keep", script("exec sleep 60"));
        assertThat(node.info("keep").status()).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void aDisabledOneIsSavedAndSaidNotToBeStarted() {
        NodeException disabled = failure(() -> save("off", script("true", "disabled", true)));
        assertThat(disabled.getMessage()).contains("is saved").contains("disabled");
        assertThat(stored).hasSize(1);
        get(node.controller.deleteWorker(id("off"), ME));
        assertThat(stored).isEmpty();
    }

    private Path components(String id) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("state/components"));
        Files.writeString(folder.resolve(id + ".json.broken"), "?");
        return Files.writeString(folder.resolve(id + ".json"), "{}");
    }

    @Test
    void theComponentsOfAWorkerStayAsLongAsItIsConfigured() throws IOException {
        Path kept = components("keep");
        save("keep", script("exec sleep 60"));
        node.node.configure(
                Configured.of(GUEST + "~keep", GUEST, new HashMap<>(script("exec sleep 60", "log.ring", 7))));
        node.stop("keep");
        node.awaitState("keep", WorkerState.INACTIVE);
        get(node.controller.restartWorker(id("keep"), ME));
        assertThat(kept).exists();
        get(node.controller.deleteWorker(id("keep"), ME));
        assertThat(kept).doesNotExist();
        assertThat(kept.resolveSibling("keep.json.broken")).doesNotExist();
        components("keep");
        save("keep", script("exec sleep 60"));
        node.stop("keep");
        node.awaitState("keep", WorkerState.INACTIVE);
        get(node.controller.deleteWorker(id("keep"), ME));
        assertThat(kept).as("of one that rests").doesNotExist();
    }

    private void nextLife() throws IOException {
        node.close();
        open();
    }

    @Test
    void theComponentsOfAWorkerWhoseConfigurationIsRemovedWhileTheNodeIsDownGoAtTheEndOfTheNextLife()
            throws IOException {
        Path kept = components("box");
        Path called = components("called");
        save("box", script("exec sleep 60"));
        node.start("called", script("exec sleep 60"));
        nextLife();
        assertThat(kept).as("it was configured").exists();
        node.node.configure(Configured.of(GUEST + "~box", GUEST, new HashMap<>(script("exec sleep 60"))));
        node.awaitState("box", WorkerState.STARTED);
        nextLife();
        assertThat(kept).as("it was configured late, and again").exists();
        nextLife();
        assertThat(kept).doesNotExist();
        assertThat(kept.resolveSibling("box.json.broken")).doesNotExist();
        assertThat(kept.resolveSibling("box.configured")).doesNotExist();
        assertThat(called).as("nobody knows whether it is started again").exists();
    }

    @Test
    void theComponentsOfACalledWorkerStayUntilItIsForgotten() throws IOException {
        Path kept = components("called");
        node.start("called", script("exec sleep 60"));
        node.stop("called");
        node.start("called", script("exec sleep 60"));
        node.stop("called");
        assertThat(kept).exists();
        // The history is short: what is cut off is not forgotten by anybody.
        node.node.core.loop.execute(() -> node.node.core.registry.setHistorySize(0));
        await().until(() -> node.controller.listWorkers(NodeController.Scope.ALL).stream()
                .noneMatch(worker -> worker.id().equals(id("called"))));
        assertThat(kept).exists();
        node.node.core.loop.execute(() -> node.node.core.registry.setHistorySize(100));
        node.start("called", script("exec sleep 60"));
        node.stop("called");
        get(node.controller.forgetWorker(id("called"), ME));
        assertThat(kept).doesNotExist();
    }

    @Test
    void whatAFileConfiguresIsNotDeletedHere() {
        node.node.configure(new Configured(
                GUEST + "~filed", "node.json", WorkerSpec.of(id("filed"), "guest", script("exec sleep 60"))));
        node.awaitState("filed", WorkerState.STARTED);
        assertThat(failure(() -> get(node.controller.deleteWorker(id("filed"), ME)))
                        .getMessage())
                .contains("node.json");
    }

    /** Kind: what a caller has asked for is gone before it came to anything; the caller hears that at once, not of a time that ran out. */
    @Test
    void aSaverHearsThatItsConfigurationWasDeleted() {
        deletesAtOnce = true;
        for (Map<String, Object> options : List.of(script("exec sleep 60"), script("exec sleep 60", "instances", 2))) {
            NodeException deleted = failure(() -> save("gone", options));
            assertThat(deleted.code()).isEqualTo(ErrorCode.WORKER_NOT_RUNNING);
            assertThat(deleted.getMessage()).contains("its configuration is deleted");
        }
    }
}
