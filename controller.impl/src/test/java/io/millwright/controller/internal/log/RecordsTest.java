package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Log records on standard error, in whatever pieces they come. */
class RecordsTest {
    private static final String MARK = "@m4rk ";

    @TempDir
    private Path directory;

    private WorkerLog log;

    @BeforeEach
    void open() {
        log = new WorkerLog(directory.resolve("w.log"), LogOptions.DEFAULT, new LogBuffers(), problem -> {});
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static List<Arguments> streams() {
        return List.of(
                Arguments.of("plain\n", List.of("- plain")),
                Arguments.of(MARK + "{\"level\":\"warn\",\"message\":\"m\"}\n", List.of("warn WARN  m")),
                Arguments.of(
                        MARK + "{\"level\":\"INFO\",\"logger\":\"a.B\",\"thread\":\"main\",\"message\":\"m\"}\n",
                        List.of("info INFO  [main] a.B: m")),
                Arguments.of(
                        MARK + "{\"level\":\"error\",\"message\":\"m\",\"trace\":\"T: m\\n\\tat x\\n\"}\nnext\n",
                        List.of("error ERROR m", "error T: m", "error \tat x", "- next")),
                Arguments.of(
                        "a\n" + MARK + "{\"level\":\"debug\",\"message\":\"1\"}\nb\n" + MARK
                                + "{\"level\":\"trace\",\"message\":\"2\"}\n",
                        List.of("- a", "debug DEBUG 1", "- b", "trace TRACE 2")),
                Arguments.of(
                        "in the " + MARK + "{\"message\":\"m\"}\n",
                        List.of("- in the " + MARK + "{\"message\":\"m\"}")),
                Arguments.of(MARK + "no json\n", List.of("- " + MARK + "no json")),
                Arguments.of(MARK + "{\"level\":\"info\"}\n", List.of("- " + MARK + "{\"level\":\"info\"}")),
                Arguments.of(MARK + "{\"level\":\"loud\",\"message\":\"m\"}\n", List.of("- LOUD  m")),
                Arguments.of(MARK.substring(0, 3), List.of("- " + MARK.substring(0, 3))),
                Arguments.of("@m4rx\n", List.of("- @m4rx")),
                Arguments.of("\n\n", List.of("- ", "- ")),
                Arguments.of(MARK + "{\"level\":\"warn\",\"message\":\"no end\"}", List.of("warn WARN  no end")),
                Arguments.of("no end", List.of("- no end")));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void recordsHaveALevelAndAllElseIsText(String stream, List<String> entries) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            open();
            OutputSink sink = log.stderr(MARK);
            for (int at = 0; at < bytes.length; at += size) {
                sink.accept(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)));
            }
            sink.end();
            assertThat(shown()).as("in pieces of " + size).isEqualTo(entries);
        }
    }

    private List<String> shown() {
        return log.tail(100).stream()
                .map(entry -> (entry.level() == null ? "-" : entry.level()) + " " + entry.text())
                .toList();
    }

    @Test
    void onStandardOutputAMarkIsText() {
        String forged = MARK + "{\"level\":\"warn\",\"message\":\"m\"}";
        log.stdout().accept(ByteBuffer.wrap((forged + "\n").getBytes(StandardCharsets.UTF_8)));
        log.stdout().end();
        assertThat(log.tail(1)).extracting(LogEntry::level).containsExactly((String) null);
        assertThat(shown()).containsExactly("- " + forged);
    }

    @Test
    void theFileHasTheTextAndTheOrder() throws IOException {
        OutputSink sink = log.stderr(MARK);
        sink.accept(ByteBuffer.wrap(
                ("a\n" + MARK + "{\"level\":\"warn\",\"message\":\"m\"}\nb\n").getBytes(StandardCharsets.UTF_8)));
        sink.end();
        assertThat(Files.readAllLines(directory.resolve("w.log")))
                .extracting(line -> line.substring(Stamp.LENGTH - 2))
                .containsExactly("e a", "e WARN  m", "e b");
    }

    @Test
    void nestedWithoutEndIsText() {
        OutputSink sink = log.stderr(MARK);
        String nested = MARK + "{\"message\":" + "[".repeat(100_000) + "\n";
        sink.accept(ByteBuffer.wrap(nested.getBytes(StandardCharsets.UTF_8)));
        sink.end();
        assertThat(log.tail(10)).extracting(LogEntry::level).containsOnlyNulls();
    }

    @Test
    void whatIsTooLongForARecordIsText() {
        OutputSink sink = log.stderr(MARK);
        byte[] long1 = (MARK + "{\"message\":\"" + "x".repeat(Records.MOST)).getBytes(StandardCharsets.UTF_8);
        sink.accept(ByteBuffer.wrap(long1));
        sink.accept(ByteBuffer.wrap("\"}\nnext\n".getBytes(StandardCharsets.UTF_8)));
        sink.end();
        List<LogEntry> all = log.tail(100);
        assertThat(all).extracting(LogEntry::level).containsOnlyNulls();
        assertThat(all.get(all.size() - 1).text()).isEqualTo("next");
    }
}
