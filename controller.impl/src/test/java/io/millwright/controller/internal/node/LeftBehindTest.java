package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the exit of a worker says of processes that its main process left behind: their names, and for a daemon, what to do. */
@EnabledOnOs(OS.LINUX)
class LeftBehindTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // script | named | advice
                "setsid sleep 300 & while ! pgrep -s $! sleep >/dev/null; do :; done; exit 0 | true | true",
                "setsid sleep 300 & while ! pgrep -s $! sleep >/dev/null; do :; done; exit 3 | true | false",
                "sleep 300 & while ! pgrep -P $$ sleep >/dev/null; do :; done; exit 0 | true | false",
                "exit 0 | false | false",
            })
    void itIsNamedAndADaemonIsGivenAdvice(String script, boolean named, boolean advice) {
        node.start("w", Map.of("executable", "/bin/sh", "arguments", List.of("-c", script)));
        assertThat(TestNode.get(node.controller.awaitExit(new WorkerId("w"))).reason())
                .matches(reason -> reason.matches("(?s).*was ended: \\d+ \\(sleep\\).*") == named)
                .matches(reason -> reason.contains("run it in the foreground") == advice);
        assertThat(node.awaitState("w", WorkerState.EXITED).exit().reason()).startsWith("exit code");
    }
}
