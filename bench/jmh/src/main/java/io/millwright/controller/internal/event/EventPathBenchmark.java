package io.millwright.controller.internal.event;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.event.NodeTopics;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of events made, published to a sink and followers, until what is to happen afterwards runs; time an event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventPathBenchmark {
    private static final int BATCH = 100;

    /** How many follow the events. */
    @Param({"0", "1", "10"})
    int followers;

    private final Instant time = Instant.EPOCH;
    private ExecutorService callbacks;
    private EventPublisher publisher;
    private long seen;

    /** Starts a publisher. */
    @Setup(Level.Trial)
    public void open() {
        callbacks = Executors.newFixedThreadPool(2);
        publisher = new EventPublisher(callbacks, callbacks, "life", () -> "node", (nanos, task) -> {});
        publisher.addSink(event -> seen++);
        for (int i = 0; i < followers; i++) {
            publisher.follow((event, lost) -> {});
        }
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        publisher.close();
        callbacks.shutdownNow();
    }

    /** A batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publish() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < BATCH; i++) {
            publisher.publish(NodeEvent.of(
                    NodeTopics.WORKER_STARTED,
                    time,
                    Map.of("worker.id", "w1", "worker.type", "guest", "worker.pid", 4711L)));
        }
        publisher.afterwards(done::countDown);
        done.await();
        return seen;
    }
}
