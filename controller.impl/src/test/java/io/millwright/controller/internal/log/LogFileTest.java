package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final LogBuffers buffers = new LogBuffers();
    private final List<String> problems = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    private final Disk disk = new Disk();

    /** A disk with room for so many bytes, which takes what still fits, as a real one. */
    private static final class Disk implements AppendedFile.Opener {
        final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
        final AtomicInteger writes = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();

        @Override
        public SeekableByteChannel open(Path file) throws IOException {
            SeekableByteChannel channel = AppendedFile.append(file);
            open.incrementAndGet();
            return new Limited(channel);
        }

        private final class Limited implements SeekableByteChannel {
            private final SeekableByteChannel channel;

            Limited(SeekableByteChannel channel) {
                this.channel = channel;
            }

            @Override
            public int write(ByteBuffer source) throws IOException {
                writes.incrementAndGet();
                int some = (int) Math.min(room.get(), source.remaining());
                if (some == 0) {
                    throw new IOException("No space left on device");
                }
                ByteBuffer part = source.slice(source.position(), some);
                while (part.hasRemaining()) {
                    channel.write(part);
                }
                source.position(source.position() + some);
                room.addAndGet(-some);
                return some;
            }

            @Override
            public int read(ByteBuffer target) throws IOException {
                return channel.read(target);
            }

            @Override
            public long position() throws IOException {
                return channel.position();
            }

            @Override
            public SeekableByteChannel position(long position) throws IOException {
                channel.position(position);
                return this;
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public SeekableByteChannel truncate(long size) throws IOException {
                room.addAndGet(Math.max(0, channel.size() - size));
                channel.truncate(size);
                return this;
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            public void close() throws IOException {
                open.decrementAndGet();
                channel.close();
            }
        }
    }

    private Path file() {
        return folder.resolve("sub").resolve("w.log");
    }

    private WorkerLog log(LogOptions options) {
        return new WorkerLog(file(), options, buffers, problems::add, clock::get, disk);
    }

    @ParameterizedTest
    @EnumSource
    void rotationLosesNothingAndDoublesNothing(LogOptions.Format format) throws Exception {
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            int max = 200 + random.nextInt(5000);
            try (WorkerLog log = log(Logs.options(format, max, 100_000))) {
                for (int i = 0; i < 40; i++) {
                    byte[] bytes = Logs.bytes(("x".repeat(random.nextInt(150)) + "\n").repeat(random.nextInt(20)));
                    Logs.writeInPieces(log.stdout(), bytes, random, 5000);
                    written.writeBytes(bytes);
                }
            }
            byte[] all = Logs.all(file());
            assertThat(format == LogOptions.Format.RAW ? all : Logs.strip(all, 'o'))
                    .isEqualTo(written.toByteArray());
            assertThat(LogRotation.numbered(file(), 2)).exists();
            try (var files = Files.list(file().getParent())) {
                for (Path each : files.toList()) {
                    assertThat(Files.size(each)).isBetween(1L, (long) max);
                    if (format == LogOptions.Format.STAMPED) {
                        assertThat(Files.readString(each)).endsWith("\n");
                    }
                    Files.delete(each);
                }
            }
        }
    }

    @Test
    void keepsSoManyFilesAndTheNewestIsFirst() throws Exception {
        WorkerLog log = log(Logs.options(LogOptions.Format.RAW, 10, 2));
        for (int i = 0; i < 6; i++) {
            Logs.write(log.stdout(), "line  " + i + "\n");
        }
        assertThat(file()).hasContent("line  5");
        assertThat(LogRotation.numbered(file(), 1)).hasContent("line  4");
        assertThat(LogRotation.numbered(file(), 2)).hasContent("line  3");
        assertThat(LogRotation.numbered(file(), 3)).doesNotExist();
        log.reconfigure(Logs.options(LogOptions.Format.RAW, 10, 1));
        Logs.write(log.stdout(), "line  6\n");
        assertThat(LogRotation.numbered(file(), 1)).hasContent("line  5");
        assertThat(LogRotation.numbered(file(), 2)).doesNotExist();
        log.reconfigure(Logs.options(LogOptions.Format.RAW, 10, 0));
        Logs.write(log.stdout(), "line  7\n");
        assertThat(file()).hasContent("line  7");
        log.close();
    }

    @Test
    void rawLineLongerThanAFileIsSpreadOverFiles() throws Exception {
        byte[] bytes = Logs.bytes("a\n" + "x".repeat(1000) + "\nb\n");
        try (WorkerLog log = log(Logs.options(LogOptions.Format.RAW, 100, 100))) {
            log.stdout().accept(ByteBuffer.wrap(bytes));
        }
        assertThat(Logs.all(file())).isEqualTo(bytes);
        assertThat(LogRotation.numbered(file(), 10)).exists();
    }

    @Test
    void goesOnWhereTheLastNodeStoppedEvenInTheMiddleOfALine() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "half a rec");
        try (WorkerLog log = log(LogOptions.DEFAULT)) {
            Logs.write(log.stdout(), "new\n");
        }
        assertThat(Files.readAllLines(file())).hasSize(2).first().isEqualTo("half a rec");
        try (WorkerLog log = log(LogOptions.DEFAULT)) {
            Logs.write(log.stdout(), "newer\n");
        }
        assertThat(Files.readAllLines(file())).hasSize(3).last().asString().endsWith("o newer");
    }

    @Test
    void thereIsNoFileBeforeTheFirstByteAndNoDescriptorBetweenRuns() {
        WorkerLog log = log(LogOptions.DEFAULT);
        assertThat(file()).doesNotExist();
        Logs.write(log.stdout(), "one\n");
        Logs.write(log.stderr(), "one\n");
        assertThat(disk.open).hasValue(1);
        log.stdout().end();
        assertThat(disk.open).hasValue(1);
        log.stderr().end();
        assertThat(disk.open).hasValue(0);
        log.note("between runs");
        assertThat(disk.open).hasValue(0);
        Logs.write(log.stdout(), "two\n");
        assertThat(disk.open).hasValue(1);
        log.close();
        assertThat(disk.open).hasValue(0);
        Logs.write(log.stdout(), "three\n");
        assertThat(disk.open).hasValue(0);
        assertThat(Logs.texts(log.tail(9))).containsExactly("one", "one", "between runs", "two", "three");
        assertThat(file()).content().hasLineCount(4);
    }

    @Test
    void aSilentWorkerLeavesNoFile() {
        WorkerLog log = log(LogOptions.DEFAULT);
        log.stdout().end();
        log.stderr().end();
        log.reconfigure(Logs.options(LogOptions.Format.RAW, 1000, 1));
        log.close();
        assertThat(file()).doesNotExist();
    }

    @Test
    void aChunkIsOneWrite() {
        WorkerLog log = log(LogOptions.DEFAULT);
        Logs.write(log.stdout(), ("x".repeat(99) + "\n").repeat(600));
        assertThat(disk.writes).hasValue(1);
        log.close();
    }

    @RepeatedTest(20)
    void aFullDiskLosesWholeLinesAndSaysSo() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        disk.room.set(random.nextInt(3000));
        WorkerLog log = log(LogOptions.DEFAULT);
        String line = "x".repeat(60) + "\n";
        int before = 0;
        for (int i = 0; i < 100; i++) {
            Logs.write(log.stdout(), line.repeat(3));
            Logs.write(log.stderr(), line);
            before += 4;
        }
        long lost = log.lostBytes();
        assertThat(lost).as("seed %d", seed).isPositive();
        assertThat(problems)
                .as("seed %d", seed)
                .hasSize(1)
                .first()
                .asString()
                .contains("No space left on device", "w.log");
        disk.room.set(Long.MAX_VALUE);
        Logs.write(log.stdout(), line);
        assertThat(log.lostBytes()).as("not tried again so soon").isEqualTo(lost + 61);
        clock.addAndGet(1000);
        Logs.write(log.stdout(), "after\n");
        log.close();

        byte[] all = Logs.all(file());
        int kept = (Logs.strip(all, 'o').length - "after\n".length() + Logs.strip(all, 'e').length) / 61;
        assertThat((before + 1 - kept) * 61L).as("seed %d", seed).isEqualTo(log.lostBytes());
        List<String> lines = Files.readAllLines(file());
        assertThat(lines.get(lines.size() - 1)).endsWith("o after");
        assertThat(lines.get(lines.size() - 2))
                .contains("Z n log: " + (before + 1 - kept) + " lines, " + log.lostBytes() + " bytes lost since ")
                .endsWith(": No space left on device");
        assertThat(log.tail(1000))
                .hasSize(before + 3)
                .filteredOn(e -> e.stream() == Stream.NODE)
                .singleElement()
                .extracting(LogEntry::text)
                .asString()
                .contains("bytes lost");
        assertThat(problems).as("seed %d", seed).hasSize(1);
    }

    @Test
    void theEndOfTheOutputTellsTheLossWithoutWaiting() throws Exception {
        disk.room.set(0);
        WorkerLog log = log(LogOptions.DEFAULT);
        Logs.write(log.stdout(), "gone\ngone too");
        disk.room.set(Long.MAX_VALUE);
        log.stdout().end();
        log.close();
        assertThat(Files.readAllLines(file())).hasSize(1).first().asString().contains("n log: 2 lines, 13 bytes lost");
    }

    @Test
    void aRawFileSaysWhereBytesAreMissing() throws Exception {
        disk.room.set(8);
        WorkerLog log = log(Logs.options(LogOptions.Format.RAW, 1 << 20, 1));
        Logs.write(log.stdout(), "one\ntwo half\nthree\n");
        assertThat(log.lostBytes()).isEqualTo(11);
        disk.room.set(Long.MAX_VALUE);
        clock.addAndGet(1000);
        Logs.write(log.stdout(), "after\n");
        log.close();
        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(4).startsWith("one", "two ").endsWith("after");
        assertThat(lines.get(2)).contains("Z n log: 2 lines, 11 bytes lost");
    }

    @Test
    void realFullDevice() throws Exception {
        Path full = Path.of("/dev/full");
        assumeThat(Files.isWritable(full)).isTrue();
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), full);
        // a log file itself is never a device
        AppendedFile.Opener opener =
                path -> Files.newByteChannel(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        WorkerLog log = new WorkerLog(file(), LogOptions.DEFAULT, buffers, problems::add, clock::get, opener);
        Logs.write(log.stdout(), "lost\n");
        Logs.write(log.stdout(), "lost\n");
        assertThat(problems).hasSize(1).first().asString().contains("No space left on device");
        assertThat(log.lostBytes()).isEqualTo(10);
        assertThat(Logs.texts(log.tail(5))).containsExactly("lost", "lost");
        Files.delete(file());
        clock.addAndGet(1000);
        Logs.write(log.stdout(), "kept\n");
        log.close();
        assertThat(Files.readAllLines(file())).hasSize(2).last().asString().endsWith(" o kept");
    }

    @Test
    void aFolderThatCannotBeThereStopsNobody() throws Exception {
        Files.writeString(folder.resolve("sub"), "in the way");
        WorkerLog log = log(LogOptions.DEFAULT);
        Logs.write(log.stdout(), "one\n");
        log.note("note");
        log.close();
        assertThat(problems).hasSize(1);
        assertThat(Logs.texts(log.tail(5))).startsWith("one", "note");
        assertThat(log.lostBytes()).isEqualTo(4);
    }

    @Test
    void aRotationThatFailsKeepsEverythingInOneFile() throws Exception {
        Files.createDirectories(LogRotation.numbered(file(), 1).resolve("in the way"));
        Files.createDirectories(LogRotation.numbered(file(), 2).resolve("in the way"));
        WorkerLog log = log(Logs.options(LogOptions.Format.STAMPED, 100, 2));
        for (int i = 0; i < 20; i++) {
            Logs.write(log.stdout(), "line " + i + "\n");
            clock.addAndGet(300);
        }
        log.close();
        assertThat(problems).hasSize(1).first().asString().contains("cannot rotate", "max.size");
        assertThat(Files.readAllLines(file())).hasSize(20);
        assertThat(log.lostBytes()).isZero();
    }

    @Test
    void anInterruptCostsNoByte() throws Exception {
        WorkerLog log =
                new WorkerLog(file(), LogOptions.DEFAULT, buffers, problems::add, clock::get, AppendedFile::append);
        Logs.write(log.stdout(), "one\n");
        Thread.currentThread().interrupt();
        Logs.write(log.stdout(), "two\n");
        assertThat(Thread.interrupted()).isTrue();
        Logs.write(log.stdout(), "three\n");
        log.close();
        assertThat(Logs.strip(Logs.all(file()), 'o')).isEqualTo(Logs.bytes("one\ntwo\nthree\n"));
        assertThat(problems).isEmpty();
    }
}
