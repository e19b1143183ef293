package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that tell what was, or a part of it: logs, events, the history, why; and stops with options of their own. */
class QueriesTest {
    private final Shell shell = new Shell();

    @BeforeEach
    void worker() {
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private static LogEntry line(int second, String text) {
        return LogEntry.of(FakeNode.NOW.plusSeconds(second), LogEntry.Stream.STDERR, null, text);
    }

    private static NodeEvent event(long number) {
        return NodeEvent.of(
                "io/millwright/worker/STARTED",
                FakeNode.NOW,
                Map.of("worker.id", "w", "worker.pid", 1000 + number, "seq", number, "node.life", "life"));
    }

    @ParameterizedTest
    @CsvSource({
        "'worker:stop w', 'GRACEFUL [w] by shell:ann'",
        "'worker:stop w --timeout 5s', 'GRACEFUL timeout=PT5S [w] by shell:ann'",
        "'worker:stop --timeout=0 w x', 'GRACEFUL timeout=PT0S [w, x] by shell:ann'",
        "'worker:stop --all --signal sigint --timeout 1500ms', 'GRACEFUL timeout=PT1.5S signal=INT [*] by shell:ann'",
        "'worker:restart w --signal usr1 --timeout 5s', 'restart [w] [] 0 GRACEFUL timeout=PT5S signal=USR1'",
        "'worker:restart w --first-failure-ends', 'restart [w] [] 0 first failure ends'",
        "'worker:restart --type guest --first-failure-ends --at-once 2', 'restart [*] [guest] 2 first failure ends'",
        "'worker:history', 'HistoryQuery[worker=null, before=null, limit=2147483647]'",
        "'worker:history w -n 20 --before 41', 'HistoryQuery[worker=w, before=41, limit=20]'",
        "'worker:log w --grep x', 'LogQuery[text x] after=null before=null null 100 0'",
        "'worker:log w --grep \"\" -n 7', 'LogQuery[text ] after=null before=null null 7 0'",
        "'worker:log w --pattern ^a+$ --context 3 --stream stdout',"
                + " 'LogQuery[regex ^a+$] after=null before=null STDOUT 100 3'",
        "'worker:log w --since 2026-01-02T03:04:05Z --until 2026-01-02T04:04:05.5+01:00',"
                + " 'LogQuery[text ] after=2026-01-02T03:04:05Z before=2026-01-02T03:04:05.500Z null 100 0'",
    })
    void theNodeIsAskedForIt(String line, String expected) throws Exception {
        shell.node.with(FakeNode.worker("x", WorkerState.STARTED));
        shell.run(line);
        assertThat(shell.node.calls).containsExactly(expected);
        assertThat(shell.exitCode()).isEqualTo(0);
    }

    @Test
    void theListOfThoseThatAreNamed() throws Exception {
        shell.node.with(
                FakeNode.worker("web-1", WorkerState.STARTED),
                FakeNode.worker("web-2", WorkerState.EXITED),
                FakeNode.worker("db", WorkerState.STARTED));
        assertThat(shell.run("worker:list 'web*'")).contains("web-1").doesNotContain("web-2", "db");
        assertThat(shell.run("worker:list --all 'web??' 'db?'")).as("globs").doesNotContain("db");
        assertThat(shell.run("worker:list web-2 db"))
                .as("ids, in whatever state")
                .contains("web-2", "db")
                .doesNotContain("web-1");
        assertThat(shell.failure("worker:list gone")).startsWith("no_such_worker");
    }

    @Test
    void aStopSaysHowLongItHolds() throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.EXITED).toBuilder()
                .origin("call")
                .build());
        assertThat(shell.run("worker:stop w")).as("not configured").doesNotContain("node");
        shell.node.with(FakeNode.worker("w", WorkerState.INACTIVE).toBuilder()
                .origin("node.json")
                .operatorWord("stopped by shell:ann")
                .build());
        assertThat(shell.run("worker:stop w"))
                .contains(
                        "it rests after restarts of the node too, until it is started; with --once a stop is for now only");
        shell.node.with(FakeNode.worker("x", WorkerState.INACTIVE));
        assertThat(shell.run("worker:stop w x")).contains("1 of them rests after restarts");
        shell.node.with(FakeNode.worker("w", WorkerState.INACTIVE).toBuilder()
                .origin("node.json")
                .build());
        assertThat(shell.run("worker:stop w --once")).contains("for now only: the node's next start starts it");
        assertThat(shell.run("worker:stop w --json")).doesNotContain("for now only");
    }

    @ParameterizedTest
    @CsvSource({
        "disabled, true, false",
        "schedule.cron, 0 4 * * *, false",
        "start.on, demand, false",
        "start.on, boot, true"
    })
    void aStopForNowSaysWhatTheNextStartDoes(String key, String value, boolean starts) throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.INACTIVE).toBuilder()
                .origin("node.json")
                .options(Map.of(key, value))
                .build());
        assertThat(shell.run("worker:stop w --once"))
                .contains(
                        starts
                                ? "for now only: the node's next start starts it"
                                : "for now only: from the node's next start on its configuration counts again");
        shell.node.with(FakeNode.worker("x", WorkerState.INACTIVE));
        assertThat(shell.run("worker:stop w x --once"))
                .contains("the node's next start starts those that are configured to start with it");
    }

    @Test
    void aStopThatIsDoneIsSaidEvenIfNothingMoreCanBeAsked() throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.INACTIVE));
        shell.node.listFault = new NodeException(ErrorCode.INTERNAL, "the connection is lost");
        assertThat(shell.run("worker:stop w")).contains("w stopped").doesNotContain("lost");
        shell.node.with(FakeNode.worker("x", WorkerState.INACTIVE));
        assertThat(shell.run("worker:stop w x")).contains("w   stopped", "x   stopped");
    }

    @Test
    void timesAreLocalOrSoLongAgoToo() {
        Instant now = Instant.parse("2026-06-01T12:00:00Z");
        assertThat(time("--since=90s", now)).isEqualTo(now.minusSeconds(90));
        assertThat(time("--since=2026-05-31 13:00", now))
                .isEqualTo(time("--since=2026-05-31T13:00:00", now))
                .isEqualTo(LocalDateTime.parse("2026-05-31T13:00")
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
    }

    private static Object time(String option, Instant now) {
        Usage usage = Usage.of("x:y", "", "").options("--since");
        return java.util.Objects.requireNonNull(Values.time(usage.parse(List.of(option)), "--since", now));
    }

    @Test
    void aSignalThatIsNoneIsRefused() {
        assertThat(shell.failure("worker:stop w --signal NONE")).startsWith("invalid_argument: ");
        assertThat(shell.failure("worker:log w --grep x -n 0")).startsWith("invalid_argument: limit must be");
        assertThat(shell.failure("worker:history -n 0")).startsWith("invalid_argument: limit must be");
        assertThat(shell.node.calls).isEmpty();
    }

    @Test
    void whatASearchHasFound() throws Exception {
        assertThat(shell.run("worker:log w --grep x")).as("on a terminal").isEqualTo("(no line fits)\n");
        shell.session.put("millwright.terminal", false);
        assertThat(shell.run("worker:log w --grep x")).as("in a pipe").isEmpty();
        assertThat(shell.run("worker:log w --grep x --json"))
                .isEqualTo("{\"matches\":[],\"more\":false,\"problems\":[]}\n");
        shell.node.matches = LogMatches.of(
                List.of(
                        LogMatches.Match.of(line(1, "one x"), List.of(), List.of()),
                        LogMatches.Match.of(line(2, "two x"), List.of(), List.of())),
                true,
                List.of("a.log could not be read"));
        assertThat(shell.run("worker:log w --grep x").lines())
                .hasSize(4)
                .startsWith(
                        "... a.log could not be read ...",
                        "... older lines fit too: --until 2026-01-02T03:04:06.678Z ...")
                .element(3)
                .asString()
                .matches("2026-01-0[123] [0-9:.]{12} err  two x");
        shell.node.matches = LogMatches.of(
                List.of(LogMatches.Match.of(line(2, "x"), List.of(line(1, "before")), List.of(line(3, "after")))),
                false,
                List.of());
        assertThat(shell.run("worker:log w --grep x --context 1").lines().map(one -> one.replaceAll("2026.* err", "")))
                .containsExactly("    before", ">   x", "    after", "--");
        assertThat(shell.failure("worker:log gone --grep x")).startsWith("no_such_worker");
    }

    @Test
    void eventsAfterANumber() throws Exception {
        shell.node.events.addAll(List.of(event(3), event(4), event(5)));
        assertThat(shell.run("node:events -n 1")).contains("  5  w  worker.started  worker.pid=1005");
        assertThat(shell.run("node:events --after 4").lines())
                .singleElement()
                .asString()
                .contains("  5  w  ");
        shell.node.lost = 2;
        assertThat(shell.run("node:events --after 0").lines()).hasSize(4).startsWith("... 2 events lost ...");
        assertThat(shell.run("node:events --after 3 --json"))
                .startsWith("{\"events\":[{\"topic\":")
                .endsWith("\"lost\":2,\"life\":\"life\"}\n");
    }

    @Test
    void theGraphOfWhatWorkersNeed() throws Exception {
        assertThat(shell.run("worker:graph")).isEqualToIgnoringNewLines("no worker needs another");
        shell.node.with(
                FakeNode.worker("web", WorkerState.BACKOFF).toBuilder()
                        .options(Map.of("requires", List.of("w:bind", "job:completed"), "after", List.of("cache")))
                        .build(),
                FakeNode.worker("alone", WorkerState.STARTED));
        assertThat(shell.run("worker:graph"))
                .isEqualTo(
                        """
                        cache  not configured
                        job  not configured
                        w  started
                        web  backoff
                          requires w:bind  started
                          requires job:completed  not configured
                          after cache  not configured
                        """);
        assertThat(shell.run("worker:graph --dot"))
                .isEqualTo(
                        """
                        digraph workers {
                          "cache" [label="cache\\nnot configured"];
                          "job" [label="job\\nnot configured"];
                          "w" [label="w\\nstarted"];
                          "web" [label="web\\nbackoff"];
                          "web" -> "w" [label="bind"];
                          "web" -> "job" [label="completed"];
                          "web" -> "cache" [style=dashed];
                        }
                        """);
        assertThat(shell.run("worker:graph --json"))
                .contains(
                        "{\"id\":\"web\",\"status\":\"backoff\",\"after\":[\"cache\"],\"requires\":[\"w:bind\",\"job:completed\"]}",
                        "{\"id\":\"job\",\"status\":null");
    }

    @Test
    void historyInPages() throws Exception {
        for (int i = 0; i < 3; i++) {
            shell.node.history.add(WorkerRun.builder(new WorkerId("w"), "guest", FakeNode.NOW, FakeNode.EXIT)
                    .pid(100L + i)
                    .build());
        }
        assertThat(shell.run("worker:history").lines()).hasSize(4);
        assertThat(shell.run("worker:history --json")).startsWith("[{");
        assertThat(shell.run("worker:history -n 2").lines()).hasSize(4).endsWith("... older ones: --before 41 ...");
        assertThat(shell.run("worker:history -n 2 --json"))
                .startsWith("{\"runs\":[{")
                .endsWith("\"before\":41}\n");
    }

    @Test
    void logAndEvents() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED));
        assertThat(shell.run("worker:log web"))
                .as("on a terminal")
                .startsWith("(it has written nothing yet; many programs");
        shell.session.put("millwright.terminal", false);
        assertThat(shell.run("worker:log web")).isEmpty();
        shell.session.put("millwright.terminal", null);
        for (int i = 0; i < 5; i++) {
            shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, null, "line " + i + " ü界"));
            shell.node.events.add(NodeEvent.of(
                    "io/millwright/worker/STARTED", FakeNode.NOW, Map.of("worker.id", "web", "worker.pid", 1000L + i)));
        }
        assertThat(shell.run("worker:log -n 2 web").lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("[0-9:.]{12} err  line 4 ü界");
        assertThat(shell.run("worker:log -n 1 web --json"))
                .isEqualToIgnoringNewLines(
                        "[{\"time\":\"2026-01-02T03:04:05.678Z\",\"stream\":\"stderr\",\"level\":null,\"text\":\"line 4 ü界\"}]");
        assertThat(shell.run("node:events -n 2").lines())
                .hasSize(2)
                .last()
                .asString()
                .endsWith("  web  worker.started  worker.pid=1004");
        assertThat(shell.run("node:events -n 1 --json")).startsWith("[{\"topic\":\"io/millwright/worker/STARTED\"");
    }

    @Test
    void whyTellsTheChainOfCausesInTheWordsOfTheTable() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.EXITED), FakeNode.worker("up", WorkerState.STARTED));
        String cause = "signal TERM (requested): stopped by shell:ann";
        assertThat(shell.run("worker:why web")).isEqualTo("web is exited, restarted 3 times\n  " + cause + "\n");
        assertThat(shell.run("worker:info web")).containsPattern("why +\\Q" + cause);
        shell.session.put("COLUMNS", 200);
        assertThat(shell.run("worker:list --all")).containsPattern("web .*\\Q" + cause);
        assertThat(shell.run("worker:why up"))
                .startsWith("up is started, for 3d4h, restarted 3 times\nit has written nothing yet;")
                .contains("stdbuf -oL");
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, null, "no such port"));
        assertThat(shell.run("worker:why web")).endsWith("its last lines:\n  " + shell.run("worker:log web"));
        assertThat(shell.run("worker:why web --json"))
                .startsWith("{\"id\":\"web\",\"status\":\"exited\",\"why\":[\"" + cause + "\"],\"restarts\":3,"
                        + "\"next_start\":null,\"exit\":{\"class\":\"requested\",")
                .contains("\"log\":[{\"time\":");
        assertThat(shell.run("worker:reopen-logs --json")).isEqualToIgnoringNewLines("{\"workers\":2}");
        assertThat(shell.run("worker:reopen-logs")).isEmpty();
        assertThat(shell.node.calls).containsExactly("reopen by shell:ann", "reopen by shell:ann");
        assertThat(shell.run("worker:rotate web up")).isEmpty();
        assertThat(shell.node.calls).contains("rotate web by shell:ann", "rotate up by shell:ann");
    }

    @Test
    void whyTellsTheCausesWithoutTheLogToWhoMayNotReadIt() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.EXITED), FakeNode.worker("up", WorkerState.STARTED));
        shell.node.readsLogs = false;
        assertThat(shell.run("worker:why up"))
                .isEqualTo("up is started, for 3d4h, restarted 3 times\n"
                        + "its last lines are not for your role: a log_observer or an operator may read logs\n");
        assertThat(shell.run("worker:why web --json"))
                .contains("stopped by shell:ann")
                .endsWith(",\"log\":null}\n");
    }
}
