package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Kind.class)
class ProcessTreeTest {
    @RegisterExtension
    final BackendFixture fixture;

    ProcessTreeTest(Kind kind) {
        fixture = new BackendFixture(kind);
    }

    private boolean alive(long pid) throws IOException {
        return fixture.table.list().stream().anyMatch(entry -> entry.pid() == pid && !entry.zombie());
    }

    private static long number(Running running, String name) {
        running.awaitOutput(name + "=");
        Awaitility.await()
                .atMost(Running.LIMIT, TimeUnit.SECONDS)
                .until(() -> running.out.text().matches("(?s).*\\b" + name + "=\\d+\\n.*"));
        return Long.parseLong(running.out.text().replaceAll("(?s).*\\b" + name + "=(\\d+)\\n.*", "$1"));
    }

    @Test
    void aProcessThatIgnoresTermIsEndedByKill() throws IOException {
        Running running = fixture.sh("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        running.awaitOutput("ready");
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
        // A process that does not ignore it is gone by the time a process started later has ended.
        fixture.sh("sleep 0.2").exit();
        assertThat(running.exit).isNotDone();
        assertThat(Running.get(running.process().signalGroup(Signal.KILL))).isTrue();
        assertThat(running.exit().signal()).isEqualTo("KILL");
        Running.get(running.process().groupGone());
    }

    @Test
    void aGrandchildThatIgnoresTermKeepsTheGroupAndIsEnded() throws IOException {
        Running running = fixture.sh("(trap '' TERM; echo child=$(exec sh -c 'echo $PPID'); echo ready;"
                + " while :; do sleep 0.05; done) & wait");
        running.awaitOutput("ready");
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
        assertThat(running.exit().signal()).isEqualTo("TERM");
        CompletableFuture<Void> gone = running.process().groupGone().toCompletableFuture();
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
        assertThat(gone).isNotDone();
        assertThat(Running.get(running.process().endTree())).isPositive();
        Running.get(gone);
        Running.get(running.drained);
        assertThat(fixture.alive()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDescendantInASessionOfItsOwnIsFoundAndEnded() throws IOException {
        Running running = fixture.sh(
                "setsid sh -c 'trap \"\" TERM HUP; echo fled=$$; exec sleep 300' & sleep 0.01;" + " echo main; exit 0");
        long fled = number(running, "fled");
        running.exit();
        // It has left the group, which is gone without it.
        Running.get(running.process().groupGone());
        assertThat(alive(fled)).isTrue();
        assertThat(Running.get(running.process().endTree())).isEqualTo(1);
        assertThat(alive(fled)).isFalse();
        Running.get(running.drained);
        assertThat(Running.get(running.process().endTree())).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void endTreeEndsAllAtOnceAndCountsThem() throws IOException {
        Running running = fixture.sh("trap '' TERM; (setsid sleep 300 & sleep 300 & sleep 300) & sleep 300 & "
                + "(setsid sh -c 'sleep 300 & echo ready; wait'); wait");
        running.awaitOutput("ready");
        Awaitility.await()
                .atMost(Running.LIMIT, TimeUnit.SECONDS)
                .until(() -> fixture.alive().stream()
                                .filter(pid -> ProcessHandle.of(pid)
                                        .flatMap(handle -> handle.info().command())
                                        .filter(command -> command.endsWith("sleep"))
                                        .isPresent())
                                .count()
                        == 5);
        int beside = fixture.alive().size() - 1;
        assertThat(beside).isGreaterThanOrEqualTo(6);
        assertThat(Running.get(running.process().endTree())).isEqualTo(beside);
        assertThat(running.exit().signal()).isEqualTo("KILL");
        assertThat(fixture.alive()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aZombieDoesNotHoldTheGroup() throws IOException {
        // The parent of the zombie has left for a session of its own and never waits for it.
        Running running = fixture.sh("(sleep 0.01 & echo zombie=$!; exec setsid sleep 300) & exec sleep 300");
        long zombie = number(running, "zombie");
        Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).until(() -> fixture.table.list().stream()
                .anyMatch(entry -> entry.pid() == zombie
                        && entry.zombie()
                        && entry.group() == running.process().pid()));
        Running.get(running.process().signalMain(Signal.KILL));
        running.exit();
        Running.get(running.process().groupGone());
        assertThat(fixture.table.list()).anyMatch(entry -> entry.pid() == zombie && entry.zombie());
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isFalse();
        assertThat(Running.get(running.process().endTree())).isEqualTo(1);
    }

    @Test
    void aHundredAreEndedTogether() throws IOException {
        List<Running> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(fixture.sh("trap '' TERM; sleep 300 & wait"));
        }
        List<CompletableFuture<Integer>> ends = all.stream()
                .map(running -> running.process().endTree().toCompletableFuture())
                .toList();
        ends.forEach(Running::get);
        all.forEach(running -> assertThat(running.exit().signal()).isEqualTo("KILL"));
        assertThat(fixture.alive()).isEmpty();
        all.forEach(running -> Running.get(running.process().groupGone()));
        assertThat(Files.readString(Path.of(fixture.directory().toString(), "workers")))
                .contains("start 100 ")
                .contains("end 100\n");
    }
}
