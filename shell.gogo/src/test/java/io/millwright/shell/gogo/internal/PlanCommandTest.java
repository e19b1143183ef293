package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerState;
import io.millwright.shell.gogo.internal.json.JsonInput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code worker:plan} and {@code worker:start --dry-run}: what is asked, and how the answer looks. */
class PlanCommandTest {
    private final Shell shell = new Shell();

    @AfterEach
    void close() {
        shell.close();
    }

    private void answer(Action action, List<String> keys, Problem... problems) {
        shell.node.planned.add(PlannedChange.of("a", "guest", action, keys, null, List.of(problems)));
    }

    @Test
    void someOptionsOfAWorkerOrAWholeConfigurationOrAFile() throws Exception {
        answer(Action.RESTART, List.of("arguments"));
        assertThat(shell.run("worker:plan a log.ring=5 -- /bin/sleep 60"))
                .contains("WOULD")
                .contains("restart")
                .contains("arguments");
        shell.run("worker:plan a guest log.ring=5");
        shell.run("worker:plan --node draft.json");
        assertThat(shell.node.calls)
                .containsExactly(
                        "plan a {log.ring=5, executable=/bin/sleep, arguments=[60]}",
                        "plan [write io.millwright.worker.guest~a [log.ring]] {log.ring=5}",
                        "plan file draft.json");
        assertThat(shell.exitCode()).isEqualTo(0);
    }

    @Test
    void whatIsRefusedIsListedWithItsProblemsAndGivesExitCodeOne() throws Exception {
        answer(Action.REFUSED, List.of(), Problem.definition("stop.timout", "is not an option"));
        shell.node.planned.add(PlannedChange.of("b", "guest", Action.UNCHANGED, List.of(), null, List.of()));
        assertThat(shell.run("worker:plan --node draft.json"))
                .contains("a is refused\n  stop.timout: is not an option")
                .contains("1 unchanged");
        assertThat(shell.exitCode()).isEqualTo(1);
    }

    @Test
    void aGroupIsARowForEachInstance() throws Exception {
        for (int i = 1; i <= 3; i++) {
            shell.node.planned.add(PlannedChange.of(
                    "a-" + i,
                    "guest",
                    i == 3 ? Action.STOP : Action.RESTART,
                    i == 3 ? List.of() : List.of("umask"),
                    i == 3 ? "'a' asks for 2 instances" : "1 at a time",
                    List.of()));
        }
        for (String command : List.of("worker:plan a umask=0027", "worker:start a guest --dry-run -- /bin/true")) {
            assertThat(shell.run(command).lines().map(line -> line.trim().replaceAll(" +", " ")))
                    .contains("a-1 guest restart umask 1 at a time", "a-2 guest restart umask 1 at a time")
                    .anyMatch(line -> line.startsWith("a-3 guest stop 'a' asks for 2 instances"));
        }
        assertThat(shell.run("worker:plan a umask=0027 --json"))
                .contains("\"a-3\"")
                .contains("\"1 at a time\"");
    }

    @Test
    void nothingToDoIsSaid() throws Exception {
        answer(Action.UNCHANGED, List.of());
        assertThat(shell.run("worker:plan a x=1")).isEqualTo("nothing would change\n");
    }

    @Test
    @SuppressWarnings("unchecked")
    void asJsonItIsAList() throws Exception {
        answer(Action.IN_PLACE, List.of("log.ring"));
        List<Map<String, Object>> json =
                (List<Map<String, Object>>) JsonInput.value(shell.run("worker:plan a x=1 --json"));
        assertThat(json).singleElement().satisfies(change -> assertThat(change)
                .containsEntry("id", "a")
                .containsEntry("action", "in_place")
                .containsEntry("keys", List.of("log.ring"))
                .containsEntry("problems", List.of()));
    }

    @Test
    void aDryRunStartsNothing() throws Exception {
        answer(Action.START, List.of());
        assertThat(shell.run("worker:start a guest --dry-run -- /bin/true")).contains("start");
        assertThat(shell.node.spec).isNotNull();
        shell.node.with(FakeNode.worker("a", WorkerState.EXITED));
        assertThat(shell.run("worker:start a --dry-run")).contains("start");
        assertThat(shell.run("worker:start --all --dry-run --json")).contains("\"action\":\"start\"");
        assertThat(shell.node.calls).isEmpty();
        shell.node.planned.clear();
        answer(Action.REFUSED, List.of());
        shell.run("worker:start a --dry-run");
        assertThat(shell.exitCode()).isEqualTo(1);
    }

    @Test
    void aStartIsSavedAndDeletedByItsUser() throws Exception {
        assertThat(shell.run("worker:start a guest --save -- /bin/sleep 60")).contains("a started, pid");
        shell.node.with(FakeNode.worker("a", WorkerState.STARTED));
        assertThat(shell.run("worker:delete a")).isEmpty();
        assertThat(shell.failure("worker:delete a b")).contains("1 of 2 failed").contains("no worker 'b'");
        assertThat(shell.node.calls)
                .containsExactly(
                        "save a by shell:ann",
                        "delete a by shell:ann",
                        "delete a by shell:ann",
                        "delete b by shell:ann");
    }
}
