package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One id from two sources: whatever the two roads are, the one that came first keeps the worker, the second is refused and both are
 * named, and the second has the worker when the first gives it up.
 */
@Tag("long")
class TwoSourcesTest {
    private static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path temp;

    private TestNode node;
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    /** A road by which a worker comes to a node. */
    enum Road {
        NODE_JSON(GUEST + "~a", "node.json"),
        FILE(GUEST + ".1", "/n/etc/" + GUEST + "-a.cfg"),
        OTHER_FILE(GUEST + "~other", "/n/etc/" + GUEST + "-other.config"),
        HAND(GUEST + ".2", "the configuration " + GUEST + ".2"),
        CALL("", "was started by a call"),
        SAVED(GUEST + "~a", "the configuration " + GUEST + "~a");

        final String pid;
        final String source;

        Road(String pid, String source) {
            this.pid = pid;
            this.source = source;
        }

        boolean isConfiguration() {
            return this != CALL && this != SAVED;
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.onRefusal((configured, why) -> {
            if (why == null) {
                refused.remove(configured.pid());
            } else {
                refused.put(configured.pid(), configured.source() + ": " + why);
            }
        });
        node.node.setStore(new WorkerStore() {
            @Override
            public void create(WorkerSpec spec) {
                String pid = GUEST + "~" + spec.id();
                node.node.configure(Configured.of(pid, GUEST, spec.options()));
            }

            @Override
            public void delete(String pid) {
                node.node.unconfigure(pid);
            }
        });
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** Runs until it is stopped; its option says by which road it came. */
    private static Map<String, Object> options(Road road) {
        return script("exec sleep 600", "env.vars.ROAD", road.name());
    }

    private void configure(Road road, String worker) {
        Map<String, Object> values = new HashMap<>(options(road));
        values.put("worker.id", worker);
        if (road == Road.NODE_JSON) {
            values.put(Configured.ORIGIN, "node.json");
        } else if (road.source.startsWith("/")) {
            values.put("felix.fileinstall.filename", "file:" + road.source);
        }
        node.node.configure(Configured.of(road.pid, GUEST, values));
    }

    private void come(Road road, String worker) {
        switch (road) {
            case CALL -> node.start(worker, options(road));
            case SAVED -> get(node.controller.saveWorker(WorkerSpec.of(id(worker), "guest", options(road)), ME));
            default -> configure(road, worker);
        }
    }

    private void leave(Road road, String worker) {
        switch (road) {
            case CALL -> node.stop(worker);
            case SAVED -> get(node.controller.deleteWorker(id(worker), ME));
            default -> node.node.unconfigure(road.pid);
        }
    }

    private String runsBy(String worker) {
        try {
            return node.info(worker).status() == WorkerState.STARTED
                    ? String.valueOf(node.info(worker).options().get("env.vars.ROAD"))
                    : "";
        } catch (NodeException notYet) {
            return "";
        }
    }

    private void awaitRun(String worker, Road road) {
        await(worker + " by " + road).until(() -> runsBy(worker).equals(road.name()));
    }

    private Long pid(String worker) {
        Long pid = node.info(worker).pid();
        assertThat(pid).isNotNull();
        return pid;
    }

    private void flush() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            node.node.core.loop.execute(() -> done.complete(true));
            get(done);
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Road.values()).flatMap(first -> Stream.of(Road.values())
                .filter(second -> second.isConfiguration() && !first.pid.equals(second.pid))
                .map(second -> Arguments.of(first, second)));
    }

