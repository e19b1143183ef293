package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The machine's clock is moved by hours while a worker prints. The kind: an order or an age that is taken from times of day. What
 * the loop does by its clocks is in {@code Simulation}, which moves them too.
 */
class ClockTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(BEGIN.toEpochMilli());

    private WorkerLog log(LogOptions options) {
        return new WorkerLog(
                directory.resolve("w.log"), options, new LogBuffers(), problem -> {}, clock::get, AppendedFile::append);
    }

    /** Lines of a second each; a rotated file is as old as its last line. */
    private void write(WorkerLog log, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Logs.write(log.stdout(), "line " + i + "\n");
            Files.setLastModifiedTime(directory.resolve("w.log"), FileTime.fromMillis(clock.get()));
            clock.addAndGet(1000);
        }
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    private static List<String> texts(LogMatches found) {
        return found.matches().stream().map(match -> match.entry().text()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "-5, 3, 400",
        "-5, 100, 400",
        "5, 3, 400",
        "5, 100, 400",
        "-5, 100, 1000000",
        "5, 3, 1000000",
        "-5, 3, 1000000"
    })
    void aSearchFindsEachLineOnceInTheOrderTheyWereWritten(int hours, int ring, int size) throws Exception {
        try (WorkerLog log = log(new LogOptions(ring, 256 << 10, true, LogOptions.Format.STAMPED, size, 9))) {
            write(log, 0, 30);
            clock.addAndGet(Duration.ofHours(hours).toMillis());
            write(log, 30, 40);
            assertThat(texts(log.search(LogQuery.text("line").withLimit(1000)))).isEqualTo(lines(0, 40));
            Instant moved = Instant.ofEpochMilli(clock.get()).minusSeconds(4);
            List<String> since =
                    texts(log.search(LogQuery.text("line").withAfter(moved).withLimit(1000)));
            assertThat(since.subList(Math.max(0, since.size() - 3), since.size()))
                    .isEqualTo(lines(37, 40));
            // By the clock of before: what was written then is found, in whatever file it is by now.
            assertThat(texts(log.search(LogQuery.text("line")
                            .withAfter(BEGIN.plusSeconds(9))
                            .withBefore(BEGIN.plusSeconds(13))
                            .withLimit(1000))))
                    .isEqualTo(lines(10, 13));
        }
    }

    @ParameterizedTest
    @CsvSource({"-5", "5"})
    void aFileIsRotatedByItsAgeWhateverTheClockWas(int hours) throws Exception {
        LogOptions options = new LogOptions(
                100,
                256 << 10,
                true,
                LogOptions.Format.STAMPED,
                1_000_000,
                9,
                new Housekeeping(Duration.ofHours(1), false, null, null));
        try (WorkerLog log = log(options)) {
            write(log, 0, 3);
            clock.addAndGet(Duration.ofHours(hours).toMillis());
            write(log, 3, 6);
            clock.addAndGet(Duration.ofMinutes(61).toMillis());
            write(log, 6, 7);
            assertThat(directory.resolve("w.log"))
                    .content()
                    .doesNotContain("line 5")
                    .contains("line 6");
            assertThat(texts(log.search(LogQuery.text("line").withLimit(1000)))).isEqualTo(lines(0, 7));
        }
    }
}
