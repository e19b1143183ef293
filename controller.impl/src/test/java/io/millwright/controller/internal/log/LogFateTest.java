package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A log file's fates while its worker prints: whatever others put at the path or take from it, the next piece goes to a regular
 * file of that name, or is counted as lost until there can be one. The kind: a name that was resolved once and then trusted.
 */
class LogFateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final List<String> problems = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);

    private enum Fate {
        REMOVED,
        MOVED,
        REPLACED,
        FOLDER_MOVED,
        TRUNCATED,
        LINK,
        DANGLING,
        FOLDER,
        FIFO
    }

    private Path file() {
        return folder.resolve("workers").resolve("w.log");
    }

    private void meet(Fate fate) throws Exception {
        switch (fate) {
            case REMOVED -> Files.delete(file());
            case MOVED -> Files.move(file(), folder.resolve("moved"));
            case REPLACED -> {
                Files.move(file(), folder.resolve("moved"));
                Files.createFile(file());
            }
            case FOLDER_MOVED -> Files.move(file().getParent(), folder.resolve("away"));
            case TRUNCATED ->
                FileChannel.open(file(), StandardOpenOption.WRITE).truncate(0).close();
            case LINK -> {
                Files.delete(file());
                Files.createSymbolicLink(file(), Files.createFile(folder.resolve("outside")));
            }
            case DANGLING -> {
                Files.delete(file());
                Files.createSymbolicLink(file(), folder.resolve("outside"));
            }
            case FOLDER -> {
                Files.delete(file());
                Files.createDirectory(file());
            }
            case FIFO -> {
                Files.delete(file());
                fifo(file());
            }
        }
    }

    private static void fifo(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }

    private WorkerLog log(LogOptions options) {
        return new WorkerLog(file(), options, new LogBuffers(), problems::add, clock::get, AppendedFile::append);
    }

    @ParameterizedTest
    @CsvSource({
        "REMOVED, 1", "MOVED, 1", "REPLACED, 1", "FOLDER_MOVED, 1", "TRUNCATED, 1",
        "REMOVED, 5000", "MOVED, 5000", "REPLACED, 5000", "FOLDER_MOVED, 5000", "TRUNCATED, 5000"
    })
    void theNextPieceGoesToTheFileOfThatName(Fate fate, int lines) throws Exception {
        for (LogOptions.Format format : LogOptions.Format.values()) {
            String piece = "after\n".repeat(lines);
            WorkerLog log = log(Logs.options(format, 1 << 20, 3));
            Logs.write(log.stdout(), "before\n".repeat(lines));
            meet(fate);
            clock.incrementAndGet();
            Logs.write(log.stdout(), piece);
            log.close();
            byte[] all = Files.readAllBytes(file());
            assertThat(format == LogOptions.Format.RAW ? all : Logs.strip(all, 'o'))
                    .isEqualTo(Logs.bytes(piece));
            assertThat(problems).isEmpty();
            for (String left : List.of("moved", "away/w.log", "away", "workers/w.log")) {
                Files.deleteIfExists(folder.resolve(left));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LINK, link, 1", "DANGLING, link, 1", "FOLDER, folder, 1", "FIFO, FIFO, 1",
        "LINK, link, 5000", "DANGLING, link, 5000", "FOLDER, folder, 5000", "FIFO, FIFO, 5000"
    })
    void whatIsNoRegularFileIsNotOpenedAndTheLossIsCountedSaidAndEnds(Fate fate, String kind, int lines)
            throws Exception {
        String piece = "lost\n".repeat(lines);
        WorkerLog log = log(LogOptions.DEFAULT);
        Logs.write(log.stdout(), "before\n");
        meet(fate);
        clock.incrementAndGet();
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Logs.write(log.stdout(), piece));
        assertThat(problems).singleElement().asString().contains("w.log: it is a " + kind);
        assertThat(Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS)).isFalse();
        Path outside = folder.resolve("outside");
        assertThat(Files.exists(outside) ? Files.size(outside) : 0).isZero();

        Files.delete(file());
        clock.addAndGet(1000);
        Logs.write(log.stdout(), "again\n");
        log.close();
        assertThat(Files.readString(file()))
                .contains("log: " + lines + " lines, " + piece.length() + " bytes lost")
                .endsWith("o again\n");
    }

    @Test
    void afterATruncationTheRotationCountsWhatIsInTheFile() throws Exception {
        WorkerLog log = log(Logs.options(LogOptions.Format.RAW, 10, 2));
        Logs.write(log.stdout(), "12345678\n");
        meet(Fate.TRUNCATED);
        clock.incrementAndGet();
        Logs.write(log.stdout(), "abcdefgh\n");
        log.close();
        assertThat(file()).hasContent("abcdefgh");
        assertThat(LogRotation.numbered(file(), 1)).doesNotExist();
    }

    @Test
    void aFifoThatWasThereFirstDoesNotHoldTheEndUp() throws Exception {
        Files.createDirectories(file().getParent());
        fifo(file());
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            WorkerLog log = log(LogOptions.DEFAULT);
            Logs.write(log.stdout(), "lost\n");
            log.close();
        });
        assertThat(problems).singleElement().asString().contains("FIFO");
    }
}