    @Test
    void aSecondThatChangesAsTheFirstGoesIsTakenAsItSaysNow() {
        configure(Road.FILE, "a");
        awaitRun("a", Road.FILE);
        configure(Road.HAND, "a");
        await().until(() -> refused.containsKey(Road.HAND.pid));
        Map<String, Object> newer = new HashMap<>(options(Road.NODE_JSON));
        newer.put("worker.id", "a");
        node.node.core.loop.execute(() -> {
            node.node.core.configuredWorkers.remove(Road.FILE.pid);
            node.node.core.configuredWorkers.apply(Configured.of(Road.HAND.pid, GUEST, newer));
        });
        awaitRun("a", Road.NODE_JSON);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theSecondIsRefusedAndHasTheWorkerWhenTheFirstGoes(Road first, Road second) {
        come(first, "a");
        awaitRun("a", first);
        long pid = pid("a");
        come(second, "a");
        await().until(() -> refused.containsKey(second.pid));
        assertThat(refused.get(second.pid)).contains(second.source, first.source, "'a'");
        assertThat(pid("a")).isEqualTo(pid);
        leave(first, "a");
        awaitRun("a", second);
        assertThat(refused).isEmpty();
        leave(second, "a");
        node.awaitState("a", WorkerState.EXITED);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theFirstGoesOnWhenTheSecondGoes(Road first, Road second) {
        come(first, "a");
        awaitRun("a", first);
        long pid = pid("a");
        come(second, "a");
        await().until(() -> refused.containsKey(second.pid));
        leave(second, "a");
        await().until(refused::isEmpty);
        flush();
        assertThat(pid("a")).isEqualTo(pid);
        leave(first, "a");
        node.awaitState("a", WorkerState.EXITED);
    }

    static Stream<Arguments> callsAfter() {
        return Stream.of(Road.values())
                .filter(first -> first != Road.CALL)
                .flatMap(first -> Stream.of(Arguments.of(first, Road.CALL), Arguments.of(first, Road.SAVED)));
    }

    @ParameterizedTest
    @MethodSource("callsAfter")
    void aCallIsAnsweredThatTheIdIsInUse(Road first, Road call) {
        come(first, "a");
        awaitRun("a", first);
        long pid = pid("a");
        assertThatThrownBy(() -> come(call, "a"))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("'a'");
        assertThat(pid("a")).isEqualTo(pid);
    }

    @Test
    void threeSourcesHaveItOneAfterTheOther() {
        List<Road> roads = List.of(Road.NODE_JSON, Road.FILE, Road.HAND);
        for (Road road : roads) {
            come(road, "a");
            await().until(() -> refused.containsKey(road.pid) || runsBy("a").equals(road.name()));
        }
        for (Road road : roads) {
            awaitRun("a", road);
            leave(road, "a");
        }
        node.awaitState("a", WorkerState.EXITED);
    }

    @Test
    void ofTwoThatAreThereAtBootTheFirstInOrderHasIt() {
        node.node.core.loop.execute(() -> new Boot(
                        node.node.core.loop,
                        node.node.core.configuredWorkers,
                        node.node.core.dependencies,
                        node.node.core.events,
                        () -> true,
                        cause -> {})
                .begin(List.of(configured(Road.FILE), configured(Road.HAND)), 0, false));
        awaitRun("a", Road.FILE);
        assertThat(refused.get(Road.HAND.pid)).contains(Road.FILE.source, Road.HAND.source);
        leave(Road.FILE, "a");
        awaitRun("a", Road.HAND);
    }

    private static Configured configured(Road road) {
        Map<String, Object> values = new HashMap<>(options(road));
        values.put("worker.id", "a");
        values.put("felix.fileinstall.filename", "file:" + road.source);
        return Configured.of(road.pid, GUEST, values);
    }

    @Test
    void anIdThatIsChangedToOneInUseIsRefusedAndTheWorkerGoesOn() {
        come(Road.FILE, "a");
        come(Road.OTHER_FILE, "b");
        awaitRun("a", Road.FILE);
        awaitRun("b", Road.OTHER_FILE);
        long a = pid("a");
        long b = pid("b");
        come(Road.FILE, "b");
        await().until(() -> refused.containsKey(Road.FILE.pid));
        flush();
        assertThat(List.of(pid("a"), pid("b"))).containsExactly(a, b);
        leave(Road.OTHER_FILE, "b");
        awaitRun("b", Road.FILE);
        node.awaitState("a", WorkerState.EXITED);
    }

    @Test
    void twoConfigurationsSwapTheirIds() {
        come(Road.FILE, "a");
        come(Road.OTHER_FILE, "b");
        awaitRun("a", Road.FILE);
        awaitRun("b", Road.OTHER_FILE);
        come(Road.FILE, "b");
        await().until(() -> refused.containsKey(Road.FILE.pid));
        come(Road.OTHER_FILE, "a");
        awaitRun("a", Road.OTHER_FILE);
        awaitRun("b", Road.FILE);
        assertThat(refused).isEmpty();
    }

    @Test
    void anIdThatIsChangedIsFreeForAnotherThatWaits() {
        come(Road.FILE, "a");
        awaitRun("a", Road.FILE);
        come(Road.HAND, "a");
        await().until(() -> refused.containsKey(Road.HAND.pid));
        come(Road.FILE, "c");
        awaitRun("c", Road.FILE);
        awaitRun("a", Road.HAND);
        assertThat(refused).isEmpty();
    }

    @Test
    void aChangedIdWithBadOptionsLeavesTheWorkerAsItIs() {
        come(Road.FILE, "a");
        awaitRun("a", Road.FILE);
        long pid = pid("a");
        node.node.configure(Configured.of(
                Road.FILE.pid, GUEST, Map.of("worker.id", "z", "executable", "/bin/true", "nonsense", "1")));
        await().until(() -> String.valueOf(node.info("a").reason()).contains("nonsense"));
        assertThat(pid("a")).isEqualTo(pid);
        leave(Road.FILE, "a");
        node.awaitState("a", WorkerState.EXITED);
    }
}
