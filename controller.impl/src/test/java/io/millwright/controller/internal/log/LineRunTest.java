package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.LogEntry.Stream;
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

class LineRunTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00.007Z").toEpochMilli();
    private static final String STAMP = "2026-03-01T12:00:00.007Z o ";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private WorkerLog log(LogOptions options) {
        return new WorkerLog(
                folder.resolve("w.log"), options, new LogBuffers(), problem -> {}, () -> NOW, AppendedFile::append);
    }

    /** Bytes that look like line ends to a search that is not exact, and many line ends. */
    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        byte[] likely = {'\n', '\n', 0x0b, (byte) 0x8a, '\r', 0x09, 'x', (byte) 0xff, 0x00};
        int rare = 1 + random.nextInt(40);
        for (int i = 0; i < length; i++) {
            bytes[i] = random.nextInt(rare) == 0 ? likely[random.nextInt(likely.length)] : (byte) 'y';
        }
        return bytes;
    }

    /** Line by line: the records that end in the range and whose bytes have room. */
    private static byte[] model(byte[] bytes, int from, int to, int room) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                if (records.size() + Stamp.LENGTH + i + 1 - start > room) {
                    break;
                }
                records.writeBytes(STAMP.getBytes(StandardCharsets.US_ASCII));
                records.write(bytes, start, i + 1 - start);
                start = i + 1;
            }
        }
        return records.toByteArray();
    }

    @RepeatedTest(5)
    void doesWhatALoopDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LogBuffers.Space space = new LogBuffers.Space();
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = bytes(random, 1 + random.nextInt(1500));
            int from = random.nextInt(bytes.length);
            int to = from + random.nextInt(bytes.length - from + 1);
            int count = 0;
            int lastEnd = from;
            for (int j = from; j < to; j++) {
                if (bytes[j] == '\n') {
                    count++;
                    lastEnd = j + 1;
                }
            }
            assertThat(LineRun.count(bytes, from, to)).as("seed %d", seed).isEqualTo(count);
            assertThat(LineRun.lastEnd(bytes, from, to)).as("seed %d", seed).isEqualTo(lastEnd);
            int before = random.nextInt(100);
            int room = random.nextInt(6000);
            space.size = before;
            space.stamp.set(NOW, (byte) 'o');
            int next = LineRun.stamp(bytes, from, to, space, room);
            byte[] expected = model(bytes, from, to, room);
            assertThat(Arrays.copyOfRange(space.out, before, space.size))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat((space.size - before - (next - from)) % Stamp.LENGTH)
                    .as("seed %d", seed)
                    .isZero();
            assertThat(Logs.strip(expected, 'o')).isEqualTo(Arrays.copyOfRange(bytes, from, next));
        }
    }

    @Test
    void edgesOfAChunk() throws Exception {
        String[] chunks = {"a\n", "\n", "\n\n\r\n", "be", "gun\nc\r\nd", "\n", "e\nopen", "", "!\n\nlast"};
        try (WorkerLog log = log(Logs.options(LogOptions.Format.STAMPED, 1 << 20, 1))) {
            for (String chunk : chunks) {
                Logs.write(log.stdout(), chunk);
            }
            assertThat(Logs.texts(log.tail(100)))
                    .containsExactly("a", "", "", "", "", "begun", "c", "d", "e", "open!", "", "last");
            assertThat(log.traffic(Stream.STDOUT).lines()).isEqualTo(11);
            log.stdout().end();
        }
        String stamped = Files.readString(folder.resolve("w.log"));
        assertThat(Logs.strip(Logs.bytes(stamped), 'o')).isEqualTo(Logs.bytes(String.join("", chunks)));
        assertThat(stamped)
                .contains(STAMP + "\r\n" + STAMP + "begun\n" + STAMP + "c\r\n")
                .endsWith(" O last\n");
    }

    /** Their records are many times the batch. */
    @RepeatedTest(3)
    void chunksOfVeryShortLinesWithRotationInTheMiddle() throws Exception {
        Random random = new Random();
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(2) == 0 ? '\n' : 'x');
        }
        bytes[bytes.length - 1] = '\n';
        int max = 100_000 + random.nextInt(200_000);
        try (WorkerLog log = log(Logs.options(LogOptions.Format.STAMPED, max, 1000))) {
            Logs.writeInPieces(log.stdout(), bytes, random, 70_000);
            assertThat(log.traffic(Stream.STDOUT).lines()).isEqualTo(LineRun.count(bytes, 0, bytes.length));
        }
        assertThat(Logs.strip(Logs.all(folder.resolve("w.log")), 'o')).isEqualTo(bytes);
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                assertThat(Files.size(each)).isBetween(1L, (long) max);
                assertThat(Files.readString(each)).startsWith("2026-").endsWith("\n");
            }
        }
    }

    /** With no ring, and with one too small for a block, lines are counted and the last ones kept as ever. */
    @Test
    void smallRings() {
        StringBuilder text = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            lines.add("line " + i);
            text.append("line ").append(i).append('\n');
        }
        for (int ring : new int[] {0, 1, 7}) {
            LogOptions options = new LogOptions(ring, 4096, false, LogOptions.Format.RAW, 1 << 20, 1);
            try (WorkerLog log = log(options)) {
                log.stdout().accept(ByteBuffer.wrap(Logs.bytes(text.toString())));
                assertThat(log.traffic(Stream.STDOUT).lines()).isEqualTo(5000);
                assertThat(Logs.texts(log.tail(100))).isEqualTo(lines.subList(5000 - ring, 5000));
            }
        }
    }
}
