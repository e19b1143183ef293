package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: what a node knows of the past is not lost with its process, and a file that is broken or cannot be written harms nothing else. */
@Tag("long")
class KeptHistoryTest {
    @TempDir
    Path temp;

    private Path file() {
        return temp.resolve("state/history.json");
    }

    private void oneLife(String worker, int code) throws IOException {
        try (TestNode node = new TestNode(temp)) {
            node.start(worker, script("exit " + code));
            node.awaitState(worker, WorkerState.EXITED);
        }
    }

    private List<WorkerRun> history() throws IOException {
        try (TestNode node = new TestNode(temp)) {
            return node.controller.getHistory();
        }
    }

    private static List<String> subjects(TestNode node) {
        return node.controller.doctor().stream().map(Finding::subject).toList();
    }

    @Test
    void theNextLifeKnowsWhatHasEndedInTheLastOnes() throws IOException {
        oneLife("a", 0);
        oneLife("b", 3);
        List<WorkerRun> kept = history();
        assertThat(kept.stream().map(run -> run.id() + " " + run.exit().describe()))
                .containsExactly("a code 0 (success): exit code 0", "b code 3 (error): exit code 3");
        WorkerRun b = kept.get(1);
        assertThat(b.pid()).isPositive();
        assertThat(b.started()).isAfterOrEqualTo(b.created());
        assertThat(b.exit().at()).isAfterOrEqualTo(b.started());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("state"))))
                .isEqualTo("rwx------");
        assertThat(Files.readString(file())).startsWith("{\"version\":1,");
    }

    /** A node that is killed has no end to write at: what has ended is written while it runs. */
    @Test
    void whatHasEndedIsWrittenWhileTheNodeRuns() throws IOException {
        try (TestNode node = new TestNode(temp)) {
            node.start("a", script("exit 7"));
            await().until(() -> Files.exists(file()) && Files.readString(file()).contains("exit code 7"));
        }
    }

    @Test
    void whatIsForgottenStaysForgottenAndASizeThatWasSetIsKept() throws IOException {
        oneLife("a", 0);
        oneLife("b", 0);
        try (TestNode node = new TestNode(temp)) {
            node.start("a", script("exit 0"));
            node.awaitState("a", WorkerState.EXITED);
            TestNode.get(node.controller.forgetWorker(id("a"), TestNode.ME));
        }
        assertThat(history()).singleElement().extracting(WorkerRun::id).isEqualTo(id("b"));
        try (TestNode node = new TestNode(temp)) {
            node.node.setOptions(Map.of("history.size", 0));
            await().until(() -> node.controller.getHistory().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "{\"version\":1}",
                "{\"version\":\"1\",\"runs\":[]}",
                "{\"version\":2,\"runs\":[]}",
                "{\"version\":1,\"runs\":{}}",
                "{\"version\":1,\"runs\":[3]}",
                "{\"version\":1,\"runs\":[null]}",
                "{\"version\":1,\"runs\":[{\"id\":\"no id\",\"type\":\"guest\"}]}",
                "{\"version\":1,\"runs\":[{\"id\":\"a\",\"type\":\"guest\",\"created\":\"yesterday\",\"exit\":{}}]}",
                "{\"version\":1,\"runs\":[]} and more",
                "\u0000\u0001"
            })
    void aBrokenFileIsSetAsideAndNamed(String text) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);
        try (TestNode node = new TestNode(temp)) {
            assertThat(node.controller.getHistory()).isEmpty();
            assertThat(subjects(node)).contains("state/history.json.broken");
            node.start("a", script("exit 0"));
            node.awaitState("a", WorkerState.EXITED);
        }
        assertThat(temp.resolve("state/history.json.broken")).hasContent(text);
        assertThat(history()).hasSize(1);
    }

    /** Nobody has to ask for the history: what is broken is known, and what came before is not written over. */
    @Test
    void theFileIsReadSoonAfterTheStart() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{");
        try (TestNode node = new TestNode(temp)) {
            await().until(() -> subjects(node).contains("state/history.json.broken"));
        }
        oneLife("a", 1);
        oneLife("b", 2);
        assertThat(Files.readString(file())).contains("exit code 1", "exit code 2");
    }

    /** Whatever hinders the writing: the run is known, the doctor names it, and it is written when it can be again. */
    @ParameterizedTest
    @CsvSource({"history.json.new/in/the/way, history.json.new", "history.json/in/the/way, history.json"})
    void aFileThatCannotBeWrittenLosesNothingElse(String path, String inTheWay) throws IOException {
        try (TestNode node = new TestNode(temp)) {
            // what is there already when the history is read is set aside
            assertThat(node.controller.getHistory()).isEmpty();
            Path hindrance = Files.createDirectories(temp.resolve("state").resolve(path));
            node.start("a", script("exit 0"));
            node.awaitState("a", WorkerState.EXITED);
            await().until(() -> subjects(node).contains("history"));
            assertThat(node.controller.getHistory()).hasSize(1);
            Path state = temp.resolve("state");
            for (Path gone = hindrance; !gone.equals(state); gone = gone.getParent()) {
                Files.delete(gone);
            }
            assertThat(temp.resolve("state").resolve(inTheWay)).doesNotExist();
            node.start("b", script("exit 0"));
            await().until(() -> !subjects(node).contains("history"));
        }
        assertThat(history()).hasSize(2);
    }

    /** The kind: what could not be written once, and nothing comes that would have it written again before the end. */
    @Test
    void whatCouldNotBeWrittenIsWrittenAtTheEndAtTheLatest() throws IOException {
        try (TestNode node = new TestNode(temp)) {
            Path way = Files.createDirectory(temp.resolve("state/history.json.new"));
            Path words = Files.createDirectory(temp.resolve("state/operators.json.new"));
            node.node.configure(new Configured(
                    "io.millwright.worker.guest~a",
                    "node.json",
                    WorkerSpec.of(id("a"), "guest", script("exec sleep 60"))));
            node.awaitState("a", WorkerState.STARTED);
            node.stop("a");
            await().until(() -> subjects(node).containsAll(List.of("history", "operators' words")));
            Files.delete(way);
            Files.delete(words);
        }
        assertThat(history()).singleElement().satisfies(run -> assertThat(run.id())
                .isEqualTo(id("a")));
        assertThat(temp.resolve("state/operators.json")).content().contains("guest~a");
    }
}
