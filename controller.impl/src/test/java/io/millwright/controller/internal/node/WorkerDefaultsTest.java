package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.options.NodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of every worker that does not say otherwise: a change of them is a change of each worker's configuration. */
class WorkerDefaultsTest {
    private static final String GUEST = "io.millwright.worker.guest~";
    private static final String SLEEP = "echo \"$GREETING $NAME\"; exec sleep 60";

    @TempDir
    Path directory;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(String id, Map<String, Object> options) {
        node.node.configure(
                new Configured(GUEST + id, "config:" + GUEST + id, WorkerSpec.of(id(id), "guest", options)));
        await().until(() -> node.controller.getWorkers(List.of()).contains(id(id))
                && node.info(id).status() == WorkerState.STARTED);
    }

    private static Map<String, Object> defaults(Map<String, Object> options) {
        return Map.of("worker", Map.of("defaults", options));
    }

    private long pid(String id) {
        return java.util.Objects.requireNonNull(node.info(id).pid());
    }

    @Test
    void aChangeIsPlannedAndAppliedToEachWorkerThatDoesNotSayOtherwise() {
        node.node.setOptions(defaults(Map.of("stop.timeout", "5s")));
        configure("plain", script(SLEEP));
        configure("other", script(SLEEP, "stop.timeout", "7s", "env.vars.GREETING", "hi"));
        long plain = pid("plain");
        long other = pid("other");
        assertThat(node.info("plain").options()).containsEntry("stop.timeout", "5s");
        assertThat(node.info("other").options()).containsEntry("stop.timeout", "7s");

        Map<String, Object> flat =
                Map.of("worker.defaults.stop.timeout", "6s", "worker.defaults.restart", "on-failure");
        assertThat(plan(flat))
                .containsExactly(
                        change(
                                PlannedChange.NODE,
                                Action.IN_PLACE,
                                "worker.defaults.restart.policy",
                                "worker.defaults.stop.timeout"),
                        change("other", Action.IN_PLACE, "restart.policy"),
                        change("plain", Action.IN_PLACE, "restart.policy", "stop.timeout"));
        node.node.setOptions(flat);
        await().until(() -> "on-failure".equals(node.info("other").options().get("restart.policy")));
        assertThat(node.info("plain").options()).containsEntry("stop.timeout", "6s");
        assertThat(node.info("other").options()).containsEntry("stop.timeout", "7s");
        assertThat(pid("plain")).isEqualTo(plain);
        assertThat(pid("other")).isEqualTo(other);

        Map<String, Object> variables =
                defaults(Map.of("env", Map.of("vars", Map.of("GREETING", "hello", "NAME", "x"))));
        assertThat(plan(variables))
                .contains(change("other", Action.RESTART, "env.vars"), change("plain", Action.RESTART, "env.vars"))
                .hasSize(3);
        node.node.setOptions(variables);
        node.awaitLog("other", "hi x");
        node.awaitLog("plain", "hello x");
        await().until(() -> node.info("plain").status() == WorkerState.STARTED);
        assertThat(plan(variables)).containsExactly(change(PlannedChange.NODE, Action.UNCHANGED));
        assertThat(node.info("plain").options()).containsEntry("stop.timeout", "20s");
    }

    @Test
    void anotherConfigurationInTheSameFileMeetsTheNewDefaults() {
        Map<String, Object> options = script(SLEEP);
        configure("one", options);
        assertThat(get(node.controller
                        .getPlanner()
                        .configurations(List.of(
                                ConfigurationChange.of(GUEST + "one", script(SLEEP, "log.keep", 2)),
                                ConfigurationChange.of(NodeOptions.PID, Map.of("worker.defaults.log.ring", 5))))))
                .containsExactly(
                        change(PlannedChange.NODE, Action.IN_PLACE, "worker.defaults.log.ring"),
                        change("one", Action.IN_PLACE, "log.keep", "log.ring"));
    }

    @Test
    void whatIsWrongIsNamedAtItsPlaceAndChangesNothing() {
        List<Problem> problems = node.node
                .checkOptions(defaults(Map.of(
                        "stop", Map.of("timout", "5s"),
                        "restart.delay", "10s",
                        "restart.max", "1s",
                        "executable", "/bin/true")))
                .problems();
        assertThat(problems)
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "worker.defaults.stop.timout", "worker.defaults.executable", "worker.defaults.restart.max");
        assertThat(problems)
                .filteredOn(problem -> problem.path().endsWith("timout"))
                .extracting(Problem::message)
                .containsExactly("is not an option; did you mean 'worker.defaults.stop.timeout'?");
        configure("one", script(SLEEP));
        node.node.setOptions(defaults(Map.of("stop.timeout", "soon")));
        assertThat(node.info("one").options()).containsEntry("stop.timeout", "20s");
    }

    @Test
    void aWorkerThatIsStartedByACallHasThemAtItsNextStart() {
        node.start("called", script(SLEEP));
        node.node.setOptions(defaults(Map.of("env.vars.GREETING", "hello")));
        get(node.controller.restartWorker(id("called"), TestNode.ME));
        node.awaitLog("called", "hello ");
    }

    private List<PlannedChange> plan(Map<String, Object> own) {
        return get(node.controller.getPlanner().configurations(List.of(ConfigurationChange.of(NodeOptions.PID, own))));
    }

    private static PlannedChange change(String id, Action action, String... keys) {
        return PlannedChange.of(
                id, id.equals(PlannedChange.NODE) ? null : "guest", action, List.of(keys), null, List.of());
    }
}
