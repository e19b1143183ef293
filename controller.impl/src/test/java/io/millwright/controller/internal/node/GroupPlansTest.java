package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.options.NodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan of a change of a group of instances says what happens to each of them, and that happens. */
@Tag("long")
class GroupPlansTest {
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

    /** Options as words: a number of instances, or {@code key=value}; {@code -} for none. */
    private static Map<String, Object> options(String words) {
        Map<String, Object> options = script("exec sleep 60");
        for (String word : words.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (!word.equals("-")) {
                options.put("instances", Integer.valueOf(word));
            }
        }
        return options;
    }

    private void configure(String worker, String words) {
        node.node.configure(
                new Configured(GUEST + worker, worker + ".cfg", WorkerSpec.of(id(worker), "guest", options(words))));
    }

    private static ConfigurationChange write(String worker, String words) {
        return ConfigurationChange.of(GUEST + worker, options(words));
    }

    private List<PlannedChange> plan(ConfigurationChange... changes) {
        String before = photograph();
        List<PlannedChange> plan = get(node.controller.getPlanner().configurations(List.of(changes)));
        assertThat(photograph()).isEqualTo(before);
        return plan;
    }

    private String photograph() {
        List<Object> all = new ArrayList<>();
        for (WorkerInfo info : node.controller.listWorkers(Scope.ALL)) {
            all.add(List.of(info.id(), info.status(), String.valueOf(info.pid()), String.valueOf(info.reason())));
        }
        return all.toString();
    }

    private static String row(PlannedChange change) {
        return (change.id() + " " + change.action().text() + " " + String.join(",", change.keys())).trim();
    }

    private static List<String> rows(List<PlannedChange> plan) {
        return plan.stream().map(GroupPlansTest::row).toList();
    }

