package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.LogQuery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: whatever becomes of the files of a log, each line is in one of them, until its time or its place is over. */
class LogKeepingTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(BEGIN.toEpochMilli());
    private final List<LogBuffers> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(LogBuffers::close);
    }

    private Path path() {
        return directory.resolve("w.log");
    }

    private WorkerLog log(LogOptions.Format format, long maxSize, int keep, Housekeeping rules) {
        LogBuffers buffers = new LogBuffers();
        open.add(buffers);
        LogOptions options = new LogOptions(3, 256 << 10, true, format, maxSize, keep, rules);
        WorkerLog log = new WorkerLog(path(), options, buffers, problem -> {}, clock::get, AppendedFile::append);
        log.reconfigure(options);
        return log;
    }

    private static Housekeeping rules(
            @Nullable Duration maxAge, boolean compress, @Nullable Long size, @Nullable Duration age) {
        return new Housekeeping(maxAge, compress, size, age);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** All lines, oldest first, without their stamps. */
    private List<String> all() throws IOException {
        List<String> all = new ArrayList<>();
        for (int number = 2000; number >= 0; number--) {
            for (String end : List.of("", ".gz")) {
                Path file = directory.resolve("w.log" + (number == 0 ? "" : "." + number) + end);
                if (Files.exists(file)) {
                    read(file).lines().map(line -> line.substring(Stamp.LENGTH)).forEach(all::add);
                }
            }
        }
        return all;
    }

    private static void write(Path file, String text, Instant time) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    @Test
    void aFileIsRotatedByTheAgeOfItsFirstLine() throws IOException {
        for (LogOptions.Format format : LogOptions.Format.values()) {
            WorkerLog log = log(format, 1 << 20, 5, rules(Duration.ofMinutes(1), false, null, null));
            Logs.write(log.stdout(), "one\n");
            clock.addAndGet(59_999);
            Logs.write(log.stdout(), "two\n");
            clock.addAndGet(1);
            Logs.write(log.stdout(), "three\n");
            log.close();
            assertThat(read(LogRotation.numbered(path(), 1)))
                    .contains("one", "two")
                    .doesNotContain("three");
            assertThat(read(path())).contains("three");
            Files.delete(path());
            Files.delete(LogRotation.numbered(path(), 1));
        }
        // The age goes on over lives of the node.
        log(LogOptions.Format.STAMPED, 1 << 20, 5, Housekeeping.NONE);
        WorkerLog before = log(LogOptions.Format.STAMPED, 1 << 20, 5, Housekeeping.NONE);
        Logs.write(before.stdout(), "old\n");
        before.close();
        clock.addAndGet(60_000);
        WorkerLog after = log(LogOptions.Format.STAMPED, 1 << 20, 5, rules(Duration.ofMinutes(1), false, null, null));
        Logs.write(after.stdout(), "new\n");
        after.close();
        assertThat(read(LogRotation.numbered(path(), 1))).contains("old");
        assertThat(read(path())).contains("new").doesNotContain("old");
    }

    @Test
    void aFileIsRotatedOnCommandIfThereIsSomethingInIt() throws IOException {
        WorkerLog log = log(LogOptions.Format.STAMPED, 1 << 20, 5, Housekeeping.NONE);
        log.rotate();
        assertThat(names()).isEmpty();
        Logs.write(log.stdout(), "one\nhal");
        log.rotate();
        log.rotate();
        Logs.write(log.stdout(), "f\n");
        log.stdout().end();
        log.rotate();
        log.rotate();
        assertThat(names()).containsExactly("w.log", "w.log.1", "w.log.2");
        assertThat(all()).containsExactly("one", "half");
        log.reconfigure(new LogOptions(3, 4096, false, LogOptions.Format.STAMPED, 1 << 20, 5));
        Files.writeString(path(), "another's");
        log.rotate();
        assertThat(read(path())).isEqualTo("another's");
        log.close();
    }

    @Test
    void rotatedFilesAreCompressedAndFoundAllTheSame() throws IOException {
        WorkerLog log = log(LogOptions.Format.STAMPED, 400, 50, rules(null, true, null, null));
        for (int i = 0; i < 100; i++) {
            Logs.write(log.stdout(), "line " + i + "\n");
            clock.addAndGet(1000);
        }
        await().until(() -> names().stream().noneMatch(name -> name.matches(".*\\.\\d+|.*compressing")));
        assertThat(names()).contains("w.log", "w.log.1.gz", "w.log.2.gz");
        assertThat(all())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "line " + i).toList());
        assertThat(log.search(LogQuery.text("line 7")).matches())
                .extracting(match -> match.entry().text())
                .containsExactly(
                        "line 7", "line 70", "line 71", "line 72", "line 73", "line 74", "line 75", "line 76",
                        "line 77", "line 78", "line 79");
        assertThat(log.search(LogQuery.text("line").withAfter(BEGIN.plusSeconds(89)))
                        .matches())
                .hasSize(10);
        log.close();
    }

    @Test
    void nothingIsLostOrDoubledUnderFullLoad() throws Exception {
        WorkerLog log = log(LogOptions.Format.STAMPED, 16 << 10, 1000, rules(null, true, null, null));
        int lines = 50_000;
        AtomicBoolean written = new AtomicBoolean();
        List<String> wrong = new ArrayList<>();
        Thread searcher = new Thread(() -> {
            while (!written.get()) {
                List<String> found = log.search(LogQuery.text("line ").withLimit(1000)).matches().stream()
                        .map(match -> match.entry().text())
                        .toList();
                for (int i = 1; i < found.size(); i++) {
                    if (number(found.get(i)) != number(found.get(i - 1)) + 1) {
                        wrong.add(found.get(i - 1) + " is followed by " + found.get(i));
                    }
                }
            }
        });
        searcher.start();
        for (int i = 0; i < lines; i++) {
            if (i % 100 == 0) {
                clock.incrementAndGet();
            }
            Logs.write(log.stdout(), "line " + i + "\n");
        }
        written.set(true);
        searcher.join();
        await().until(() -> names().stream().noneMatch(name -> name.matches(".*\\.\\d+|.*compressing")));
        log.close();
        assertThat(wrong).isEmpty();
        assertThat(all())
                .containsExactlyElementsOf(
                        IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(5));
    }

    @Test
    void theOldestGoByTheirSizeAndByTheirAge() throws IOException {
        RotatedFiles files = new RotatedFiles(path());
        write(path(), "x".repeat(5000), BEGIN);
        for (int number = 1; number <= 5; number++) {
            write(LogRotation.numbered(path(), number), "x".repeat(1000), BEGIN.minus(Duration.ofDays(number)));
        }
        files.keep(rules(null, false, 4000L, null), BEGIN);
        assertThat(names()).containsExactly("w.log", "w.log.1", "w.log.2", "w.log.3", "w.log.4");
        files.keep(rules(null, false, null, Duration.ofDays(2)), BEGIN.plusMillis(1));
        assertThat(names()).containsExactly("w.log", "w.log.1");
        files.keep(rules(null, true, null, Duration.ofDays(30)), BEGIN);
        assertThat(names()).containsExactly("w.log", "w.log.1.gz");
        // What is compressed has the age it had.
        files.keep(rules(null, true, null, Duration.ofDays(1)), BEGIN.plusMillis(1));
        assertThat(names()).containsExactly("w.log");
    }

    @Test
    void whatADeadNodeHasLeftHalfDoneIsDoneAnew() throws IOException {
        RotatedFiles files = new RotatedFiles(path());
        write(LogRotation.numbered(path(), 1), "2026-03-01T12:00:00.000Z o whole\n", BEGIN);
        try (GZIPOutputStream zip =
                new GZIPOutputStream(Files.newOutputStream(LogRotation.compressed(LogRotation.numbered(path(), 1))))) {
            zip.write("2026-03-01T12:00:00.000Z o whole\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(directory.resolve("w.log.compressing"), "half");
        List<String> read = new ArrayList<>();
        try (StampedFiles both = files.open(null)) {
            both.read(entry -> read.add(entry.text()));
        }
        assertThat(read).containsExactly("whole");
        files.keep(rules(null, true, null, null), BEGIN);
        assertThat(names()).containsExactly("w.log.1.gz");
        assertThat(all()).containsExactly("whole");
    }

    @Test
    void compressedFilesMoveOnAtARotationAndAreCounted() throws IOException {
        RotatedFiles files = new RotatedFiles(path());
        for (int round = 0; round < 5; round++) {
            write(path(), "2026-03-01T12:00:00.000Z o round " + round + "\n", BEGIN);
            files.rotate(3);
            if (round % 2 == 0) {
                files.keep(rules(null, true, null, null), BEGIN);
            }
        }
        assertThat(all()).containsExactly("round 2", "round 3", "round 4");
        files.rotate(1);
        assertThat(names()).hasSize(1);
    }
}
