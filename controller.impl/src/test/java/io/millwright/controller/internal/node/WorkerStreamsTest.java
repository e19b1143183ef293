package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Output, input and followers of workers of a real node. */
class WorkerStreamsTest extends NodeFixture {
    @Test
    void theLastLinesOfAnEndedWorkerAreThere() {
        node.start("last", script("echo one; echo two >&2; printf three"));
        get(node.controller.awaitExit(id("last")));
        assertThat(node.log("last")).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(node.controller.getWorkerLog(id("last"), 100))
                .anyMatch(entry ->
                        entry.stream() == LogEntry.Stream.STDERR && entry.text().equals("two"));
    }

    @Test
    void aFailedStartShowsTheLinesOfItsOwnRun() {
        node.start("web", script("echo first", "start.timeout", "20s"));
        node.awaitState("web", WorkerState.EXITED);
        assertThatThrownBy(() -> node.start(
                        "web", script("echo second >&2; exit 3", "ready.log", "never", "start.timeout", "20s")))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.log())
                        .extracting(LogEntry::text)
                        .containsExactly("second"));
    }

    @Test
    void aWorkerClosesItsOutputAndLives() {
        node.start("quiet", script("exec >&- 2>&-; exec sleep 60"));
        assertThat(node.info("quiet").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.stop("quiet").exit().signal()).isEqualTo("TERM");
    }

    @Test
    void outputModesAllWork() throws IOException {
        node.start("modes", script("echo o; echo e >&2", "stdout", "file", "stderr", "drop"));
        get(node.controller.awaitExit(id("modes")));
        assertThat(node.log("modes")).isEmpty();
        assertThat(node.directory.resolve("log/workers/modes.out")).hasContent("o\n");
        node.start("epipe", script("while echo x; do :; done; exit 9", "stdout", "close"));
        assertThat(get(node.controller.awaitExit(id("epipe"))).signal()).isEqualTo("PIPE");
    }

    @Test
    void anOutputFileThatHasGrownTooLargeIsRotatedBeforeTheNextRun() throws IOException {
        Map<String, Object> options = script(
                "printf '%01024d' 7; echo problem >&2",
                "stdout", "file", "stderr", "file", "log.max.size", 1024, "log.keep", 2);
        Path logs = node.directory.resolve("log/workers");
        for (int run = 1; run <= 4; run++) {
            node.start("grows", options);
            node.awaitState("grows", WorkerState.EXITED);
            assertThat(logs.resolve("grows.out")).hasSize(1024);
        }
        assertThat(logs.resolve("grows.out.1")).hasSize(1024);
        assertThat(logs.resolve("grows.out.2")).hasSize(1024);
        assertThat(logs.resolve("grows.out.3")).doesNotExist();
        assertThat(logs.resolve("grows.err")).hasContent("problem\n".repeat(4));
        assertThat(logs.resolve("grows.err.1")).doesNotExist();
    }

    @Test
    void inputReachesAWorkerThatHasItOpen() {
        node.start("cat", Map.of("executable", "cat", "stdin", "open"));
        get(node.controller.writeInput(id("cat"), "hello\n".getBytes(StandardCharsets.UTF_8), InputEnd.KEEP_OPEN, ME));
        node.awaitLog("cat", "hello");
        get(node.controller.writeInput(id("cat"), new byte[0], InputEnd.CLOSE, ME));
        assertThat(get(node.controller.awaitExit(id("cat"))).code()).isZero();
    }

    @Test
    void inputToAWorkerThatHasItClosedIsRefused() {
        node.start("deaf", script("exec sleep 60"));
        NodeException failure =
                failure(() -> get(node.controller.writeInput(id("deaf"), new byte[1], InputEnd.KEEP_OPEN, ME)));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure.getMessage()).contains("stdin=open");
    }

    @Test
    void followersGetTheBacklogThenEachLineThenTheEnd() {
        node.start("tale", script("echo one; read x; echo two", "stdin", "open"));
        node.awaitLog("tale", "one");
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        node.controller.follow(id("tale"), 10, new LogListener() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                entries.forEach(entry -> got.add(entry.text()));
            }

            @Override
            public void onEnd() {
                ended.complete(true);
            }
        });
        get(node.controller.writeInput(id("tale"), "\n".getBytes(StandardCharsets.UTF_8), InputEnd.CLOSE, ME));
        get(ended);
        assertThat(got).containsExactly("one", "two");
    }

    @Test
    void aFollowerOfARestartedIdHearsTheNewRun() {
        node.start("reborn", script("echo first"));
        get(node.controller.awaitExit(id("reborn")));
        node.start("reborn", script("read x; echo second", "stdin", "open"));
        CompletableFuture<String> heard = new CompletableFuture<>();
        node.controller.follow(
                id("reborn"),
                0,
                (entries, lost) -> heard.complete(entries.get(0).text()));
        get(node.controller.writeInput(id("reborn"), "\n".getBytes(StandardCharsets.UTF_8), InputEnd.CLOSE, ME));
        assertThat(get(heard)).isEqualTo("second");
    }
}
