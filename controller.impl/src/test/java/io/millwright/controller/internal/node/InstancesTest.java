package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers with {@code instances}: each is a worker of its own, and all together answer to the id of their group. */
class InstancesTest extends InstancesFixture {
    @ParameterizedTest
    @ValueSource(strings = {"configured", "called", "saved"})
    void isAsManyWorkersAndARowOfTheirGroup(String road) {
        Map<String, Object> options = sleeps("instances", "3");
        if (road.equals("configured")) {
            configure("web", options);
        } else {
            WorkerSpec spec = WorkerSpec.of(id("web"), "guest", options);
            keepStore();
            assertThat(get(road.equals("saved")
                                    ? node.controller.saveWorker(spec, ME)
                                    : node.controller.startWorker(spec, ME))
                            .id())
                    .isEqualTo(id("web"));
        }
        awaitStarted(3);

        assertThat(listed(Scope.LIVE))
                .containsExactly("web web started", "web-1 web started", "web-2 web started", "web-3 web started");
        assertThat(node.controller.getWorkers(List.of())).containsExactly(id("web-1"), id("web-2"), id("web-3"));
        WorkerInfo group = node.info("web");
        assertThat(group.isGroup()).isTrue();
        assertThat(group.reason()).isEqualTo("3 instances: 3 started");
        assertThat(group.options()).containsEntry("instances", 3);
        assertThat(node.info("web-2").options()).doesNotContainKey("instances");
        assertThat(node.controller.getStatus().runningWorkers()).isEqualTo(3);
        node.awaitLog("web-2", "number 2");
        node.awaitLog("web", "number 3");
        assertThat(get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME))
                        .id())
                .isEqualTo(id("web"));
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
        assertThat(node.controller
                        .getHistory(HistoryQuery.ALL.withWorker(id("web")))
                        .runs())
                .extracting(run -> run.id().value())
                .containsExactlyInAnyOrder("web-1", "web-2", "web-3");
        assertThat(get(node.controller.startWorkers(WorkerSelector.of("web"), ME)))
                .extracting(Outcome::id)
                .containsExactly(id("web-1"), id("web-2"), id("web-3"));
        assertThat(node.controller.getWorkers(List.of())).hasSize(3);
    }

    @Test
    void oneInstanceIsAGroupToo() {
        group(1);
        assertThat(listed(Scope.ALL)).containsExactly("web web started", "web-1 web started");
    }

    @Test
    void eachCommandTakesTheGroup() {
        group(2, "restart", "always");
        List<Long> before = pids(2);
        get(node.controller.signalWorker(id("web"), Signal.of("TERM"), ME));
        await().until(() -> pids(2).stream().noneMatch(pid -> pid == 0 || before.contains(pid)));
        awaitStarted(2);
        assertThat(node.info("web").restarts()).isEqualTo(2);

        get(node.controller.stopWorker(id("web"), StopOptions.KILL, ME));
        assertThat(get(node.controller.awaitExit(id("web"))).signal()).isEqualTo("KILL");
        assertThat(listed(Scope.ALL)).containsExactly("web web inactive", "web-1 web inactive", "web-2 web inactive");
        assertThat(get(node.controller.restartWorker(id("web"), ME)).id()).isEqualTo(id("web"));
        awaitStarted(2);
        assertThat(get(node.controller.stopWorkers(WorkerSelector.of("we?"), StopOptions.GRACEFUL, ME)))
                .hasSize(2);
        for (var refused : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                () -> get(node.controller.writeInput(
                        id("web"), new byte[1], io.millwright.controller.api.NodeController.InputEnd.GOES_ON, ME)),
                () -> node.controller.follow(id("web"), 1, (entries, lost) -> {}),
                () -> get(node.controller.callWorker(id("web"), "x", Map.of(), ME)))) {
            assertThatThrownBy(refused).hasMessage("'web' is a group of 2 instances; name one of them, as web-1");
        }
    }

    /** The texts in which the number stands, and those that are as they are. */
    @Test
    void theNumberStandsWhereItMay() throws IOException {
        Files.createDirectories(node.directory.resolve("d2"));
        Files.createDirectories(node.directory.resolve("d1"));
        Map<String, Object> options = script(
                "echo $PORT $RATE $SECRET %d 100%% `pwd`; exec sleep 60",
                "workdir",
                "d%i",
                "env",
                Map.of("vars", Map.of("PORT", "800%i", "RATE", "5%%", "SECRET", Map.of("secret", "a%ib%%"))),
                "exit.success",
                List.of("%i".length()),
                "instances",
                2);
        configure("web", options);
        awaitStarted(2);
        node.awaitLog(
                "web-2", "8002 5% a%ib%% %d 100% " + node.directory.toRealPath().resolve("d2"));
        node.awaitLog(
                "web-1", "8001 5% a%ib%% %d 100% " + node.directory.toRealPath().resolve("d1"));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("web", 0, "instances"),
                Arguments.of("web", "many", "instances"),
                Arguments.of("web", 1001, "instances"),
                Arguments.of("w".repeat(62), 2, "too long"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aNumberThatIsWrongIsRefused(String worker, Object number, String word) {
        assertThatThrownBy(() -> node.start(worker, sleeps("instances", number)))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(word);
        assertThat(node.controller.listWorkers(Scope.ALL)).isEmpty();
        configure(worker, sleeps("instances", number));
        await().until(() -> !node.controller.listWorkers(Scope.ALL).isEmpty());
        assertThat(node.info(worker).reason()).contains("refused").contains(word);
        group(2);
        configure("web", sleeps("instances", number));
        if (worker.equals("web")) {
            await().until(() -> String.valueOf(node.info("web-2").reason()).contains("refused"));
            assertThat(node.info("web-2").status()).isEqualTo(WorkerState.STARTED);
        }
    }

    @Test
    void aDeletedGroupEnds() {
        group(2);
        node.node.unconfigure(GUEST + "~web");
        await().until(() -> node.controller.getWorkers(List.of()).isEmpty());
        node.awaitState("web", WorkerState.EXITED);
        get(node.controller.forgetWorker(id("web"), ME));
        assertThat(node.controller.listWorkers(Scope.ALL)).isEmpty();
        assertThatThrownBy(() -> node.info("web")).hasMessageContaining("there is no worker 'web'");
    }

    @Test
    void aSavedGroupIsDeletedByItsId() {
        keepStore();
        get(node.controller.saveWorker(WorkerSpec.of(id("web"), "guest", sleeps("instances", 2)), ME));
        assertThatThrownBy(() -> get(node.controller.deleteWorker(id("web-1"), ME)))
                .hasMessageContaining("is an instance of 'web'");
        get(node.controller.deleteWorker(id("web"), ME));
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
    }

    @Test
    void anOperatorsStopIsThatOfOneInstance() throws IOException {
        group(3);
        get(node.controller.stopWorker(id("web-2"), StopOptions.GRACEFUL, ME));
        node.close();
        open();
        configure("web", sleeps("instances", 3));
        node.awaitState("web-1", WorkerState.STARTED);
        node.awaitState("web-3", WorkerState.STARTED);
        await().until(() -> String.valueOf(node.info("web-2").reason()).contains("stopped by"));
        assertThat(node.info("web-2").status()).isEqualTo(WorkerState.INACTIVE);
    }

    @Test
    void aCheckLooksAtEveryInstance() throws IOException {
        for (String name : List.of("place-1", "place-3")) {
            Files.createDirectory(node.directory.resolve(name));
        }
        Map<String, Object> options = sleeps("instances", 4, "workdir", node.directory + "/place-%i");
        List<Problem> problems =
                get(node.controller.check(WorkerSpec.of(id("web"), "guest", options), CheckDepth.FULL));
        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).message()).contains("place-2");
        assertThat(problems.get(1).message()).contains("place-4");
        options.put("umask", "999");
        assertThat(get(node.controller.check(WorkerSpec.of(id("web"), "guest", options), CheckDepth.DEFINITION)))
                .as("the same of all is said once")
                .hasSize(1);
    }

    @Test
    void commandsHaveTheNumberToo() throws IOException {
        Map<String, Object> options = sleeps(
                "instances",
                2,
                "exec.before",
                List.of("/bin/sh", "-c", "echo before-%i 100%% >before-%i"),
                "exec.after.command",
                List.of("/usr/bin/touch", "after-%i"),
                "stop.command",
                List.of("/bin/sh", "-c", "touch stop-%i; kill $MAINPID"));
        get(node.controller.startWorker(WorkerSpec.of(id("web"), "guest", options), ME));
        assertThat(Files.readString(node.directory.resolve("before-2"))).isEqualTo("before-2 100%\n");
        get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME));
        for (String file : List.of("stop-1", "stop-2", "after-1", "after-2")) {
            assertThat(node.directory.resolve(file)).exists();
        }
    }
}
