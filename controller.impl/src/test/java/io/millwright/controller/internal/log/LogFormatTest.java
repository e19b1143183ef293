package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.Traffic;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFormatTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00.007Z").toEpochMilli();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final LogBuffers buffers = new LogBuffers();

    private WorkerLog log(String name, LogOptions options) {
        return new WorkerLog(
                folder.resolve(name),
                options,
                buffers,
                problem -> {
                    throw new AssertionError(problem);
                },
                () -> NOW,
                AppendedFile::append);
    }

    private WorkerLog stamped() {
        return log("w.log", LogOptions.DEFAULT);
    }

    private String file() throws Exception {
        return Files.readString(folder.resolve("w.log"), StandardCharsets.ISO_8859_1);
    }

    @Test
    void linesAreStampedWithTimeAndStream() throws Exception {
        try (WorkerLog log = stamped()) {
            Logs.write(log.stdout(), "one\r\ntwo");
            Logs.write(log.stderr(), "bad\n\n");
            log.note("started\nagain");
            log.stdout().end();
        }
        String time = "2026-03-01T12:00:00.007Z ";
        assertThat(file())
                .isEqualTo(time + "o one\r\n" + time + "e bad\n" + time + "e \n" + time + "n started again\n" + time
                        + "O two\n");
    }

    @Test
    void tailHasTextStreamAndTheOpenLine() {
        WorkerLog log = stamped();
        Logs.write(log.stdout(), "one\r\nopen\r");
        Logs.write(log.stderr(), "bad\nalso open");
        Instant time = Instant.ofEpochMilli(NOW);
        assertThat(log.tail(10))
                .containsExactly(
                        LogEntry.of(time, Stream.STDOUT, null, "one"),
                        LogEntry.of(time, Stream.STDERR, null, "bad"),
                        LogEntry.of(time, Stream.STDOUT, null, "open\r"),
                        LogEntry.of(time, Stream.STDERR, null, "also open"));
        assertThat(Logs.texts(log.tail(3))).containsExactly("bad", "open\r", "also open");
        assertThat(Logs.texts(log.tail(1))).containsExactly("also open");
        assertThat(log.tail(0)).isEmpty();
        assertThat(log.tail(-1)).isEmpty();
        log.close();
    }

    @Test
    void invalidUtf8IsKeptInTheFileAndReplacedInTheText() throws Exception {
        byte[] bytes = {'a', (byte) 0xff, 0, (byte) 0xc3, '\n'};
        try (WorkerLog log = stamped()) {
            log.stdout().accept(ByteBuffer.wrap(bytes));
            assertThat(Logs.texts(log.tail(1))).containsExactly("a\ufffd\0\ufffd");
        }
        assertThat(Logs.strip(Logs.all(folder.resolve("w.log")), 'o')).isEqualTo(bytes);
    }

    @Test
    void trafficCountsLinesAndBytes() {
        WorkerLog log = stamped();
        Logs.write(log.stdout(), "a\nb");
        assertThat(log.traffic(Stream.STDOUT)).isEqualTo(Traffic.of(1, 3));
        log.stdout().end();
        log.stdout().end();
        assertThat(log.traffic(Stream.STDOUT)).isEqualTo(Traffic.of(2, 3));
        assertThat(log.traffic(Stream.STDERR)).isEqualTo(Traffic.of(0, 0));
        log.close();
    }

    @Test
    void longLinesAreCutAndMarked() throws Exception {
        int max = LineSplitter.MAX_LINE;
        String text = "a".repeat(max) + "\n" + "b".repeat(max + 1) + "\n" + "c".repeat(3 * max) + "\n" + "end\n";
        try (WorkerLog log = stamped()) {
            Logs.writeInPieces(log.stdout(), Logs.bytes(text), new Random(1), 100_000);
            List<String> texts = Logs.texts(log.tail(100));
            assertThat(texts.subList(texts.size() - 2, texts.size())).containsExactly("c".repeat(max), "end");
            assertThat(texts).contains("c".repeat(max) + "…");
            assertThat(log.traffic(Stream.STDOUT).lines()).isEqualTo(4);
        }
        byte[] file = Logs.all(folder.resolve("w.log"));
        assertThat(Logs.strip(file, 'o')).isEqualTo(Logs.bytes(text));
        List<Character> letters = new ArrayList<>();
        for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\n")) {
            letters.add(line.charAt(Stamp.LETTER));
        }
        assertThat(letters).containsExactly('o', 'O', 'o', 'O', 'O', 'o', 'o');
    }

    @RepeatedTest(20)
    void anyCutOfAnyBytesGivesTheSame() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] bytes = randomBytes(random);
        String reference = null;
        List<LogEntry> entries = null;
        int run = 0;
        for (int largest : new int[] {bytes.length, 1 + random.nextInt(50_000), 1 + random.nextInt(300), 3}) {
            String name = "chunks" + run++ + ".log";
            try (WorkerLog log = log(name, LogOptions.DEFAULT);
                    WorkerLog raw = log("raw" + name, Logs.options(LogOptions.Format.RAW, 1 << 30, 1))) {
                Logs.writeInPieces(log.stdout(), bytes, random, largest);
                Logs.writeInPieces(raw.stdout(), bytes, random, largest);
                log.stdout().end();
                raw.stdout().end();
                List<LogEntry> tail = log.tail(20);
                assertThat(entries == null ? tail : entries).as("seed %d", seed).isEqualTo(tail);
                assertThat(raw.tail(20)).as("seed %d", seed).isEqualTo(tail);
                entries = tail;
            }
            byte[] file = Logs.all(folder.resolve(name));
            assertThat(Logs.strip(file, 'o')).as("seed %d", seed).isEqualTo(bytes);
            assertThat(Logs.all(folder.resolve("raw" + name)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
            String text = new String(file, StandardCharsets.ISO_8859_1);
            assertThat(text).as("seed %d", seed).isEqualTo(reference == null ? text : reference);
            reference = text;
        }
    }

    private static byte[] randomBytes(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int lines = random.nextInt(60);
        for (int i = 0; i < lines; i++) {
            int kind = random.nextInt(10);
            byte[] line = new byte[kind == 0 ? random.nextInt(200_000) : kind < 4 ? 0 : random.nextInt(400)];
            random.nextBytes(line);
            bytes.writeBytes(line);
            bytes.write('\n');
        }
        bytes.writeBytes(new byte[random.nextInt(3)]);
        return bytes.toByteArray();
    }

    @RepeatedTest(5)
    void searchFindsWhatALoopFinds() {
        Random random = new Random();
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0x8a : 0x0b));
                bytes[random.nextInt(64)] = '\n';
            }
            int from = random.nextInt(64);
            int to = from + random.nextInt(65 - from);
            int expected = -1;
            for (int j = to - 1; j >= from; j--) {
                expected = bytes[j] == '\n' ? j : expected;
            }
            assertThat(LineSplitter.newline(bytes, from, to)).isEqualTo(expected);
        }
    }

    @Test
    void stampIsIsoTimeAcrossAllChanges() {
        Stamp stamp = new Stamp();
        byte[] bytes = new byte[Stamp.LENGTH];
        for (String time : List.of(
                "2026-03-01T12:00:00.007Z",
                "2026-03-01T12:00:00.107Z",
                "2026-03-01T12:00:01.107Z",
                "2028-02-29T23:59:59.999Z",
                "1970-01-01T00:00:00.000Z",
                "1969-12-31T23:59:59.999Z")) {
            stamp.put(Instant.parse(time).toEpochMilli(), (byte) 'e', bytes, 0);
            assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(time + " e ");
        }
    }
}
