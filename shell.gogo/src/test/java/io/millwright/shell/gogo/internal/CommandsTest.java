package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.shell.gogo.internal.json.JsonInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private final Shell shell = new Shell();

    @AfterEach
    void close() {
        shell.close();
    }

    private static @org.jspecify.annotations.Nullable Object json(String text) throws Exception {
        return JsonInput.value(text);
    }

    @Test
    void everyCommandHelps() throws Exception {
        for (String command : Shell.COMMANDS.keySet()) {
            assertThat(shell.run(command + " --help"))
                    .startsWith("usage: " + command)
                    .contains("\n\n");
            assertThat(shell.run(command + " -h")).startsWith("usage: " + command);
            assertThat(shell.exitCode()).isEqualTo(0);
            assertThat(shell.printed().lines()).allMatch(line -> line.length() <= 120);
        }
    }

    @Test
    void everyCommandRefusesUnknownOptionsWithItsUsage() {
        for (String command : Shell.COMMANDS.keySet()) {
            assertThat(shell.failure(command + " --nonsense"))
                    .contains("'--nonsense' is not known to " + command)
                    .contains("\nusage: " + command);
            assertThat(shell.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void helpListsEveryCommandAndTellsOfEach() throws Exception {
        assertThat(shell.run("node:help").lines())
                .extracting(line -> line.split(" ")[0])
                .containsAll(Shell.COMMANDS.keySet());
        assertThat(shell.run("node:help")).contains("worker:why ID [--json]", "felix:help");
        assertThat(shell.run("node:help worker:router")).isEqualTo(shell.run("worker:router --help"));
        assertThat(shell.run("node:help router")).isEqualTo(shell.run("worker:router --help"));
        assertThat(shell.failure("node:help felix:lb"))
                .contains("no command of the node or its workers is called 'felix:lb'", "'felix:help felix:lb'");
        assertThat(shell.exitCode()).isEqualTo(2);
    }

    @Test
    void everyCommandSaysWhatToDoWithoutANode() {
        shell.access.controller = null;
        Map<String, String> words = Map.ofEntries(
                Map.entry("worker:info", "a"),
                Map.entry("worker:start", "a guest x=1"),
                Map.entry("worker:stop", "a"),
                Map.entry("worker:kill", "a"),
                Map.entry("worker:restart", "a"),
                Map.entry("worker:signal", "a HUP"),
                Map.entry("worker:call", "a operation"),
                Map.entry("worker:component", "list a"),
                Map.entry("worker:router", "realms a"),
                Map.entry("worker:wait", "a"),
                Map.entry("worker:why", "a"),
                Map.entry("worker:forget", "a"),
                Map.entry("worker:scale", "a 2"),
                Map.entry("worker:exec", "a -- ls"),
                Map.entry("worker:log", "a"),
                Map.entry("worker:rotate", "a"),
                Map.entry("worker:input", "a x"),
                Map.entry("worker:delete", "a"),
                Map.entry("worker:plan", "a x=1"),
                Map.entry("worker:check", "a guest"));
        for (String command : Shell.COMMANDS.keySet()) {
            String line = command + " " + words.getOrDefault(command, "");
            assertThat(shell.failure(line)).startsWith("feature_unavailable: ").contains("node:doctor");
            assertThat(shell.exitCode()).isEqualTo(1);
        }
        shell.access.controller = shell.node;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker:wait",
                "worker:info",
                "worker:info a b",
                "worker:signal a",
                "worker:stop",
                "worker:stop --all a",
                "worker:log -n x a",
                "worker:log -n -1 a",
                "worker:list --all=yes",
                "worker:list --type",
                "worker:start '=x' y",
                "worker:start a=b guest c=d",
                "worker:start a guest =x",
                "worker:start a guest x=1 x=2",
                "worker:start a guest --",
                "worker:start a guest executable=/x -- /y",
                "worker:check a",
                "worker:start a --save",
                "worker:delete",
                "worker:plan",
                "worker:plan --node f.json a",
                "worker:plan a guest x",
                "worker:input a",
                "worker:restart",
                "worker:history a b",
                "worker:history -n x",
                "worker:history --before -1",
                "worker:stop a --timeout soon",
                "worker:stop a --timeout=-1s",
                "worker:stop a --signal",
                "worker:kill a --timeout 5s",
                "worker:log a --grep x --pattern y",
                "worker:log -f a --grep x",
                "worker:log a --since yesterday",
                "worker:log a --until 2026-01-02",
                "worker:log a --stream both",
                "worker:log a --context -1",
                "node:events -n 1 --after 3",
                "node:events --after x",
                "node:status x",
                "worker:start a guest 'list=[1,'",
                "worker:start a guest 'map={a}'",
                "worker:start a guest 'map={\"a\": 1, \"a\": 2}'",
                "worker:start a guest --json /no/such"
            })
    void wrongUsageIsAnsweredWithASentenceAndTheUsageLine(String line) {
        shell.node.with(FakeNode.worker("a", WorkerState.STARTED));
        assertThat(shell.failure(line)).contains("\nusage: " + line.split(" ")[0]);
        assertThat(shell.exitCode()).isEqualTo(2);
        assertThat(shell.node.calls).isEmpty();
    }

    @Test
    void usageErrorsAreJsonWhenJsonIsWanted() {
        shell.failure("worker:info a b --json");
        assertThat(shell.printed())
                .startsWith("{\"error\":\"invalid_argument\",\"message\":\"'b' is one word too many\"");
    }

    @Test
    void statusAsTextAndJson() throws Exception {
        assertThat(shell.run("node:status"))
                .contains("node id     n1")
                .contains("state       ready")
                .contains("(1d2h ago)")
                .contains("/var/lib/node with spaces");
        assertThat(json(shell.run("node:status --json")))
                .isEqualTo(json(io.millwright.controller.api.text.Json.write(shell.node.getStatus())));
        assertThat(shell.printed().lines()).hasSize(1);
    }

    @Test
    void statsNeedAMonitor() throws Exception {
        assertThat(shell.failure("node:stats --json")).isEqualTo("feature_unavailable: no monitor bundle is installed");
        assertThat(json(shell.printed()))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("error", "feature_unavailable")
                .containsKeys("message", "details");
        shell.node.stats = SystemStats.builder(
                        FakeNode.NOW,
                        SystemStats.Cpu.of(8, 0.25, 0.2, 0.05, null, 0.0, 1.5),
                        SystemStats.Memory.of(16L << 30, 4L << 30, 0, 0))
                .pollTime(Duration.ofMillis(7))
                .uptime(Duration.ofDays(3))
                .disks(List.of(SystemStats.Disk.of("a-very-long-disk-name-".repeat(5), 1 << 20, 0, 2048.0, null)))
                .networks(List.of(SystemStats.Network.of("eth0", 5, 6, null, null)))
                .build();
        String once = shell.run("node:stats --once");
        assertThat(shell.node.samples).hasValue(1);
        assertThat(once)
                .contains("8 processors, 25.0% in use")
                .contains("16.0GiB, 4.0GiB available")
                .contains("polled in  7ms");
        assertThat(once).contains("eth0").contains("2.0KiB");
        assertFits(once);
        shell.run("node:stats --json");
        assertThat(shell.node.samples).hasValue(3);
        assertThat(shell.printed()).contains("\"poll_time\":0.007").contains("\"load\":0.25");
    }

    @Test
    void listShowsLiveOrAllWorkersAndIsAListForScripts() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED), FakeNode.worker("old", WorkerState.EXITED));
        assertThat(shell.run("worker:list"))
                .contains("web  guest  started  4194303  3d4h")
                .doesNotContain("old");
        assertThat(shell.run("worker:list --all"))
                .contains("old  guest  exited")
                .contains("signal TERM (requ");
        assertThat(shell.run("worker:list --type other")).isEqualToIgnoringNewLines("no workers");
        assertThat(json(shell.run("worker:list --all --json")))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(shell.run("worker:list --type other --json")).isEqualToIgnoringNewLines("[]");
        assertThat(shell.run("worker:stop (worker:list)")).contains("web stopped");
    }

    @Test
    void outputCanBePiped() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED), FakeNode.worker("db", WorkerState.STARTED));
        assertThat(shell.run("worker:list | test:lines web"))
                .startsWith("<web  guest")
                .doesNotContain("db");
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDOUT, null, "hello"));
        assertThat(shell.run("worker:log web | test:lines hello"))
                .startsWith("<")
                .contains("out  hello>");
        assertThat(shell.run("worker:list --json | test:lines web")).startsWith("<[{\"id\":\"db\"");
    }

    @Test
    void tablesFitEightyColumnsAndNeverCutIds() throws Exception {
        for (int length : new int[] {1, 8, 20, 40, 55, 63}) {
            String id = "w" + "x".repeat(length - 1);
            shell.node.workers.clear();
            shell.node.with(FakeNode.worker(id, WorkerState.EXITED), FakeNode.worker("a", WorkerState.CONNECTED));
            shell.node.history.clear();
            shell.node.history.add(WorkerRun.builder(new WorkerId(id), "t".repeat(32), FakeNode.NOW, FakeNode.EXIT)
                    .pid(123L)
                    .build());
            shell.node.failing.clear();
            shell.node.failing.put(
                    id,
                    new NodeException(
                            ErrorCode.WORKER_ALREADY_RUNNING, "an 界 emoji \uD83D\uDE00 message " + "m ".repeat(90)));
            for (String line : List.of("worker:list --all", "worker:history")) {
                String text = shell.run(line);
                assertFits(text);
                assertThat(text).containsPattern("(?m)^" + id + "( |$)");
            }
            for (String line :
                    List.of("worker:stop *", "worker:restart --all", "worker:start '*'", "worker:kill --all")) {
                // what was done in a table, what was not in the message, each once
                assertThat(shell.failure(line.replace(" *", " '*'")))
                        .startsWith("1 of 2 failed\n" + id + ": worker_already_running: an 界");
                assertFits(shell.printed());
                assertThat(shell.printed()).containsPattern("(?m)^a ").doesNotContainPattern("(?m)^" + id + "( |$)");
            }
        }
        shell.node.types.add(WorkerTypeInfo.builder("t".repeat(32), "b".repeat(60), "1.2.3.SNAPSHOT")
                .capabilities(List.of(WorkerCapability.STDIN, WorkerCapability.SIGNALS))
                .usable(false)
                .reason("r ".repeat(100))
                .build());
        assertFits(shell.run("worker:types"));
        assertThat(shell.printed()).contains("t".repeat(32)).contains("unusable");
    }

    private static void assertFits(String text) {
        assertThat(text.lines())
                .allSatisfy(line -> assertThat(io.millwright.shell.gogo.internal.text.Texts.columns(line))
                        .as(line)
                        .isLessThanOrEqualTo(80));
    }

    /** A file whose id another configuration had when it came has such a PID too. */
    @Test
    void ofAPidThatConfigAdminMadeUpInfoSaysNoMoreThanItKnows() throws Exception {
        shell.node.with(FakeNode.worker("k", WorkerState.STARTED).toBuilder()
                .origin("config:io.millwright.worker.guest.ef69daaf")
                .build());
        assertThat(shell.run("worker:info k").replaceAll("\\s+", " "))
                .contains(
                        "a configuration of io.millwright.worker.guest whose PID Config Admin made up (for a web console,"
                                + " a shell, a file whose id was taken): io.millwright.worker.guest.ef69daaf");
    }

    @Test
    void infoShowsAllAndMasksNothingItself() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED));
        assertThat(shell.run("worker:info web"))
                .contains("origin")
                .contains("  executable      /bin/sleep")
                .contains("env.vars.TOKEN  ****");
        assertThat(json(shell.run("worker:info --stats web --json")))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("id", "web")
                .containsEntry("uptime", 273600.0)
                .containsEntry("exit", null);
        assertThat(shell.failure("worker:info gone")).isEqualTo("no_such_worker: there is no worker 'gone'");
        assertThat(shell.failure("worker:info a.b")).startsWith("invalid_worker_id: ");
        assertThat(shell.exitCode()).isEqualTo(1);
    }

    @Test
    void stopOfSeveralIsOneOperationAndSaysEachOutcome() throws Exception {
        shell.node.with(FakeNode.worker("w1", WorkerState.STARTED), FakeNode.worker("w2", WorkerState.STARTED));
        assertThat(shell.call("worker:stop", "w*")).contains("w1  stopped").contains("w2  stopped");
        assertThat(shell.node.calls).containsExactly("GRACEFUL [w*] by shell:ann");
        shell.node.calls.clear();
        assertThat(shell.failure("worker:stop w1 gone w2"))
                .isEqualTo("1 of 3 failed\ngone: no_such_worker: there is no worker 'gone'");
        assertThat(shell.exitCode()).isEqualTo(1);
        assertThat(shell.printed())
                .contains("w1  stopped")
                .contains("w2  stopped")
                .doesNotContain("gone");
        assertThat(shell.failure("worker:stop gone other"))
                .as("one sentence each, and no table of nothing")
                .isEqualTo("2 of 2 failed\ngone: no_such_worker: there is no worker 'gone'"
                        + "\nother: no_such_worker: there is no worker 'other'");
        assertThat(shell.printed()).isEmpty();
        shell.node.calls.clear();
        shell.failure("worker:stop w1 gone w2");
        assertThat(shell.node.calls).hasSize(1);
        shell.failure("worker:kill w1 gone --json");
        assertThat(shell.printed())
                .startsWith("[{\"id\":\"w1\",")
                .contains("\"kill\":true")
                .contains("{\"id\":\"gone\",\"error\":\"no_such_worker\"");
        assertThat(shell.run("worker:kill w1")).startsWith("w1 killed, signal TERM (requested)");
        assertThat(shell.run("worker:stop w1 --json")).startsWith("{\"id\":\"w1\"");
        assertThat(shell.run("worker:stop --all --json")).startsWith("[{\"id\":\"w1\"");
        assertThat(shell.run("worker:stop 'nobody*'")).isEqualToIgnoringNewLines("no worker matches");
        assertThat(shell.exitCode()).isEqualTo(0);
        shell.node.calls.clear();
        assertThat(shell.failure("worker:stop w1 1bad")).startsWith("invalid_worker_id: ");
        assertThat(shell.node.calls).isEmpty();
    }

    @Test
    void restartTakesATypeAndANumberAtOnce() throws Exception {
        shell.node.with(FakeNode.worker("w1", WorkerState.STARTED));
        shell.run("worker:restart --type guest");
        shell.run("worker:restart --type guest --at-once 7");
        shell.run("worker:restart w1");
        shell.run("worker:restart --all");
        assertThat(shell.node.calls)
                .containsExactly(
                        "restart [*] [guest] 3", "restart [*] [guest] 7", "restart [w1] [] 0", "restart [*] [] 0");
    }

    @Test
    void aFailedStartShowsCodeProblemsAndLog() {
        shell.node.failing.put(
                "web",
                new NodeException(
                        ErrorCode.CANNOT_START,
                        "worker 'web' ended with code 3 before it was ready",
                        List.of(),
                        List.of(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDERR, null, "no such port")),
                        null,
                        null));
        assertThat(shell.failure("worker:start web guest x=1"))
                .isEqualTo(
                        "cannot_start: worker 'web' ended with code 3 before it was ready\n  its last lines:\n    no such port");
        shell.node.failing.put(
                "web",
                NodeException.invalid(
                        "worker 'web'",
                        List.of(
                                Problem.definition("stop.sig", "is not known; did you mean stop.signal?"),
                                Problem.environment("workdir", "is not there"))));
        assertThat(shell.failure("worker:start web guest x=1 --json"))
                .isEqualTo(
                        "invalid_configuration: worker 'web' is not valid\n  stop.sig: is not known; did you mean stop.signal?\n  workdir: is not there");
        assertThat(shell.printed()).contains("\"details\":[{\"path\":\"stop.sig\",\"line\":null,");
    }

    @Test
    void checkSaysAllAndStartsNothing() throws Exception {
        assertThat(shell.run("worker:check web guest x=1")).isEqualToIgnoringNewLines("nothing is wrong with it");
        assertThat(shell.run("worker:check web guest x=1 --json")).isEqualToIgnoringNewLines("[]");
        shell.node.problems.add(Problem.definition("x", "is not known"));
        assertThat(shell.failure("worker:check web guest x=1"))
                .isEqualTo("invalid_configuration: worker 'web' is not valid\n  x: is not known");
        assertThat(shell.exitCode()).isEqualTo(1);
        shell.failure("worker:check web guest x=1 --json");
        assertThat(shell.printed()).startsWith("[{\"path\":\"x\"");
        assertThat(shell.node.calls).allMatch(call -> call.equals("check web FULL"));
    }

    @Test
    void waitEndsWithTheWorkersCode() throws Exception {
        assertThat(shell.run("worker:wait web")).contains("signal TERM");
        assertThat(shell.exitCode()).isEqualTo(143);
        shell.node.exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 3, null, "it said so", FakeNode.NOW);
        assertThat(shell.run("worker:wait web --json")).contains("\"code\":3");
        assertThat(shell.exitCode()).isEqualTo(3);
        shell.node.exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, null, null, "no such file", FakeNode.NOW);
        shell.run("worker:wait web");
        assertThat(shell.exitCode()).isEqualTo(1);
        shell.run("node:status");
        assertThat(shell.exitCode()).isEqualTo(0);
    }

    @Test
    void signalForgetHistoryTypesShutdown() throws Exception {
        shell.node.with(FakeNode.worker("web", WorkerState.EXITED));
        assertThat(shell.run("worker:signal web sighup")).isEmpty();
        assertThat(shell.failure("worker:signal web NONE")).startsWith("invalid_argument: ");
        assertThat(shell.run("worker:forget web")).isEmpty();
        assertThat(shell.failure("worker:forget web gone")).startsWith("1 of 2 failed\n  no_such_worker");
        assertThat(shell.node.calls).containsExactly("signal web HUP", "forget web", "forget web", "forget gone");
        assertThat(shell.run("worker:history web")).isEqualToIgnoringNewLines("no worker has ended yet");
        assertThat(shell.failure("worker:history gone")).startsWith("no_such_worker");
        assertThat(shell.run("worker:types")).isEqualToIgnoringNewLines("no worker type is installed");
        assertThat(shell.run("node:shutdown --restart --mode blue"))
                .startsWith("node n1 restarts, asked by shell:ann at ")
                .contains("mode blue");
        assertThat(shell.run("node:shutdown --json")).contains("\"restart\":false,\"mode\":null,\"who\":\"shell:ann\"");
    }

    @Test
    void theCallerIsTheUserOfTheSession() throws Exception {
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
        shell.session.put("millwright.user", " ");
        shell.session.put("USER", "kara\nf");
        shell.run("worker:stop w");
        shell.session.put("USER", null);
        shell.run("worker:stop w");
        assertThat(shell.node.calls)
                .containsExactly(
                        "GRACEFUL [w] by shell:kara?f", "GRACEFUL [w] by shell:" + System.getProperty("user.name"));
    }

    @Test
    void afaultOfTheNodeIsSaidAsOne() {
        shell.node.gate = java.util.concurrent.CompletableFuture.failedFuture(new IllegalStateException("oops"));
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
        assertThatThrownBy(() -> shell.run("worker:stop w")).hasMessageStartingWith("internal: the node failed: ");
    }

    private static WorkerInfo group(String word) {
        return WorkerInfo.builder(new WorkerId("web"), "guest", WorkerState.STARTED)
                .group("web")
                .reason("5 instances: 5 started")
                .operatorWord(word)
                .build();
    }

    @Test
    void scaleSaysOneLineAndWhetherItIsKept() throws Exception {
        shell.node.with(group(null));
        assertThat(shell.run("worker:scale web 5 --once")).isEqualTo("web: 5 instances: 5 started\n");
        shell.node.with(group("5 instances in place of 2"));
        assertThat(shell.run("worker:scale web 5"))
                .isEqualTo("web: 5 instances: 5 started; kept over restarts of the node: 5 instances in place of 2\n");
        assertThat(shell.run("worker:scale web 5 --json"))
                .contains("\"id\":\"web\"", "\"operator_word\":\"5 instances in place of 2\"");
        assertThat(shell.node.calls)
                .containsExactly(
                        "scale web to 5 once by shell:ann",
                        "scale web to 5 by shell:ann",
                        "scale web to 5 by shell:ann");
    }

    @Test
    void theListEndsWithTheNumberOfOperatorsWords() throws Exception {
        WorkerInfo rests = FakeNode.worker("db", WorkerState.INACTIVE).toBuilder()
                .operatorWord("stopped by shell:ann")
                .build();
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED));
        assertThat(shell.run("worker:list")).doesNotContain("operator");
        shell.node.with(rests);
        assertThat(shell.run("worker:list").lines().toList())
                .hasSize(3)
                .last()
                .asString()
                .startsWith("1 worker rests by an operator's word, which holds over restarts of the node");
        shell.node.with(group("5 instances"), rests.toBuilder().build());
        assertThat(shell.run("worker:list")).contains("1 worker rests, 1 group is scaled by an operator's word");
        assertThat(shell.run("worker:list --type java")).doesNotContain("operator");
        assertThat(shell.run("worker:list --json")).doesNotContain("holds over");
    }
}
