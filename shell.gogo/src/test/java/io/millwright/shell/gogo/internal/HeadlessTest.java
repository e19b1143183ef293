package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One command over ssh into a Karaf. The kind: a session that prints no result and knows an exit code only as a returned number
 * (Karaf's {@code ShellCommand}).
 */
class HeadlessTest {
    private final Shell shell = new Shell();

    /** As much of Karaf's session as there is to see. */
    public static final class Session {
        public @Nullable Object getTerminal() {
            return null;
        }
    }

    @BeforeEach
    void asKaraf() {
        shell.session.put(".session", new Session());
        shell.node.with(FakeNode.worker("web", WorkerState.STARTED));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    /** What Karaf does with a line: a result that is a number is the exit code, any other is dropped, a failure is 1. */
    private int ssh(String line) {
        shell.out.reset();
        try {
            return shell.session.execute(line) instanceof Integer code ? code : 0;
        } catch (Exception e) {
            return 1;
        }
    }

    @Test
    void resultsArePrintedAndCodesReturned() {
        assertThat(ssh("worker:list")).isZero();
        assertThat(shell.printed()).contains("web  guest  started");
        assertThat(ssh("worker:list --json")).isZero();
        assertThat(shell.printed()).startsWith("[{\"id\":\"web\"").endsWith("]\n");
        shell.node.exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 3, null, "it said so", FakeNode.NOW);
        assertThat(ssh("worker:wait web")).isEqualTo(3);
        assertThat(shell.printed()).isEqualTo("code 3 (error): it said so\n");
        assertThat(ssh("worker:info nobody")).isEqualTo(1);
        assertThat(ssh("worker:info")).isEqualTo(2);
        assertThat(shell.printed()).startsWith("a word is missing\nusage: worker:info");
        assertThat(ssh("worker:list --help")).isZero();
        assertThat(shell.printed()).startsWith("usage: worker:list");
    }

    @Test
    void aPipeGetsItOnce() throws Exception {
        assertThat(String.valueOf(shell.session.execute("worker:list | test:lines web")))
                .containsOnlyOnce("<web")
                .doesNotContain("TYPE");
    }

    @Test
    void textIsHarmlessForTheTerminalAtTheOtherEndAndNeverCut() {
        shell.node.log.add(LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDOUT, null, "x\u001b[2J" + "y".repeat(200)));
        ssh("worker:log web");
        assertThat(shell.printed()).contains("x\\x1b[2J" + "y".repeat(200));
    }
}
