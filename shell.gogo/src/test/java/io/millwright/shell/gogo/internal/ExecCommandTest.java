package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.shell.gogo.internal.worker.ExecCommand;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: what a command in a worker's place says and how it ends is what the shell's caller gets. */
class ExecCommandTest {
    private Shell shell = new Shell();

    @BeforeEach
    void open() {
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private static CommandExit exit(@Nullable Integer code, @Nullable String signal) {
        String reason = Integer.valueOf(0).equals(code) ? null : "worker:exec 'x' did not end well";
        return CommandExit.of(new WorkerId("web"), code, signal, reason, Duration.ofMillis(1500));
    }

    private void ends(@Nullable Integer code, @Nullable String signal) {
        shell.node.commandExit.complete(exit(code, signal));
    }

    private void says(Stream stream, byte[] data) {
        shell.node.says = shell.node.says.andThen((listener, command) -> listener.onOutput(stream, data));
    }

    private void says(Stream stream, String text) {
        says(stream, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bytesComeAsTheyAreEachOnItsStream() throws Exception {
        byte[] binary = {0, (byte) 0xff, (byte) 0xfe, '\r', '\n', 27};
        says(Stream.STDOUT, binary);
        says(Stream.STDERR, "oops");
        ends(0, null);
        shell.run("worker:exec web --timeout 5s -- ls -l --all '*'");
        assertThat(shell.out.toByteArray()).isEqualTo(binary);
        assertThat(shell.err.toString(StandardCharsets.UTF_8)).isEqualTo("oops");
        assertThat(shell.node.calls).containsExactly("exec web [ls, -l, --all, *] PT5S by shell:ann");
        assertThat(shell.exitCode()).isEqualTo(0);
    }

    /** A shell that calls commands by itself has its own error stream. */
    @Test
    void whereThereIsNoLineOfGogosTheErrorStreamIsTheSessions() throws Exception {
        says(Stream.STDERR, "oops");
        ends(0, null);
        shell.session.put("millwright.err", new PrintStream(shell.err));
        new ExecCommand(shell.access).execute(shell.session, List.of("web", "--", "x"));
        assertThat(shell.err.toString(StandardCharsets.UTF_8)).isEqualTo("oops");
    }

    @ParameterizedTest
    @CsvSource({"0,,0", "1,,1", "77,,77", ",KILL,137", ",SEGV,139"})
    void theExitCodeIsTheCommands(@Nullable Integer code, @Nullable String signal, int shown) throws Exception {
        ends(code, signal);
        if (shown == 0) {
            assertThat(shell.run("worker:exec web -- x")).isEmpty();
        } else {
            assertThat(shell.failure("worker:exec web -- x")).isEqualTo("worker:exec 'x' did not end well");
        }
        assertThat(shell.exitCode()).isEqualTo(shown);
    }

    @Test
    void documentsHaveTheStreamOfEachLineAndTheEnd() throws Exception {
        says(Stream.STDOUT, "one\ntw");
        says(Stream.STDERR, "oops\n");
        says(Stream.STDOUT, "o\n\nrest");
        ends(3, null);
        assertThat(shell.run("worker:exec web --json -- x").lines())
                .containsExactly(
                        "{\"stream\":\"stdout\",\"text\":\"one\"}",
                        "{\"stream\":\"stderr\",\"text\":\"oops\"}",
                        "{\"stream\":\"stdout\",\"text\":\"two\"}",
                        "{\"stream\":\"stdout\",\"text\":\"\"}",
                        "{\"stream\":\"stdout\",\"text\":\"rest\"}",
                        "{\"id\":\"web\",\"code\":3,\"signal\":null,\"reason\":\"worker:exec 'x' did not end well\",\"duration\":1.5}");
        assertThat(shell.exitCode()).isEqualTo(3);
    }

    @Test
    void inputGoesToTheCommandIfThatIsWanted() throws Exception {
        shell.close();
        shell = new Shell("typed\n");
        open();
        shell.node.says = (listener, command) -> await().until(() -> shell.node.calls.contains("exec input ends"));
        ends(0, null);
        shell.run("worker:exec web -i -- cat");
        assertThat(shell.node.input.toString(StandardCharsets.UTF_8)).isEqualTo("typed\n");
        shell.node.says = (listener, command) -> {};
        shell.run("worker:exec web -- cat");
        assertThat(shell.node.calls.stream().filter("exec input ends"::equals)).hasSize(1);
    }

    /** A command must not take half of its input for all of it. */
    @Test
    void inputThatCannotBeReadEndsTheCommand() {
        shell.node.says = (listener, command) -> await().until(() -> shell.node.calls.contains("exec cancelled"));
        ends(null, "TERM");
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream("half\n".getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("Input/output error");
                    }
                });
        CommandSession session =
                shell.processor.createSession(broken, new PrintStream(shell.out), new PrintStream(shell.err));
        assertThatThrownBy(() -> new ExecCommand(shell.access).execute(session, List.of("web", "-i", "--", "sort")))
                .hasMessage("its input could not be read to the end: Input/output error; the command is ended");
        assertThat(shell.node.input.toString(StandardCharsets.UTF_8)).isEqualTo("half\n");
        assertThat(shell.node.calls).doesNotContain("exec input ends");
    }

    @Test
    void anInterruptEndsTheCommand() throws Exception {
        CommandSession session = shell.session;
        Thread caller = Thread.currentThread();
        shell.node.says = (listener, command) -> caller.interrupt();
        assertThatThrownBy(() -> new ExecCommand(shell.access).execute(session, List.of("web", "--", "x")))
                .hasMessage("interrupted; the command is ended");
        assertThat(shell.node.calls).last().isEqualTo("exec cancelled");
        assertThat(shell.exitCode()).isEqualTo(130);
    }

    @Test
    void aReaderThatLeavesEndsTheCommand() {
        says(Stream.STDOUT, "lost");
        ends(null, "TERM");
        PrintStream gone = new PrintStream(new java.io.OutputStream() {
            @Override
            public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("the reader is gone");
            }
        });
        CommandSession session =
                shell.processor.createSession(new java.io.ByteArrayInputStream(new byte[0]), gone, gone);
        assertThatThrownBy(() -> new ExecCommand(shell.access).execute(session, List.of("web", "--", "x")))
                .isInstanceOf(CommandFailed.class);
        assertThat(shell.node.calls).last().isEqualTo("exec cancelled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker:exec web | goes after '--'",
                "worker:exec web -- | goes after '--'",
                "worker:exec web ls | one word too many",
                "worker:exec -- ls | a word is missing",
                "worker:exec web --timeout soon -- ls | needs a length of time",
                "worker:exec web --timeout 0 -- ls | must be above 0",
                "worker:exec nobody -- ls | there is no worker 'nobody'"
            })
    void whatIsWrongIsSaid(String line, String message) {
        assertThat(shell.failure(line)).contains(message);
    }
}
