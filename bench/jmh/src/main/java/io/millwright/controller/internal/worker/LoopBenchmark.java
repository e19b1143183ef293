package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The controller loop and the life-cycle table: a look-up, a task there and back, and a task in a batch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LoopBenchmark {
    private static final int BATCH = 1000;
    private static final LifeEvent[] LIFE = {
        LifeEvent.START, LifeEvent.SPAWNED, LifeEvent.READY, LifeEvent.STOP, LifeEvent.MAIN_EXITED, LifeEvent.ENDED
    };

    private LoopThread loop;

    /** Starts a loop. */
    @Setup(Level.Trial)
    public void open() {
        loop = new LoopThread(Runnable::run);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    /** One life of a worker in the table: six transitions. */
    @Benchmark
    public WorkerState table(Blackhole hole) {
        WorkerState state = WorkerState.INACTIVE;
        for (LifeEvent event : LIFE) {
            LifeCycle.Transition transition = LifeCycle.on(state, event).orElseThrow();
            hole.consume(transition.actions());
            state = transition.next();
        }
        return state;
    }

    /** A task to the loop and the answer back: two changes of threads. */
    @Benchmark
    public void roundTrip() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(done::countDown);
        done.await();
    }

    /** A task of a thousand that wait. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void batch() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(BATCH);
        for (int i = 0; i < BATCH; i++) {
            loop.execute(done::countDown);
        }
        done.await();
    }
}
