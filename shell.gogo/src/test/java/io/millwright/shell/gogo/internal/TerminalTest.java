package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What reaches a terminal, and how wide. The kind: text from anywhere (workers, options, plug-ins, file names, what was typed)
 * that a terminal would act on; every command is a place it could leak through. And: what fits a terminal's width must be cut to
 * it, and nothing else may be cut.
 */
class TerminalTest {
    /** ESC, an OSC that sets the title, C1 CSI, CR, BS, BEL, DEL, NEL, a line separator and a right-to-left override. */
    private static final String EVIL =
            "x\u001b[2J\u001b]0;pwned\u0007\u009b31m\r\b\u007f\u0085\u2028\u202ey\u001b[31mred";

    private final Shell shell = new Shell();

    @AfterEach
    void close() {
        shell.close();
    }

    private static WorkerInfo evil(WorkerState state) {
        WorkerExit exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 1, null, EVIL, FakeNode.NOW);
        WorkerInfo usual = FakeNode.worker("w", state);
        return WorkerInfo.builder(usual.id(), EVIL, state)
                .reason(EVIL)
                .pid(usual.pid())
                .created(usual.created())
                .started(usual.started())
                .startupTime(usual.startupTime())
                .uptime(usual.uptime())
                .restarts(usual.restarts())
                .exit(exit)
                .origin(EVIL)
                .who(usual.who())
                .options(Map.of(EVIL, EVIL, "requires", List.of(EVIL)))
                .customizers(List.of(EVIL))
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker:list --all",
                "worker:list --all --json",
                "worker:info w",
                "worker:info w --json",
                "worker:history",
                "worker:graph",
                "worker:graph --dot",
                "worker:types",
                "worker:log w",
                "worker:log w --json",
                "worker:check w guest",
                "worker:start w guest",
                "worker:start w guest --json",
                "worker:stop w",
                "worker:stop w v",
                "worker:stop $evil",
                "worker:forget w $evil",
                "worker:info $evil",
                "worker:signal w $evil",
                "worker:start w guest $evil",
                "worker:start w guest --json $evil",
                "worker:list --all $evil",
                "worker:wait w",
                "worker:why w",
                "worker:why w --json",
                "node:events",
                "node:shutdown --mode $evil",
                "node:process $evil",
                "node:doctor",
                "node:doctor --json",
                "node:status",
                "worker:call w get_text",
                "worker:call w get_text --json",
                "worker:call w $evil",
                "worker:component list w",
                "worker:component info w $evil",
                "worker:log w --grep x",
                "worker:log w --grep x --context 1",
                "worker:log w --pattern $evil",
                "worker:log w --since $evil",
                "worker:history w",
                "worker:restart w $evil",
                "worker:restart --type $evil",
                "worker:kill $evil",
            })
    void nothingATerminalActsOnReachesIt(String line) {
        shell.session.put("evil", EVIL);
        shell.node.with(evil(WorkerState.EXITED), FakeNode.worker("v", WorkerState.STARTED));
        LogEntry entry = LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDOUT, EVIL, EVIL);
        WorkerExit exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 1, null, EVIL, FakeNode.NOW);
        shell.node.log.add(entry);
        shell.node.exit = exit;
        shell.node.history.add(WorkerRun.builder(new WorkerId("w"), EVIL, FakeNode.NOW, exit)
                .pid(1L)
                .build());
        shell.node.types.add(WorkerTypeInfo.builder(EVIL, EVIL, EVIL)
                .usable(false)
                .reason(EVIL)
                .build());
        shell.node.events.add(NodeEvent.of("io/millwright/" + EVIL, FakeNode.NOW, Map.of(EVIL, EVIL)));
        shell.node.problems.add(Problem.definition(EVIL, EVIL));
        shell.node.findings.add(Finding.error(EVIL, EVIL, EVIL));
        shell.node.answers.put("get_text", List.of(EVIL, Map.of(EVIL, EVIL)));
        shell.node.answers.put("get_components", List.of(Map.of("id", EVIL, "kind", EVIL, "state", EVIL)));
        shell.node.matches = LogMatches.of(List.of(LogMatches.Match.of(entry, List.of(), List.of())), false, List.of());
        shell.node.failing.put(
                "w",
                new NodeException(
                        ErrorCode.CANNOT_START,
                        EVIL,
                        List.of(Problem.definition(EVIL, EVIL)),
                        List.of(entry),
                        exit,
                        null));
        String shown;
        try {
            shown = shell.run(line);
        } catch (Exception e) {
            shown = shell.printed() + e.getMessage();
        }
        assertThat(shown).as(line).isNotEmpty();
        String withoutColours = shown.replace("\u001b[31m", "").replace("\u001b[0m", "");
        assertThat(withoutColours).as(line).doesNotContainPattern("[\\p{Cntrl}\\x7f-\\x9f\u2028\u202e&&[^\n\t]]");
    }

    @Test
    void recordsAreShownByTheirLevel() throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, null, "plain"));
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, "info", "INFO  said"));
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, "error", "ERROR failed"));
        assertThat(shell.run("worker:log w --level info"))
                .contains("said", "failed")
                .doesNotContain("plain");
        assertThat(shell.run("worker:log w --level WARN")).contains("failed").doesNotContain("plain", "said");
        assertThat(shell.run("worker:log w --level info -n 1"))
                .contains("failed")
                .doesNotContain("said");
        assertThatThrownBy(() -> shell.run("worker:log w --level loud"))
                .hasMessageContaining("--level must be one of trace, debug, info, warn, error, is 'loud'");
        assertThatThrownBy(() -> shell.run("worker:log w --level info --grep x"))
                .hasMessageContaining("--level and --grep exclude each other");
    }

    @Test
    void aLogKeepsItsColoursAndEndsThem() throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDOUT, null, "\u001b[1;31mred\u001b[2J"));
        assertThat(shell.run("worker:log w")).endsWith("out  \u001b[1;31mred\\x1b[2J\u001b[0m\n");
        assertThat(shell.run("worker:log --raw w")).endsWith("out  \u001b[1;31mred\u001b[2J\n");
        assertThat(shell.run("worker:log w --json")).contains("\"text\":\"\\u001b[1;31mred\\u001b[2J\"");
        assertThat(shell.run("worker:log w | test:lines red"))
                .as("a pipe gets what was written")
                .contains("out  \u001b[1;31mred\u001b[2J>");
        shell.session.put("millwright.terminal", false);
        assertThat(shell.run("worker:log w")).endsWith("red\u001b[2J\n");
    }

    @Test
    void tablesFitTheTerminalAndAreWholeInAPipe() throws Exception {
        String reason = "because " + "of this and that ".repeat(20) + "END";
        WorkerInfo usual = FakeNode.worker("w", WorkerState.EXITED);
        shell.node.with(WorkerInfo.builder(usual.id(), "guest", WorkerState.FAILED)
                .reason(reason)
                .origin("call")
                .options(Map.of("text", reason))
                .build());
        for (int width : new int[] {40, 80, 132, 200}) {
            shell.session.put("COLUMNS", width);
            assertThat(shell.run("worker:list --all").lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        }
        assertThat(shell.printed()).as("a wide terminal is used").contains("because of this and that of this and that");
        shell.session.put("COLUMNS", 1000);
        assertThat(shell.run("worker:list --all")).contains(reason).contains("RESTARTS");
        shell.session.put("COLUMNS", 80);
        assertThat(shell.run("worker:list --all | test:lines END")).contains(reason);
        assertThat(shell.run("worker:info w | test:lines why")).contains(reason);
        shell.session.put("millwright.terminal", false);
        assertThat(shell.run("worker:list --all")).contains(reason).contains("RESTARTS");
        assertThat(shell.run("worker:info w")).contains(reason);
        shell.node.events.add(NodeEvent.of("io/millwright/worker/FAILED", FakeNode.NOW, Map.of("reason", reason)));
        assertThat(shell.run("node:events")).contains("END");
    }

    @Test
    void globsThatHaveNothingToDoSayWhy() throws Exception {
        assertThat(shell.run("worker:start '*'")).isEqualToIgnoringNewLines("no worker matches");
        shell.node.with(FakeNode.worker("up", WorkerState.STARTED), disabled("d1"), disabled("d2"));
        shell.node.globless = true;
        assertThat(shell.run("worker:start '*'"))
                .isEqualToIgnoringNewLines(
                        "nothing to do for any that matches: d1, d2 are disabled; up is started; a disabled one is started by its id");
        assertThat(shell.run("worker:start '?p'"))
                .isEqualToIgnoringNewLines("nothing to do for any that matches: up is started");
        assertThat(shell.run("worker:start 'x*'")).isEqualToIgnoringNewLines("no worker matches");
    }

    private static WorkerInfo disabled(String id) {
        WorkerInfo usual = FakeNode.worker(id, WorkerState.INACTIVE);
        return WorkerInfo.builder(usual.id(), "guest", WorkerState.INACTIVE)
                .reason("disabled")
                .origin("node.json")
                .build();
    }
}
