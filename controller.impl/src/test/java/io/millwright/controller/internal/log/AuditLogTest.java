package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written and lost of the audit log, whatever becomes of its file. */
class AuditLogTest {
    private static final Caller ME = Caller.shell("test");
    private static final Pattern NUMBER = Pattern.compile("\\{\"number\":(\\d+),\"time\":\".*\\}");

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void place() {
        path = directory.resolve("log").resolve("audit.log");
    }

    private static void add(Audit audit, int lines) {
        for (int i = 0; i < lines; i++) {
            audit.begin(ME, "start_worker", "w", List.of()).end(Audit.OK);
        }
    }

    private static List<Long> numbers(Path file) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher number = NUMBER.matcher(line);
            assertThat(number.matches()).as(line).isTrue();
            numbers.add(Long.parseLong(number.group(1)));
        }
        return numbers;
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aLineSaysWhoDidWhatToWhatButNoValue() throws IOException {
        try (AuditLog log = new AuditLog(path)) {
            Caller joe = Caller.remote("joe", "7")
                    .withRole("operator")
                    .withListener("l")
                    .withAddress("192.0.2.7:5");
            log.begin(
                            joe,
                            "start_worker",
                            "w\n",
                            Audit.keys(Map.of("env", Map.of("vars", Map.of("A", "secret")), "b", 1)))
                    .end("cannot_start");
        }
        assertThat(Files.readString(path))
                .matches(
                        "\\{\"number\":1,\"time\":\"[^\"]+Z\",\"who\":\"remote:joe\",\"session\":\"7\",\"role\":\"operator\","
                                + "\"listener\":\"l\",\"address\":\"192.0.2.7:5\",\"operation\":\"start_worker\",\"target\":\"w\\\\n\","
                                + "\"keys\":\\[\"b\",\"env.vars.A\"\\],\"result\":\"cannot_start\",\"done\":null,\"failed\":null,"
                                + "\"duration\":[0-9.]+\\}\n");
    }

    @Test
    void numbersGoOnOverALifeOfTheNode() throws IOException {
        for (int life = 0; life < 3; life++) {
            try (AuditLog log = new AuditLog(path)) {
                add(log, 2);
            }
        }
        assertThat(numbers(path)).isEqualTo(from(1, 6));
        Files.move(path, path.resolveSibling("audit.log.1"));
        try (AuditLog log = new AuditLog(path)) {
            add(log, 1);
        }
        assertThat(numbers(path)).as("after the newest rotated file").containsExactly(7L);
    }

    @Test
    void aHalfLineOfAKilledNodeIsEndedFirst() throws IOException {
        try (AuditLog log = new AuditLog(path)) {
            add(log, 2);
        }
        Files.writeString(path, "{\"number\":3,\"ti", StandardOpenOption.APPEND);
        try (AuditLog log = new AuditLog(path)) {
            add(log, 1);
        }
        assertThat(Files.readAllLines(path)).hasSize(4).element(2).isEqualTo("{\"number\":3,\"ti");
        assertThat(Files.readAllLines(path).get(3)).startsWith("{\"number\":3,\"time\"");
    }

    @Test
    void aFileThatIsRemovedOrMovedIsMadeAnew() throws IOException {
        try (AuditLog log = new AuditLog(path)) {
            add(log, 1);
            await().until(() -> Files.exists(path) && Files.size(path) > 0);
            Path moved = path.resolveSibling("taken");
            Files.move(path, moved);
            add(log, 1);
            await().until(() -> Files.exists(path) && Files.size(path) > 0);
            assertThat(numbers(moved)).containsExactly(1L);
            assertThat(numbers(path)).containsExactly(2L);
            Files.delete(path);
            Files.delete(moved);
            Files.delete(path.getParent());
            add(log, 1);
            await().until(() -> Files.exists(path) && Files.size(path) > 0);
            assertThat(numbers(path)).containsExactly(3L);
            assertThat(log.trouble()).isNull();
        }
    }

    @Test
    void whatIsNoRegularFileIsNotOpenedAndItsLinesAreMissing() throws IOException {
        Files.createDirectories(path);
        try (AuditLog log = new AuditLog(path)) {
            add(log, 2);
            await().until(() -> log.trouble() != null && log.trouble().startsWith("2 lines"));
            assertThat(log.trouble())
                    .isEqualTo(
                            "2 lines are lost, and their numbers are missing: it is a folder, not a regular file; once it is gone,"
                                    + " a file is made");
            Files.delete(path);
            Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
            Files.createSymbolicLink(path, elsewhere);
            add(log, 1);
            await().until(() -> log.trouble().startsWith("3 lines"));
            assertThat(elsewhere).isEmptyFile();
            Files.delete(path);
            add(log, 1);
            await().until(() -> log.trouble().endsWith("it is written again"));
            assertThat(numbers(path)).containsExactly(4L);
        }
    }

    @Test
    void aFullDiskRefusesNothingAndLeavesNoHalfLine() throws IOException {
        AuditFile full = new AuditFile(path, 1 << 20, 2) {
            private int lines;

            @Override
            void put(SeekableByteChannel open, ByteBuffer bytes) throws IOException {
                if (++lines == 2 || lines == 3) {
                    open.write(bytes.slice(0, 10));
                    throw new IOException("No space left on device");
                }
                super.put(open, bytes);
            }
        };
        try (AuditLog log = new AuditLog(full, 100)) {
            add(log, 4);
            await().until(() -> log.trouble() != null && log.trouble().endsWith("again"));
            assertThat(log.trouble())
                    .isEqualTo(
                            "2 lines are lost, and their numbers are missing: No space left on device; it is written again");
        }
        assertThat(numbers(path)).containsExactly(1L, 4L);
    }

    @Test
    void aSlowDiskHoldsNobodyAndWhatFindsTheQueueFullIsMissing() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AuditFile slow = new AuditFile(path, 1 << 20, 2) {
            @Override
            void put(SeekableByteChannel open, ByteBuffer bytes) throws IOException {
                writing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.put(open, bytes);
            }
        };
        try (AuditLog log = new AuditLog(slow, 3)) {
            add(log, 1);
            writing.await();
            add(log, 5);
            assertThat(log.trouble())
                    .startsWith("2 lines are lost")
                    .contains("more came at once than could be written");
            goOn.countDown();
            await().until(() -> Files.readAllLines(path).size() == 4);
            add(log, 1);
        }
        assertThat(numbers(path)).as("the gap shows what is lost").containsExactly(1L, 2L, 3L, 4L, 7L);
    }

    @Test
    void itIsRotatedAsLogsOfWorkersAre() throws IOException {
        long line;
        try (AuditLog log = new AuditLog(new AuditFile(path, 1 << 20, 2), 100)) {
            add(log, 1);
            await().until(() -> Files.exists(path) && Files.size(path) > 0);
            line = Files.size(path) + 10;
        }
        try (AuditLog log = new AuditLog(new AuditFile(path, 3 * line, 2), 100)) {
            add(log, 11);
        }
        List<Long> kept = new ArrayList<>();
        for (String name : List.of("audit.log.2", "audit.log.1", "audit.log")) {
            Path file = path.resolveSibling(name);
            assertThat(Files.size(file)).isLessThanOrEqualTo(3 * line);
            kept.addAll(numbers(file));
        }
        assertThat(kept).isEqualTo(from(kept.get(0), 12));
        assertThat(path.resolveSibling("audit.log.3")).doesNotExist();
    }

    @Test
    void manyThreadsGetNumbersWithoutAGap() throws Exception {
        try (AuditLog log = new AuditLog(path)) {
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(i -> new Thread(() -> add(log, 200)))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(log.trouble()).isNull();
        }
        List<Long> written = numbers(path);
        assertThat(written).isEqualTo(from(1, 800));
        assertThat(Collections.max(written)).isEqualTo(800);
    }
}
