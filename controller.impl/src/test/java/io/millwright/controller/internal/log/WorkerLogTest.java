package io.millwright.controller.internal.log;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class WorkerLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final LogBuffers buffers = new LogBuffers();

    @AfterEach
    void end() throws Exception {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(10, SECONDS)).isTrue();
    }

    private WorkerLog log(LogOptions options) {
        return new WorkerLog(folder.resolve("w.log"), options, buffers, problem -> {
            throw new AssertionError(problem);
        });
    }

    private WorkerLog ringOnly() {
        return log(new LogOptions(1000, 256 << 10, false, LogOptions.Format.STAMPED, 1 << 20, 1));
    }

    /** Keeps what it gets; threads may look at it. */
    private static class Recorder implements LogListener {
        final List<String> texts = Collections.synchronizedList(new ArrayList<>());
        final List<Long> losses = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger ends = new AtomicInteger();

        @Override
        public void onLog(List<LogEntry> entries, long lost) {
            losses.add(lost);
            texts.addAll(Logs.texts(entries));
        }

        @Override
        public void onEnd() {
            ends.incrementAndGet();
        }

        long lost() {
            return List.copyOf(losses).stream().mapToLong(Long::longValue).sum();
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @RepeatedTest(20)
    void aFollowerGetsBacklogAndEveryLineInOrderThenTheEnd() {
        WorkerLog log = ringOnly();
        Recorder recorder = new Recorder();
        for (int i = 0; i < 300; i++) {
            if (i == 50) {
                log.follow(20, recorder, executor);
            }
            Logs.write(i % 2 == 0 ? log.stdout() : log.stderr(), i + "\n");
        }
        log.stdout().end();
        Logs.write(log.stdout(), "300\nopen");
        log.stdout().end();
        log.endForGood();
        log.endForGood();
        await().until(() -> recorder.ends.get() > 0);
        List<String> expected = new ArrayList<>(numbers(30, 301));
        expected.add("open");
        assertThat(recorder.texts).isEqualTo(expected);
        assertThat(recorder.lost()).isZero();
        assertThat(recorder.ends).hasValue(1);
        log.close();
    }

    @Test
    void aFollowerOfAnEndedWorkerGetsTheBacklogAndTheEnd() {
        WorkerLog log = ringOnly();
        Logs.write(log.stdout(), "1\n2\n3\n");
        log.endForGood();
        Recorder recorder = new Recorder();
        log.follow(2, recorder, executor);
        await().until(() -> recorder.ends.get() == 1);
        assertThat(recorder.texts).containsExactly("2", "3");
        Recorder nothing = new Recorder();
        log.follow(0, nothing, executor);
        await().until(() -> nothing.ends.get() == 1);
        assertThat(nothing.losses).isEmpty();
    }

    /** Remembers where it is. */
    private static final class Placed extends Recorder {
        final List<Long> positions = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onLog(List<LogEntry> entries, long lost, long position) {
            super.onLog(entries, lost, position);
            positions.add(position);
        }

        long last() {
            return positions.get(positions.size() - 1);
        }
    }

    /** The kind: a follower that comes back gets a line twice, or never. */
    @RepeatedTest(20)
    void aFollowerThatComesBackGoesOnBehindItsLastLine() {
        WorkerLog log = ringOnly();
        Logs.write(log.stdout(), "0\n1\n");
        Placed first = new Placed();
        Subscription following = log.follow(1, first, executor);
        await().until(() -> first.texts.size() == 1);
        Logs.write(log.stdout(), "2\n3\n");
        await().until(() -> first.texts.size() == 3);
        following.close();
        Logs.write(log.stderr(), "4\n5\n");
        Placed second = new Placed();
        log.followAfter(first.last(), second, executor);
        Logs.write(log.stdout(), "6\n");
        Placed nothing = new Placed();
        log.endForGood();
        await().until(() -> second.ends.get() == 1);
        assertThat(first.texts).containsExactly("1", "2", "3");
        assertThat(second.texts).containsExactly("4", "5", "6");
        assertThat(second.lost()).isZero();
        assertThat(second.last() - first.last()).isEqualTo(3);
        log.followAfter(second.last(), nothing, executor);
        await().until(() -> nothing.ends.get() == 1);
        assertThat(nothing.texts).isEmpty();
        assertThat(nothing.positions).containsExactly(second.last());
    }

    @Test
    void aFollowerThatBeganBeforeAnyLineMissesNone() {
        WorkerLog log = ringOnly();
        Placed first = new Placed();
        Subscription following = log.follow(0, first, executor);
        await().until(() -> first.positions.size() == 1);
        following.close();
        Logs.write(log.stdout(), "0\n1\n");
        Placed second = new Placed();
        log.followAfter(first.last(), second, executor);
        log.endForGood();
        await().until(() -> second.ends.get() == 1);
        assertThat(second.texts).containsExactly("0", "1");
    }

    @Test
    void whatIsNotKeptAnyMoreIsCountedAndAnotherLogsPositionIsRefused() {
        WorkerLog log = log(new LogOptions(10, 256 << 10, false, LogOptions.Format.STAMPED, 1 << 20, 1));
        Placed first = new Placed();
        log.follow(0, first, executor).close();
        Placed start = new Placed();
        Subscription following = log.follow(0, start, executor);
        await().until(() -> !start.positions.isEmpty());
        following.close();
        for (int i = 0; i < 25; i++) {
            Logs.write(log.stdout(), i + "\n");
        }
        Placed late = new Placed();
        log.followAfter(start.last(), late, executor);
        await().until(() -> late.texts.size() == 10);
        assertThat(late.texts).isEqualTo(numbers(15, 25));
        assertThat(late.losses).containsExactly(15L);
        assertThat(late.last()).isEqualTo(start.last() + 25);
        for (long strange : new long[] {start.last() - 1, start.last() + 26, 0, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> log.followAfter(strange, late, executor))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("the log has no position " + strange);
        }
    }

    @Test
    void afterReopeningTheFileGoesOnAndOldFollowersHearNothing() {
        WorkerLog log = log(LogOptions.DEFAULT);
        Recorder old = new Recorder();
        log.follow(0, old, executor);
        Logs.write(log.stdout(), "1\n");
        log.endForGood();
        log.close();
        log.reopen();
        Recorder fresh = new Recorder();
        log.follow(1, fresh, executor);
        Logs.write(log.stdout(), "2\n");
        log.endForGood();
        await().until(() -> old.ends.get() == 1 && fresh.ends.get() == 1);
        assertThat(old.texts).containsExactly("1");
        assertThat(fresh.texts).containsExactly("1", "2");
        log.close();
        assertThat(folder.resolve("w.log")).content().hasLineCount(2);
    }

    @Test
    void aSlowFollowerDelaysNobodyAndIsToldHowManyLinesItMissed() throws Exception {
        WorkerLog log = ringOnly();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                super.onLog(entries, lost);
                entered.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        log.follow(0, slow, executor);
        Logs.write(log.stdout(), "0\n");
        assertThat(entered.await(10, SECONDS)).isTrue();
        for (int i = 1; i <= 5000; i++) {
            Logs.write(log.stdout(), i + "\n");
        }
        // all of that was written while the listener is still in its first call
        assertThat(slow.texts).containsExactly("0");
        log.endForGood();
        go.countDown();
        await().until(() -> slow.ends.get() == 1);
        assertThat(slow.losses).containsExactly(0L, 4000L);
        assertThat(slow.texts.subList(1, slow.texts.size())).isEqualTo(numbers(4001, 5001));
    }

    @Test
    void aThrowingFollowerIsCalledAgainAndDisturbsNoOther() {
        WorkerLog log = ringOnly();
        Recorder bad = new Recorder() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                super.onLog(entries, lost);
                throw new IllegalStateException("on purpose");
            }
        };
        Recorder good = new Recorder();
        log.follow(0, bad, executor);
        log.follow(0, good, executor);
        Logs.write(log.stdout(), "1\n");
        await().until(() -> bad.texts.size() == 1);
        Logs.write(log.stdout(), "2\n");
        log.endForGood();
        await().until(() -> bad.ends.get() == 1 && good.ends.get() == 1);
        assertThat(bad.texts).containsExactly("1", "2");
        assertThat(good.texts).containsExactly("1", "2");
    }

    @Test
    void aClosedFollowerHearsNothing() {
        WorkerLog log = ringOnly();
        Recorder closed = new Recorder();
        Recorder open = new Recorder();
        Subscription subscription = log.follow(0, closed, executor);
        log.follow(0, open, executor);
        subscription.close();
        subscription.close();
        Logs.write(log.stdout(), "1\n");
        log.endForGood();
        await().until(() -> open.ends.get() == 1);
        assertThat(closed.texts).isEmpty();
        assertThat(closed.ends).hasValue(0);
    }

    @Test
    void anExecutorThatHasEndedDropsItsFollower() {
        WorkerLog log = ringOnly();
        ExecutorService ended = Executors.newSingleThreadExecutor();
        ended.shutdown();
        log.follow(0, new Recorder(), ended);
        Logs.write(log.stdout(), "1\n");
        Logs.write(log.stdout(), "2\n");
        assertThat(Logs.texts(log.tail(5))).containsExactly("1", "2");
    }

    @RepeatedTest(20)
    void twoStreamsAndNotesNeverMixWithinALine() throws Exception {
        WorkerLog log = log(Logs.options(LogOptions.Format.STAMPED, 20_000, 1000));
        byte[] out = Logs.bytes("out-line-of-text\n".repeat(3000) + "last");
        byte[] err = Logs.bytes("another line, on the other stream\n".repeat(2000));
        Future<?> first = executor.submit(() -> writeAndEnd(log.stdout(), out, 1));
        Future<?> second = executor.submit(() -> writeAndEnd(log.stderr(), err, 2));
        for (int i = 0; i < 50; i++) {
            log.note("note " + i);
        }
        first.get(60, SECONDS);
        second.get(60, SECONDS);
        log.close();
        byte[] all = Logs.all(folder.resolve("w.log"));
        assertThat(Logs.strip(all, 'o')).isEqualTo(out);
        assertThat(Logs.strip(all, 'e')).isEqualTo(err);
        assertThat(new String(Logs.strip(all, 'n'), java.nio.charset.StandardCharsets.UTF_8).lines())
                .hasSize(50)
                .first()
                .isEqualTo("note 0");
        assertThat(log.lostBytes()).isZero();
    }

    private static void writeAndEnd(OutputSink sink, byte[] bytes, long seed) {
        Logs.writeInPieces(sink, bytes, new Random(seed), 700);
        sink.end();
    }

    @RepeatedTest(20)
    void reconfiguringUnderLoadLosesNoLine() throws Exception {
        WorkerLog log = log(Logs.options(LogOptions.Format.STAMPED, 10_000, 1000));
        byte[] bytes = Logs.bytes(String.join("\n", numbers(10_000, 20_000)) + "\n");
        Future<?> writing = executor.submit(() -> writeAndEnd(log.stdout(), bytes, 3));
        Random random = new Random();
        while (!writing.isDone()) {
            LogOptions.Format format = LogOptions.Format.values()[random.nextInt(2)];
            log.reconfigure(new LogOptions(
                    500 + random.nextInt(500), 64 << 10, true, format, 5000 + random.nextInt(9000), 1000));
        }
        writing.get(60, SECONDS);
        log.close();
        String all = new String(Logs.all(folder.resolve("w.log")), java.nio.charset.StandardCharsets.UTF_8);
        // without the stamps, and where a line was begun raw and ended stamped without the line end between
        String stripped = all.replaceAll("\n?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z o ", "\n");
        assertThat(stripped.replace("\n", "")).isEqualTo(String.join("", numbers(10_000, 20_000)));
        assertThat(Logs.texts(log.tail(500))).isEqualTo(numbers(19_500, 20_000));
    }

    @Test
    void switchingTheFileOffAndOnKeepsTheRing() {
        WorkerLog log = log(LogOptions.DEFAULT);
        Logs.write(log.stdout(), "1\n");
        log.reconfigure(new LogOptions(1000, 256 << 10, false, LogOptions.Format.STAMPED, 1 << 20, 1));
        Logs.write(log.stdout(), "2\n");
        log.reconfigure(LogOptions.DEFAULT);
        Logs.write(log.stdout(), "3\n");
        log.close();
        assertThat(folder.resolve("w.log")).content().hasLineCount(2).contains("o 1\n", "o 3\n");
        assertThat(Logs.texts(log.tail(5))).containsExactly("1", "2", "3");
        log.trim(2);
        assertThat(Logs.texts(log.tail(5))).containsExactly("2", "3");
    }

    @Test
    void twoHundredMegabytesLeaveNothingBehind() throws Exception {
        WorkerLog log = log(new LogOptions(1000, 256 << 10, true, LogOptions.Format.STAMPED, 16 << 20, 1));
        Recorder counter = new Recorder() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                losses.add(lost + entries.size());
            }
        };
        log.follow(0, counter, executor);
        ByteBuffer chunk = ByteBuffer.allocateDirect(64_000);
        while (chunk.hasRemaining()) {
            chunk.put(Logs.bytes("x".repeat(99) + "\n"));
        }
        chunk.flip();
        for (int i = 0; i < 300; i++) {
            log.stdout().accept(chunk.rewind());
        }
        long before = allocated();
        for (int i = 300; i < 3200; i++) {
            log.stdout().accept(chunk.rewind());
        }
        long garbage = allocated() - before;
        assertThat(garbage).as("bytes of garbage for 185 MB").isLessThan(20_000_000);
        log.endForGood();
        await().atMost(60, SECONDS).until(() -> counter.ends.get() == 1);
        assertThat(counter.lost()).isEqualTo(3200L * 640);
        assertThat(Logs.texts(log.tail(5000))).hasSize(1000).containsOnly("x".repeat(99));
        assertThat(log.lostBytes()).isZero();
        log.stdout().end();
        log.close();
    }

    /** By this thread: what the follower's thread decodes is its own affair. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void manyLogsKeepFewFilesOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors));
        List<WorkerLog> logs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            logs.add(new WorkerLog(folder.resolve(i + ".log"), LogOptions.DEFAULT, buffers, problem -> {
                throw new AssertionError(problem);
            }));
        }
        logs.forEach(log -> Logs.write(log.stdout(), "one\n"));
        assertThat(openIn(descriptors)).isBetween(1L, 64L);
        logs.forEach(log -> Logs.write(log.stdout(), "two\n"));
        assertThat(openIn(descriptors)).isBetween(1L, 64L);
        logs.forEach(log -> log.stdout().end());
        assertThat(openIn(descriptors)).isZero();
        logs.forEach(log -> Logs.write(log.stdout(), "three\n"));
        assertThat(openIn(descriptors)).isBetween(1L, 64L);
        logs.forEach(WorkerLog::close);
        assertThat(openIn(descriptors)).isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(Files.readAllLines(folder.resolve(i + ".log")))
                    .extracting(line -> line.substring(Stamp.LENGTH))
                    .containsExactly("one", "two", "three");
        }
    }

    private long openIn(Path descriptors) throws IOException {
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).startsWith(folder.toRealPath());
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
