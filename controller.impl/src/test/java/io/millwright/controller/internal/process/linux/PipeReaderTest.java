package io.millwright.controller.internal.process.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real pipes with a writer each that writes as fast as it can. */
@Timeout(120)
@Tag("long")
class PipeReaderTest {
    private static final int CHUNK = 60_000;
    private static final String HELPER = "millwright-flood";
    private static final String LEADER = "millwright-io";

    private final AtomicLong time = new AtomicLong();
    private IoLoop loop;
    private final AtomicBoolean idle = new AtomicBoolean();
    private final List<Thread> writers = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        LibC.load();
        // seconds go by at each look, so that no stream of the moment before counts
        Floods few = new Floods(() -> time.addAndGet(2_000_000_000L));
        loop = new IoLoop(idle::get, turn -> {}, turn -> {}, few);
    }

    @AfterEach
    void close() throws InterruptedException {
        streams.forEach(stream -> stream.mayGoOn.countDown());
        idle.set(true);
        if (loop != null) {
            loop.close();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces())
                .as("threads that are left")
                .allSatisfy((thread, stack) -> assertThat(thread.getName() + Arrays.toString(stack))
                        .doesNotStartWith(HELPER)
                        .doesNotStartWith(LEADER)));
    }

    /** A stream with what came out of it. */
    private class Stream implements OutputSink {
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        final CountDownLatch helped = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger told = new AtomicInteger();
        final PipeReader reader;
        private final int in;
        /** Once it has so many bytes from a helper it hangs. */
        volatile long hangAt = Long.MAX_VALUE;

        /** Not only a helper. */
        volatile boolean hangsAnybody;

        volatile boolean throwing;
        volatile boolean hangs;
        volatile long taken;
        volatile boolean wrong;

        Stream() throws IOException {
            try (Memory pair = new Memory(8)) {
                assertThat(LibC.pipe2(Pointer.nativeValue(pair), LibC.O_CLOEXEC))
                        .isZero();
                LibC.fcntl(pair.getInt(0), LibC.F_SETFL, LibC.O_NONBLOCK);
                in = pair.getInt(4);
                reader = new PipeReader(loop, pair.getInt(0), this, "test", this::told);
            }
            streams.add(this);
            reader.begin();
        }

        private void told() {
            told.incrementAndGet();
            done.countDown();
        }

        /** Writes so many bytes, each its place modulo 251, and closes. */
        void flood(long bytes) {
            Thread writer = new Thread(() -> write(bytes), "test-writer");
            writers.add(writer);
            writer.start();
        }

        private void write(long bytes) {
            try (Memory memory = new Memory(CHUNK + 251)) {
                for (int i = 0; i < memory.size(); i++) {
                    memory.setByte(i, (byte) (i % 251));
                }
                for (long done = 0; done < bytes; ) {
                    long more = LibC.write(in, Pointer.nativeValue(memory) + done % 251, Math.min(CHUNK, bytes - done));
                    if (more < 0) {
                        return;
                    }
                    done += more;
                }
            } finally {
                LibC.close(in);
            }
        }

        @Override
        public void accept(ByteBuffer bytes) {
            threads.add(Thread.currentThread().getName());
            wrong |= ends.get() > 0;
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            for (int i = 0; i < piece.length; i++) {
                wrong |= piece[i] != (byte) ((taken + i) % 251);
            }
            taken += piece.length;
            boolean byHelper = Thread.currentThread().getName().equals(HELPER);
            if (byHelper) {
                helped.countDown();
            }
            if ((byHelper || hangsAnybody) && taken >= hangAt) {
                hangs = true;
                try {
                    mayGoOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                hangs = false;
            }
            if (throwing) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }

        void awaitEnd(long bytes) throws InterruptedException {
            done.await();
            assertThat(taken).isEqualTo(bytes);
            assertThat(wrong)
                    .as("all of it, in order, and nothing after the end")
                    .isFalse();
            assertThat(ends).hasValue(1);
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void aFloodIsGivenToItsSinkInOrderByAHelperAndEndsLast() throws Exception {
        Stream stream = new Stream();
        stream.flood(60_000_000);
        stream.awaitEnd(60_000_000);
        assertThat(stream.threads).contains(LEADER, HELPER);
    }

    @Test
    void whatDoesNotFloodNeedsNoHelper() throws Exception {
        Stream stream = new Stream();
        stream.flood(10L * CHUNK);
        stream.awaitEnd(10L * CHUNK);
        assertThat(stream.threads).containsExactly(LEADER);
    }

    @Test
    void whileTheSinkOfAHelperHangsOnePieceMoreIsReadAndOthersGoOn() throws Exception {
        Stream stream = hanging(0, 40_000_000);
        long taken = stream.taken;
        Stream other = new Stream();
        other.flood(40_000_000);
        other.awaitEnd(40_000_000);
        assertThat(stream.taken).isEqualTo(taken);
        assertThat(writers.get(0).isAlive()).as("waits for room").isTrue();
        stream.mayGoOn.countDown();
        stream.awaitEnd(40_000_000);
    }

    @Test
    void theEndIsReadWhileTheSinkHangsAndToldAfterIt() throws Exception {
        Stream stream = hanging(20_000_000, 20_000_000);
        writers.get(0).join();
        inTheLoop(turn -> {});
        assertThat(stream.ends).hasValue(0);
        stream.mayGoOn.countDown();
        stream.awaitEnd(20_000_000);
    }

    /** A flood whose sink hangs by now, in a helper. */
    private Stream hanging(long at, long bytes) throws IOException {
        Stream stream = new Stream();
        stream.hangAt = at;
        stream.flood(bytes);
        await().until(() -> stream.hangs);
        return stream;
    }

    /** After what the leader knows of already. */
    private void inTheLoop(Consumer<Turn> task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(turn -> {
            task.accept(turn);
            done.countDown();
        });
        done.await();
    }

    @Test
    void anAbandonedStreamEndsOnceItsSinkHasWhatWasRead() throws Exception {
        Stream stream = hanging(0, 40_000_000);
        long taken = stream.taken;
        inTheLoop(stream.reader::abandon);
        inTheLoop(stream.reader::abandon);
        assertThat(stream.ends).hasValue(0);
        stream.mayGoOn.countDown();
        stream.done.await();
        assertThat(stream.ends).hasValue(1);
        assertThat(stream.wrong).isFalse();
        // What was read ahead, and once more what a pipe may hold: the writer does not stop by itself.
        assertThat(stream.taken).isBetween(taken, taken + 3L * PipeSize.LARGE);
        writers.get(0).join();
    }

    @Test
    void aStreamMayBeAbandonedAtAnyMomentByAnyThread() throws Exception {
        // a leader that was deposed in the middle of a task goes on with it while another one reads
        Turn deposed = new Turn();
        for (int i = 0; i < 300; i++) {
            Stream stream = new Stream();
            stream.flood(40_000_000);
            stream.helped.await();
            LockSupport.parkNanos(i * 10_000L);
            stream.reader.abandon(deposed);
            stream.done.await();
            writers.get(i).join();
            assertThat(stream.wrong)
                    .as("all in order, and nothing after the end")
                    .isFalse();
        }
        inTheLoop(turn -> {});
        assertThat(streams).allMatch(stream -> !stream.wrong && stream.ends.get() == 1 && stream.told.get() == 1);
    }

    @Test
    void aSinkThatThrowsGetsTheRestAndTheEnd() throws Exception {
        Stream stream = new Stream();
        stream.throwing = true;
        stream.flood(20_000_000);
        stream.awaitEnd(20_000_000);
        assertThat(stream.threads).contains(HELPER);
    }

    @Test
    void withoutAFreeHelperTheLeaderDoesIt() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Helpers helpers = loop.helpers();
        Runnable hang = () -> {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try {
            for (int i = 0; i < Floods.FEW; i++) {
                assertThat(helpers.help(hang)).isTrue();
            }
            assertThat(helpers.help(hang)).isFalse();
            Stream stream = new Stream();
            stream.flood(20_000_000);
            stream.awaitEnd(20_000_000);
            assertThat(stream.threads).containsExactly(LEADER);
            Stream slow = new Stream();
            slow.hangsAnybody = true;
            slow.hangAt = 10_000_000;
            slow.flood(20_000_000);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("millwright-io-slow")));
            // what the new leader does with a stream whose sink has the old one
            inTheLoop(turn -> {});
            slow.mayGoOn.countDown();
            slow.awaitEnd(20_000_000);
        } finally {
            done.countDown();
        }
    }

    @Test
    void moreFloodsThanHelpersLoseNothing() throws Exception {
        Stream[] streams = new Stream[Floods.FEW + 2];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = new Stream();
            streams[i].flood(10_000_000);
        }
        for (Stream stream : streams) {
            stream.awaitEnd(10_000_000);
        }
    }
}