    private Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        for (WorkerInfo info : node.controller.listWorkers(Scope.LIVE)) {
            if (!info.isGroup() && info.pid() != null) {
                pids.put(info.id().value(), info.pid());
            }
        }
        return pids;
    }

    private void quiet(String worker, int count) {
        for (int i = 1; i <= count; i++) {
            node.awaitState(worker + "-" + i, WorkerState.STARTED);
        }
        if (count == 0) {
            node.awaitState(worker, WorkerState.STARTED);
        }
    }

    private static int count(String words) {
        String first = words.split(" ")[0];
        return first.matches("[0-9]+") ? Integer.parseInt(first) : 0;
    }

    /** What is configured before, what then, and what is planned for each worker. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 2 | web-1 unchanged; web-2 unchanged",
                "2 | 3 | web-1 unchanged; web-2 unchanged; web-3 start",
                "3 | 1 | web-1 unchanged; web-2 stop; web-3 stop",
                "2 | 2 log.ring=5 | web-1 in place log.ring; web-2 in place log.ring",
                "2 | 2 umask=0027 | web-1 restart umask; web-2 restart umask",
                "3 | 2 umask=0027 log.ring=5 | web-1 restart umask; web-2 restart umask; web-3 stop",
                "1 | 10 | web-1 unchanged; web-2 start; web-3 start; web-4 start; web-5 start; web-6 start; web-7 start;"
                        + " web-8 start; web-9 start; web-10 start",
                "- | 2 | web stop; web-1 start; web-2 start",
                "2 | - | web start; web-1 stop; web-2 stop",
                "'' | 2 | web-1 start; web-2 start",
            })
    void whatIsSaidOfEachInstanceIsWhatHappens(String before, String after, String planned) {
        if (!before.isEmpty()) {
            configure("web", before);
            quiet("web", count(before));
        }
        Map<String, Long> pids = pids();
        List<PlannedChange> plan = plan(write("web", after));
        assertThat(rows(plan)).containsExactly(planned.split("; "));

        configure("web", after);
        for (PlannedChange change : plan) {
            String id = change.id();
            Long pid = pids.get(id);
            await(id).until(() -> switch (change.action()) {
                case UNCHANGED, IN_PLACE -> pid != null && pid.equals(pids().get(id));
                case START -> pid == null && pids().containsKey(id);
                case RESTART -> pid != null && pids().containsKey(id) && !pid.equals(pids().get(id));
                case STOP -> pid != null && !pids().containsKey(id);
                default -> false;
            });
        }
        quiet("web", count(after));
        assertThat(rows(plan(write("web", after)))).allMatch(row -> row.endsWith(" unchanged"));
    }

    @Test
    void saysWhyAndHowManyAtATime() {
        configure("web", "4 reload.at_once=2");
        quiet("web", 4);
        List<PlannedChange> plan = plan(write("web", "3 umask=0027 reload.at_once=2"));
        assertThat(plan)
                .extracting(PlannedChange::reason)
                .containsExactly("2 at a time", "2 at a time", "2 at a time", "'web' asks for 3 instances");
        assertThat(plan(write("web", "-")))
                .extracting(PlannedChange::reason)
                .containsOnly(null, "'web' asks for no instances");
        get(node.controller.stopWorker(id("web-2"), StopOptions.GRACEFUL, ME));
        assertThat(rows(plan(write("web", "4 umask=0027 reload.at_once=2"))))
                .containsExactly(
                        "web-1 restart umask", "web-2 in place umask", "web-3 restart umask", "web-4 restart umask");
    }

    @Test
    void aDeletedGroupStopsAndFreesItsIds() {
        configure("web", "2");
        quiet("web", 2);
        ConfigurationChange delete = ConfigurationChange.of(GUEST + "web", null);
        assertThat(rows(plan(delete))).containsExactly("web-1 stop", "web-2 stop");
        Map<String, Object> renamed = new LinkedHashMap<>(options("-"));
        renamed.put("worker.id", "web");
        assertThat(rows(plan(delete, ConfigurationChange.of(GUEST + "other", renamed))))
                .containsExactly("web start", "web-1 stop", "web-2 stop");
        assertThat(rows(plan(delete, write("web-2", "-")))).containsExactly("web-1 stop", "web-2 restart");
        assertThat(rows(plan(write("web", "1"), write("web-2", "-"))))
                .containsExactly("web-1 unchanged", "web-2 restart");
    }

    /** A worker there is, and what is refused beside it. */
    @ParameterizedTest
    @CsvSource({"web-2, -, web, 3", "web, 2, web-2, -", "web-2, -, web, 2", "web-2, 2, web, 2", "web, 2, web-2, 2"})
    void aCollisionIsRefusedInOneRow(String first, String before, String second, String after) {
        // Both in one file.
        List<PlannedChange> both = plan(write(first, before), write(second, after));
        assertThat(both)
                .filteredOn(change -> change.action() == PlannedChange.Action.REFUSED)
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.id()).isEqualTo(second);
                    assertThat(change.reason()).contains("is configured by").contains(first);
                });
        configure(first, before);
        quiet(first, count(before));
        assertThat(plan(write(second, after))).singleElement().satisfies(change -> {
            assertThat(change.id()).isEqualTo(second);
            assertThat(change.action()).isEqualTo(PlannedChange.Action.REFUSED);
            assertThat(change.reason()).contains("is configured by " + first + ".cfg");
        });
        // The file lists them the other way round, and the one that is there keeps its id.
        assertThat(rows(plan(write(second, after), write(first, before)))).contains(second + " refused");
    }

    @Test
    void wrongOptionsAreRefusedForEachInstance() {
        assertThat(rows(plan(write("web", "0")))).containsExactly("web refused");
        configure("web", "2");
        quiet("web", 2);
        for (String wrong : List.of("0", "1001", "2 stop.timout=5s")) {
            assertThat(rows(plan(write("web", wrong)))).containsExactly("web-1 refused", "web-2 refused");
        }
    }

    @Test
    void otherOptionsOfEveryWorkerReachEachInstance() {
        configure("web", "2");
        quiet("web", 2);
        ConfigurationChange own = ConfigurationChange.of(NodeOptions.PID, Map.of("worker.defaults.umask", "0027"));
        assertThat(rows(plan(own))).contains("web-1 restart umask", "web-2 restart umask");
        assertThat(rows(plan(own, write("web", "1")))).contains("web-1 restart umask", "web-2 stop");
    }

    @Test
    void aStartByACallIsPlannedForEachInstance() {
        assertThat(rows(start("3"))).containsExactly("web-1 start", "web-2 start", "web-3 start");
        assertThat(start("0")).singleElement().satisfies(change -> {
            assertThat(change.action()).isEqualTo(PlannedChange.Action.REFUSED);
            assertThat(change.problems().toString()).contains("instances");
        });
        node.start("web-2", options("-"));
        assertThat(start("3")).singleElement().satisfies(change -> {
            assertThat(row(change)).isEqualTo("web refused");
            assertThat(change.reason()).contains("asks for the id web-2");
        });
        node.stop("web-2");
        node.start("web", options("3"));
        assertThat(rows(start("3"))).containsExactly("web refused");
    }

    private List<PlannedChange> start(String words) {
        String before = photograph();
        List<PlannedChange> plan =
                get(node.controller.getPlanner().start(WorkerSpec.of(id("web"), "guest", options(words))));
        assertThat(photograph()).isEqualTo(before);
        return plan;
    }

    @Test
    void someOptionsOfAGroupCanBeChanged() {
        configure("web", "2");
        configure("one", "-");
        quiet("web", 2);
        quiet("one", 0);
        assertThat(rows(change("web", Map.of("instances", 3, "log.ring", 5))))
                .containsExactly("web-1 in place log.ring", "web-2 in place log.ring", "web-3 start");
        assertThat(rows(change("web", Map.of("umask", "0027"))))
                .containsExactly("web-1 restart umask", "web-2 restart umask");
        assertThat(rows(change("one", Map.of("instances", 1)))).containsExactly("one stop", "one-1 start");
        assertThatThrownBy(() -> change("web-1", Map.of("umask", "0027")))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("'web-1' is an instance of 'web'");
        assertThatThrownBy(() -> change("wbe", Map.of())).hasMessageContaining("did you mean 'web'");
    }

    private List<PlannedChange> change(String worker, Map<String, Object> options) {
        return get(node.controller.getPlanner().options(id(worker), options));
    }

    @Test
    void aScaledNumberIsPlannedAsItHolds() {
        configure("web", "2");
        quiet("web", 2);
        get(node.controller.scaleWorker(id("web"), ScaleOptions.of(3), ME));
        assertThat(rows(plan(write("web", "2"))))
                .containsExactly("web-1 unchanged", "web-2 unchanged", "web-3 unchanged");
        assertThat(rows(plan(write("web", "1")))).containsExactly("web-1 unchanged", "web-2 stop", "web-3 stop");
    }
}
