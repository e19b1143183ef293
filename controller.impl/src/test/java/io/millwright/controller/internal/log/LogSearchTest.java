package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogMatches.Match;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines are found wherever they lie: in rotated files, in the file, in memory. */
class LogSearchTest {
    private static final long BEGIN = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(BEGIN);
    private Path path;
    private WorkerLog log;

    @BeforeEach
    void open() {
        path = directory.resolve("w.log");
        // Some ten lines a file, three lines in memory.
        use(new LogOptions(3, 256 << 10, true, LogOptions.Format.STAMPED, 400, 5));
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void use(LogOptions options) {
        log = new WorkerLog(path, options, new LogBuffers(), problem -> {}, clock::get, AppendedFile::append);
    }

    /** Lines 0 to n - 1, a second between them, each third one on standard error. */
    private void write(int lines) {
        for (int i = 0; i < lines; i++) {
            Logs.write(i % 3 == 2 ? log.stderr() : log.stdout(), "line " + i + "\n");
            clock.addAndGet(1000);
        }
    }

    private static Instant at(int line) {
        return Instant.ofEpochMilli(BEGIN + line * 1000L);
    }

    private static List<String> texts(LogMatches found) {
        return found.matches().stream().map(match -> match.entry().text()).toList();
    }

    private static List<String> lines(int... numbers) {
        return IntStream.of(numbers).mapToObj(i -> "line " + i).toList();
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                Arguments.of(LogQuery.text("line 1"), lines(1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19), false),
                Arguments.of(LogQuery.text("line 1").withLimit(2), lines(18, 19), true),
                Arguments.of(
                        LogQuery.text("line 1").withLimit(11), lines(1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19), false),
                Arguments.of(LogQuery.text("LINE"), List.of(), false),
                Arguments.of(LogQuery.text("").withLimit(1), lines(39), true),
                Arguments.of(LogQuery.regex("^line [02]$"), lines(0, 2), false),
                Arguments.of(LogQuery.regex("3[57]|38"), lines(35, 37, 38), false),
                Arguments.of(LogQuery.text("3").withBefore(at(30)), lines(3, 13, 23), false),
                Arguments.of(LogQuery.text("3").withAfter(at(36)), lines(37, 38, 39), false),
                Arguments.of(LogQuery.text("").withAfter(at(3)).withBefore(at(6)), lines(4, 5), false),
                Arguments.of(LogQuery.text("").withAfter(at(25)).withBefore(at(28)), lines(26, 27), false),
                Arguments.of(
                        LogQuery.text("").withStream(LogEntry.Stream.STDERR).withLimit(2), lines(35, 38), true),
                Arguments.of(LogQuery.text("").withStream(LogEntry.Stream.NODE), List.of(), false));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("queries")
    void inAllFiles(LogQuery query, List<String> expected, boolean more) {
        write(40);
        assertThat(LogRotation.numbered(path, 3)).exists();
        LogMatches found = log.search(query);
        assertThat(texts(found)).isEqualTo(expected);
        assertThat(found.more()).isEqualTo(more);
        assertThat(found.problems()).isEmpty();
    }

    @Test
    void withTheLinesAroundOverTheEdgesOfFiles() {
        write(40);
        for (int i = 0; i < 40; i++) {
            Match match = log.search(LogQuery.regex("^line " + i + "$").withContext(2))
                    .matches()
                    .get(0);
            List<String> around = new ArrayList<>();
            match.before().forEach(entry -> around.add(entry.text()));
            around.add(match.entry().text());
            match.after().forEach(entry -> around.add(entry.text()));
            assertThat(around)
                    .isEqualTo(IntStream.rangeClosed(Math.max(0, i - 2), Math.min(39, i + 2))
                            .mapToObj(n -> "line " + n)
                            .toList());
            assertThat(match.entry().time()).isEqualTo(at(i));
        }
    }

    @Test
    void pagesTogetherAreTheWhole() {
        write(40);
        List<String> all = new ArrayList<>();
        LogQuery query = LogQuery.text("").withLimit(7);
        LogMatches page;
        do {
            page = log.search(query);
            all.addAll(0, texts(page));
            query = query.withBefore(page.matches().get(0).entry().time());
        } while (page.more());
        assertThat(all).isEqualTo(lines(IntStream.range(0, 40).toArray()));
    }

    @Test
    void whatIsOnlyInMemoryIsFoundToo() {
        write(4);
        Logs.write(log.stdout(), "no end yet");
        assertThat(texts(log.search(LogQuery.text("no end")))).containsExactly("no end yet");
        use(new LogOptions(3, 256 << 10, false, LogOptions.Format.STAMPED, 400, 5));
        write(5);
        assertThat(texts(log.search(LogQuery.text("line")))).isEqualTo(lines(2, 3, 4));
    }

    /** The kind: lines that worker:log shows and a search did not, because newer ones are in the file. */
    @ParameterizedTest
    @CsvSource({"false, STAMPED", "true, RAW"})
    void whatWasNotWrittenIsFoundAmongWhatWas(boolean file, LogOptions.Format format) {
        use(new LogOptions(30, 256 << 10, true, LogOptions.Format.STAMPED, 4000, 5));
        write(3);
        log.reconfigure(new LogOptions(30, 256 << 10, file, format, 4000, 5));
        write(3);
        log.reconfigure(new LogOptions(30, 256 << 10, true, LogOptions.Format.STAMPED, 4000, 5));
        log.note("line of the node");
        write(3);
        assertThat(texts(log.search(LogQuery.text("line"))))
                .containsExactly(
                        "line 0",
                        "line 1",
                        "line 2",
                        "line 0",
                        "line 1",
                        "line 2",
                        "line of the node",
                        "line 0",
                        "line 1",
                        "line 2");
        assertThat(texts(log.search(LogQuery.text("").withAfter(at(1)).withBefore(at(5)))))
                .containsExactly("line 2", "line 0", "line 1");
    }

    @Test
    void whatADiskDidNotTakeIsFoundAndNothingTwice() throws IOException {
        use(new LogOptions(30, 256 << 10, true, LogOptions.Format.STAMPED, 4000, 5));
        write(3);
        Logs.write(log.stdout(), "same\nsame\nline ü" + "x".repeat(70_000) + "\r\nsame\n");
        log.note("of the node");
        Logs.write(log.stdout(), "last\n");
        List<LogEntry> all = log.search(LogQuery.text("")).matches().stream()
                .map(Match::entry)
                .toList();
        assertThat(all).hasSize(10);
        List<String> written = Files.readAllLines(path);
        for (int lost = 0; lost < written.size(); lost++) {
            List<String> rest = new ArrayList<>(written);
            rest.remove(lost);
            Files.write(path, rest);
            assertThat(log.search(LogQuery.text("")).matches())
                    .as("without %d", lost)
                    .hasSize(10);
        }
    }

    @Test
    void whatCannotBeSearchedIsSaid() throws IOException {
        use(new LogOptions(3, 256 << 10, true, LogOptions.Format.RAW, 4000, 5));
        write(5);
        LogMatches raw = log.search(LogQuery.text("line"));
        assertThat(texts(raw)).isEqualTo(lines(2, 3, 4));
        assertThat(raw.problems()).singleElement().asString().contains("log.format=raw");
        log.close();
        Files.delete(path);
        Files.createDirectory(path);
        use(new LogOptions(3, 256 << 10, true, LogOptions.Format.STAMPED, 400, 5));
        assertThat(log.search(LogQuery.text("line")).problems())
                .containsExactly(path + " is no regular file and was not searched");
    }

    @Test
    void linesThatAreNoRecordsArePassedOver() throws IOException {
        write(1);
        log.close();
        Files.writeString(path, Files.readString(path) + "line of nobody\n\n2026-99-01T12:00:00.000Z o line\nx\n");
        assertThat(texts(log.search(LogQuery.text("line")))).isEqualTo(lines(0));
    }

    @Test
    void noPatternRunsAway() {
        Logs.write(log.stdout(), "a".repeat(40_000) + "\n");
        assertThat(log.search(LogQuery.regex("(a+)+(a|aa)+$b")).matches()).isEmpty();
        assertThatThrownBy(() -> log.search(LogQuery.regex("(")))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith("'(' is no pattern that can be matched in linear time: ")
                .extracting(e -> ((NodeException) e).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThatThrownBy(() -> log.search(LogQuery.regex("(a)\\1"))).isInstanceOf(NodeException.class);
    }
}
