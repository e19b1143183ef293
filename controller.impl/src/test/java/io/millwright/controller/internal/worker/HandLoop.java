package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A loop whose time passes by hand. */
final class HandLoop implements ControllerLoop {
    record Timer(Duration due, Runnable task, CompletableFuture<Void> handle) {}

    final List<Timer> timers = new ArrayList<>();
    private Duration elapsed = Duration.ofDays(3);

    void pass(Duration time) {
        elapsed = elapsed.plus(time);
        List<Timer> due = timers.stream()
                .filter(timer -> timer.due.compareTo(elapsed) <= 0)
                .toList();
        timers.removeAll(due);
        due.forEach(timer -> timer.task.run());
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void execute(Runnable task, Consumer<Throwable> onFault) {
        task.run();
    }

    @Override
    public Future<?> schedule(Duration delay, Runnable task) {
        CompletableFuture<Void> handle = new CompletableFuture<>();
        Timer timer = new Timer(elapsed.plus(delay), task, handle);
        timers.add(timer);
        handle.whenComplete((done, cancelled) -> timers.remove(timer));
        return handle;
    }

    @Override
    public Moment now() {
        return new Moment(Instant.EPOCH, elapsed);
    }
}
