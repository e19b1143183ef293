package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan says what the change then does, and does nothing itself. */
class PlansTest {
    private static final String GUEST = "io.millwright.worker.guest~";

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
    }

    private static ConfigurationChange write(String id, Map<String, Object> options) {
        return ConfigurationChange.of(GUEST + id, options);
    }

    private static ConfigurationChange delete(String id) {
        return ConfigurationChange.of(GUEST + id, null);
    }

    private List<PlannedChange> plan(ConfigurationChange... changes) {
        return quiet(() -> get(node.controller.getPlanner().configurations(List.of(changes))));
    }

    @Test
    void whatChangesOfRemoteManagementIsSaid() {
        Map<String, Object> before = Map.of("address", "127.0.0.1:1", "auth", new String[] {"ticket"}, "ping", 1);
        Map<String, Object> after = Map.of("address", "127.0.0.1:1", "auth", new String[] {"ticket"}, "ping", 2L);
        String remote = "io.millwright.remote";
        assertThat(plan(
                        ConfigurationChange.of(remote + ".role~old", null).replacing(Map.of("rules", "x")),
                        ConfigurationChange.of(remote + ".principal~ci", Map.of("role", "observer")),
                        ConfigurationChange.of(remote + ".listener~lan", after).replacing(before),
                        ConfigurationChange.of(remote + ".listener~same", before)
                                .replacing(before),
                        ConfigurationChange.of(remote, Map.of("limits.calls", 5L, "millwright.origin", "node.json"))))
                .containsExactly(
                        remote("remote", Action.IN_PLACE, List.of("limits.calls"), "limits are set"),
                        remote("remote.listener~lan", Action.IN_PLACE, List.of("ping"), "the listener is changed"),
                        remote("remote.listener~same", Action.UNCHANGED, List.of(), null),
                        remote("remote.principal~ci", Action.IN_PLACE, List.of("role"), "a principal is made"),
                        remote("remote.role~old", Action.REMOVE, List.of(), "the role is no longer known"));
    }

    private static PlannedChange remote(String id, Action action, List<String> keys, @Nullable String reason) {
        return PlannedChange.of(id, null, action, keys, reason, List.of());
    }

    private PlannedChange planOne(String id, Map<String, Object> options) {
        List<PlannedChange> all = plan(write(id, options));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** Runs a plan and makes sure that it did nothing. */
    private <T> T quiet(java.util.function.Supplier<T> plan) {
        List<String> before = photograph();
        T result = plan.get();
        assertThat(photograph()).isEqualTo(before);
        return result;
    }

    private List<String> photograph() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            // After the events that are on their way.
            node.node.core.loop.execute(() -> node.node.core.events.afterwards(() -> done.complete(true)));
            get(done);
        }
        List<String> all = new ArrayList<>();
        for (WorkerInfo info : node.controller.listWorkers(Scope.ALL)) {
            all.add(info.id() + " " + info.status() + " " + info.pid() + " " + info.reason() + " " + info.options()
                    + " " + info.origin() + " " + info.who());
        }
        all.add(node.controller.getEvents().size() + " events");
        try (Stream<Path> files = Files.walk(directory)) {
            // History and audit log are written by threads of their own, after what they tell of.
            files.map(Path::toString)
                    .filter(file -> !file.contains("/state") && !file.contains("/log/audit.log"))
                    .sorted()
                    .forEach(all::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }

    @Test
    void aNewConfigurationWouldStart() {
        PlannedChange change = planOne("fresh", script("exec sleep 60"));
        assertThat(change.action()).isEqualTo(Action.START);
        assertThat(change.type()).isEqualTo("guest");
        configure("fresh", script("exec sleep 60"));
        node.awaitState("fresh", WorkerState.STARTED);
    }

    @Test
    void aDisabledOneWouldRestAndAnEnabledOneStart() {
        assertThat(planOne("off", script("true", "disabled", true)).action()).isEqualTo(Action.REST);
        configure("off", script("true", "disabled", true));
        await().until(() -> node.controller.listWorkers(Scope.ALL).size() == 1);
        assertThat(planOne("off", script("true")).action()).isEqualTo(Action.START);
    }

    @Test
    void whatIsSaidOfARunningOneIsWhatHappens() {
        configure("w", script("exec sleep 60", "log.ring", 9));
        Long pid = node.awaitState("w", WorkerState.STARTED).pid();

        assertThat(planOne("w", script("exec sleep 60", "log.ring", "9")).action())
                .isEqualTo(Action.UNCHANGED);

        PlannedChange inPlace = planOne("w", script("exec sleep 60", "log.ring", 5, "restart.policy", "always"));
        assertThat(inPlace.action()).isEqualTo(Action.IN_PLACE);
        assertThat(inPlace.keys()).containsExactly("log.ring", "restart.policy");
        configure("w", script("exec sleep 60", "log.ring", 5, "restart.policy", "always"));
        await().until(() -> "5".equals(String.valueOf(node.info("w").options().get("log.ring"))));
        assertThat(node.info("w").pid()).isEqualTo(pid);

        PlannedChange restart = planOne("w", script("exec sleep 61", "log.ring", 6));
        assertThat(restart.action()).isEqualTo(Action.RESTART);
        assertThat(restart.keys()).containsExactly("arguments");
        configure("w", script("exec sleep 61", "log.ring", 6));
        await().until(() -> node.info("w").status() == WorkerState.STARTED
                && !pid.equals(node.info("w").pid()));

        assertThat(planOne("w", script("exec sleep 61", "disabled", true)).action())
                .isEqualTo(Action.STOP);
        List<PlannedChange> gone = plan(delete("w"));
        assertThat(gone).extracting(PlannedChange::action).containsExactly(Action.STOP);
    }

    @Test
    void badOptionsAndMissingProgramsAreRefusedWithAllProblems() {
        configure("w", script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        PlannedChange bad = planOne("w", script("exec sleep 60", "stop.timout", "5s", "log.ring", "lots"));
        assertThat(bad.action()).isEqualTo(Action.REFUSED);
        assertThat(bad.problems()).extracting(Problem::path).containsExactlyInAnyOrder("stop.timout", "log.ring");
        assertThat(bad.reason()).contains("goes on");

        PlannedChange missing = planOne("w", Map.of("executable", "no-such-program"));
        assertThat(missing.action()).isEqualTo(Action.REFUSED);
        assertThat(missing.problems()).singleElement().asString().contains("no-such-program");

        PlannedChange fresh = planOne("new", Map.of("executable", "no-such-program"));
        assertThat(fresh.action()).isEqualTo(Action.REFUSED);
        assertThat(fresh.reason()).contains("fail to start");
    }

    @Test
    void aWorkerOfACallIsNotTakenOverWhileItRuns() {
        node.start("mine", script("exec sleep 60"));
        PlannedChange change = planOne("mine", script("exec sleep 61"));
        assertThat(change.action()).isEqualTo(Action.REFUSED);
        assertThat(change.reason()).contains("started by a call");
    }

    @Test
    void aTypeThatIsAwayIsWaitedFor() {
        node.node.types().remove("guest", 1);
        PlannedChange change = planOne("w", script("exec sleep 60"));
        assertThat(change.action()).isEqualTo(Action.WAIT);
        assertThat(change.reason()).contains("guest");
    }

    @Test
    void anIdThatMovesToAnotherTypeIsARestart() {
        node.node
                .types()
                .add(new WorkerTypes.Provider(
                        "other", new TestNode.Guest(), "test", new org.osgi.framework.Version(1, 0, 0), 0, 7));
        configure("w", script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        List<PlannedChange> changes =
                plan(delete("w"), ConfigurationChange.of("io.millwright.worker.other~w", script("exec sleep 60")));
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.action()).isEqualTo(Action.RESTART);
            assertThat(change.keys()).containsExactly("type");
        });
    }

    @Test
    void aSecondConfigurationOfAnIdIsRefused() {
        configure("w", script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        Map<String, Object> options = new LinkedHashMap<>(script("exec sleep 60"));
        options.put("worker.id", "w");
        List<PlannedChange> changes = plan(ConfigurationChange.of(GUEST + "another", options));
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.id()).isEqualTo("w");
            assertThat(change.action()).isEqualTo(Action.REFUSED);
            assertThat(change.reason()).contains(GUEST + "w");
        });
    }

    @Test
    void someOptionsOfAWorkerCanBeChangedWithoutTellingTheOthers() {
        configure("w", script("exec sleep 60", "env.vars", Map.of("TOKEN", Map.of("secret", "s3cret"))));
        node.awaitState("w", WorkerState.STARTED);
        assertThat(planOptions("w", Map.of("log.ring", 3)).keys()).containsExactly("log.ring");
        assertThat(planOptions("w", Map.of("restart", "always")).action()).isEqualTo(Action.IN_PLACE);
        PlannedChange token = planOptions("w", Map.of("env.vars.TOKEN", "plain"));
        assertThat(token.action()).isEqualTo(Action.RESTART);
        assertThat(token.keys()).containsExactly("env.vars");
        assertThat(token.toMap().toString()).doesNotContain("s3cret");
        Map<String, @Nullable Object> without = new LinkedHashMap<>();
        without.put("arguments", null);
        assertThat(planOptions("w", without).keys()).containsExactly("arguments");
        assertThat(planOptions("w", Map.of()).action()).isEqualTo(Action.UNCHANGED);
        assertThatThrownBy(() -> planOptions("nobody", Map.of()))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_WORKER));
    }

    private PlannedChange planOptions(String id, Map<String, @Nullable Object> options) {
        return quiet(
                () -> get(node.controller.getPlanner().options(id(id), options)).get(0));
    }

    @Test
    void aStartSaysWhatTheStartWouldAnswer() {
        assertThat(planStart("w", script("exec sleep 60")).action()).isEqualTo(Action.START);
        assertThat(planStart("w", Map.of("executable", "no-such-program")).problems())
                .hasSize(1);
        node.start("w", script("exec sleep 60"));
        assertThat(planStart("w", script("exec sleep 60")).reason()).contains("is started");
        configure("c", script("exec sleep 60"));
        node.awaitState("c", WorkerState.STARTED);
        node.stop("c");
        node.awaitState("c", WorkerState.INACTIVE);
        assertThat(planStart("c", script("exec sleep 60")).reason()).contains("is configured by");
        List<Outcome<PlannedChange>> known =
                quiet(() -> get(node.controller.getPlanner().start(WorkerSelector.of("*"))));
        assertThat(known).singleElement().satisfies(outcome -> {
            assertThat(outcome.id()).isEqualTo(id("c"));
            assertThat(outcome.result()).isNotNull();
            assertThat(outcome.result().action()).isEqualTo(Action.START);
        });
        get(node.controller.startWorkers(WorkerSelector.of("c"), TestNode.ME));
    }

    private PlannedChange planStart(String id, Map<String, Object> options) {
        return quiet(() -> get(node.controller.getPlanner().start(WorkerSpec.of(id(id), "guest", options)))
                .get(0));
    }

    @Test
    void theNodesOwnOptionsComeFirst() {
        node.node.setOptions(Map.of("title", "Mill"));
        List<PlannedChange> changes = plan(
                write("w", script("true")),
                ConfigurationChange.of("io.millwright.controller", Map.of("title", "Other", "history.size", "7")));
        assertThat(changes).extracting(PlannedChange::id).containsExactly("controller", "w");
        assertThat(changes.get(0).action()).isEqualTo(Action.IN_PLACE);
        assertThat(changes.get(0).keys()).containsExactly("history.size", "title");
        assertThat(plan(ConfigurationChange.of("io.millwright.controller", Map.of("titel", "x"))))
                .singleElement()
                .satisfies(change -> assertThat(change.action()).isEqualTo(Action.REFUSED));
    }

    @Test
    void aFileIsReadByTheSourceThatTakesIt() {
        assertThatThrownBy(() -> get(node.controller.getPlanner().file(Path.of("x.json"))))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE));
        source(ConfigurationSource.Proposal.of(List.of(write("w", script("true"))), List.of()));
        assertThat(get(node.controller.getPlanner().file(Path.of("x.json"))))
                .extracting(PlannedChange::action)
                .containsExactly(Action.START);
        source(ConfigurationSource.Proposal.of(List.of(), List.of(Problem.definition("workers", "is wrong"))));
        assertThatThrownBy(() -> get(node.controller.getPlanner().file(Path.of("x.json"))))
                .isInstanceOfSatisfying(NodeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e.problems()).hasSize(1);
                });
    }

    private void source(ConfigurationSource.Proposal proposal) {
        ConfigurationSource source = new ConfigurationSource() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public List<Problem> problems() {
                return List.of();
            }

            @Override
            public Optional<Proposal> propose(Path file) {
                return Optional.of(proposal);
            }
        };
        node.node.sources().set(List.of(new Sources.Source("test", source)));
    }
}
