package io.millwright.controller.internal.simulation;

import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** The controller loop without a thread and without time: the simulation says when a task runs and when time passes. */
final class SimulatedLoop implements ControllerLoop {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private record Timer(Duration due, long number, Runnable task, CompletableFuture<Void> cancelled) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
    private final Consumer<Throwable> fault;
    private Duration elapsed = Duration.ZERO;
    private Duration wallStep = Duration.ZERO;
    private long number;

    SimulatedLoop(Consumer<Throwable> fault) {
        this.fault = fault;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void execute(Runnable task, Consumer<Throwable> onFault) {
        tasks.add(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error thrown) {
                onFault.accept(thrown);
            }
        });
    }

    @Override
    public Future<?> schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(elapsed.plus(delay), number++, task, new CompletableFuture<>());
        timers.add(timer);
        return timer.cancelled;
    }

    @Override
    public Moment now() {
        return new Moment(BEGIN.plus(elapsed).plus(wallStep), elapsed);
    }

    /** How much time has passed. */
    Duration elapsed() {
        return elapsed;
    }

    boolean hasTask() {
        return !tasks.isEmpty();
    }

    /** Runs the task whose turn it is. */
    void runOne() {
        try {
            tasks.remove().run();
        } catch (RuntimeException | Error thrown) {
            fault.accept(thrown);
        }
    }

    boolean hasTimer() {
        return timers() > 0;
    }

    /** How many timers are to come. */
    int timers() {
        timers.removeIf(timer -> timer.cancelled.isCancelled());
        return timers.size();
    }

    /** Lets time pass until the next timer is due, and queues its task. */
    void passTime() {
        Timer timer = timers.remove();
        if (!timer.cancelled.isCancelled()) {
            elapsed = timer.due;
            tasks.add(() -> {
                if (!timer.cancelled.isCancelled()) {
                    timer.task.run();
                }
            });
        }
    }

    /** Sets the wall clock; the monotonic one goes on. */
    void stepWallClock(Duration step) {
        wallStep = wallStep.plus(step);
    }
}
