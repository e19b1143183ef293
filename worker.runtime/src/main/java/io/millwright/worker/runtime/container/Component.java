package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.container.ComponentHost.Running;
import io.millwright.worker.runtime.log.Records;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A component and its life. What its own code does happens in a thread of its own, one thing after the other, so that a component that
 * blocks holds up itself alone. Thread-safe.
 */
final class Component {
    /** How a component is. */
    enum State {
        STARTING,
        STARTED,
        STOPPING,
        STOPPED,
        FAILED,
        /** Failed or ended, and waits to be started again. */
        BACKOFF;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isOver() {
            return this == STOPPED || this == FAILED;
        }
    }

    private final ComponentSpec spec;
    private final ComponentHost host;
    private final ComponentWatcher watcher;
    private final ScheduledExecutorService delays;
    private final ThreadPoolExecutor turns;
    /** Guards what is below. */
    private final Object lock = new Object();

    private State state = State.STOPPED;
    private @Nullable Running running;
    private @Nullable Instant started;
    private @Nullable Throwable error;
    private long restarts;
    /** Another one has its place: it is not started any more. */
    private boolean retired;
    /** It was stopped to be started again, which is no end. */
    private boolean paused;
    /** How it ended while it was being started. */
    private @Nullable Runnable early;
    /** Counts starts and stops that were asked for: what belongs to an earlier one is void. */
    private long intent;
    /** Counts its runs: what an earlier one tells is void. */
    private long runs;
    /** What was asked for with the run. */
    private long runIntent;

    Component(ComponentSpec spec, ComponentHost host, ComponentWatcher watcher, ScheduledExecutorService delays) {
        this.spec = spec;
        this.host = host;
        this.watcher = watcher;
        this.delays = delays;
        turns = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "component-" + spec.id() + "-life");
            thread.setDaemon(true);
            return thread;
        });
        turns.allowCoreThreadTimeOut(true);
    }

    ComponentSpec spec() {
        return spec;
    }

    String id() {
        return spec.id();
    }

    State state() {
        synchronized (lock) {
            return state;
        }
    }

    /** It is about to be started: others of its kind may wait a moment for it. Its start begins with this too. */
    void expect() {
        host.expect(spec);
    }

    /** Starts it unless it runs; complete when it has been, exceptionally with what its code threw. */
    CompletableFuture<@Nullable Void> start() {
        long now;
        synchronized (lock) {
            now = ++intent;
        }
        expect();
        return CompletableFuture.runAsync(() -> startNow(now), turns);
    }

    /** Stops it if it runs; complete when it has been. */
    CompletableFuture<@Nullable Void> stop() {
        synchronized (lock) {
            intent++;
            if (state == State.STARTED) {
                state = State.STOPPING;
            }
        }
        return CompletableFuture.runAsync(() -> stopNow(false), turns);
    }

    /** Whether it is started, or about to be. */
    boolean runs() {
        synchronized (lock) {
            return state == State.STARTED || state == State.STARTING;
        }
    }

    boolean isStarting() {
        return state() == State.STARTING;
    }

    /** Stops it for good; complete when it has been. That one which has failed is gone is told, too. */
    CompletableFuture<@Nullable Void> retire() {
        boolean failed;
        synchronized (lock) {
            retired = true;
            failed = state == State.FAILED;
        }
        if (failed) {
            say("info", "is gone", State.STOPPED, null);
        }
        return stop();
    }

    /** Stops it, if it runs, and starts it, unless something else is asked for meanwhile. */
    CompletableFuture<@Nullable Void> restart() {
        Pause pause = pause();
        return pause.begun().thenCompose(nothing -> resume(pause));
    }

    /**
     * A stop that a start follows.
     *
     * @param intent what was asked for with it
     * @param begun complete when the component has been stopped
     */
    record Pause(long intent, CompletableFuture<@Nullable Void> begun) {}

    /** Stops it, if it runs, until {@link #resume}. */
    Pause pause() {
        long now;
        synchronized (lock) {
            now = ++intent;
            if (state == State.STARTED) {
                state = State.STOPPING;
            }
        }
        return new Pause(now, CompletableFuture.runAsync(() -> stopNow(true), turns));
    }

    /** Starts it again, unless something else was asked for since it was paused; complete as a start is. */
    CompletableFuture<@Nullable Void> resume(Pause pause) {
        synchronized (lock) {
            if (pause.intent() != intent) {
                return CompletableFuture.completedFuture(null);
            }
            restarts++;
        }
        return start();
    }

    private void startNow(long asked) {
        try {
            startIfAsked(asked);
        } finally {
            host.expectNoMore(spec);
        }
    }

    private void startIfAsked(long asked) {
        long run;
        synchronized (lock) {
            if (retired || asked != intent) {
                return;
            }
            runIntent = asked;
            if (!state.isOver() && state != State.BACKOFF) {
                return;
            }
            run = ++runs;
            state = State.STARTING;
            error = null;
            early = null;
            paused = false;
        }
        try {
            Running begun = host.start(spec, thrown -> ended(run, thrown));
            synchronized (lock) {
                running = begun;
                started = Instant.now();
            }
            say("info", "is started", State.STARTED, null);
            Runnable end;
            synchronized (lock) {
                state = state == State.STARTING ? State.STARTED : state;
                end = early;
            }
            if (end != null) {
                end.run();
            }
        } catch (Throwable e) {
            over(run, State.STARTING, e);
            throw new StartFailure(e);
        }
        Set<String> users = host.outdated(spec);
        if (!users.isEmpty()) {
            watcher.outdated(id(), users);
        }
    }

    private void say(String level, String what, State now, @Nullable Throwable thrown) {
        Records.write(level, "container", "component '" + id() + "' " + what, thrown);
        long before;
        synchronized (lock) {
            before = restarts;
        }
        watcher.changed(
                id(), now, thrown, before, now == State.FAILED && spec.restart().applies(true));
    }

    /** It has ended by itself. */
    private void ended(long run, @Nullable Throwable thrown) {
        synchronized (lock) {
            if (run == runs && state == State.STARTING) {
                early = () -> ended(run, thrown);
                return;
            }
        }
        over(run, State.STARTED, thrown);
    }

    /** A run that was in a state has failed or ended, unless something else has become of it meanwhile. */
    private void over(long run, State was, @Nullable Throwable thrown) {
        State end = thrown == null ? State.STOPPED : State.FAILED;
        boolean again = spec.restart().applies(thrown != null);
        long asked;
        synchronized (lock) {
            if (run != runs || state != was) {
                return;
            }
            asked = runIntent;
            state = again ? State.BACKOFF : end;
            error = thrown;
            running = null;
        }
        say(thrown == null ? "info" : "error", thrown == null ? "has ended" : "has failed", end, thrown);
        if (again) {
            delays.schedule(() -> again(asked), spec.restart().delay().toMillis(), TimeUnit.MILLISECONDS);
        } else {
            watcher.over(this, end);
        }
    }

    private void again(long asked) {
        synchronized (lock) {
            if (asked != intent) {
                return;
            }
            restarts++;
        }
        // Its failure is recorded where it happens.
        turns.execute(() -> {
            try {
                startNow(asked);
            } catch (StartFailure e) {
                return;
            }
        });
    }

    private void stopNow(boolean again) {
        if (state().isOver()) {
            if (!again && endPause()) {
                watcher.over(this, State.STOPPED);
            }
            return;
        }
        Running ending;
        synchronized (lock) {
            state = State.STOPPING;
            ending = running;
            running = null;
        }
        Throwable thrown = null;
        try {
            if (ending != null) {
                ending.stop();
            }
        } catch (Throwable e) {
            thrown = e;
            Records.write("warn", "container", "component '" + id() + "' threw while it was stopped", e);
        }
        synchronized (lock) {
            state = State.STOPPED;
            error = thrown;
            paused = again;
        }
        say("info", "is stopped", State.STOPPED, null);
        if (!again) {
            watcher.over(this, State.STOPPED);
        }
    }

    private boolean endPause() {
        synchronized (lock) {
            boolean was = paused;
            paused = false;
            return was;
        }
    }

    /** As JSON. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        synchronized (lock) {
            map.put("id", spec.id());
            map.put("kind", spec.kind().name().toLowerCase(Locale.ROOT));
            map.put("location", spec.location());
            map.put("state", state.word());
            boolean runs = state == State.STARTED && started != null;
            map.put(
                    "started",
                    runs && started != null
                            ? started.truncatedTo(ChronoUnit.MILLIS).toString()
                            : null);
            map.put(
                    "uptime",
                    runs && started != null ? ChronoUnit.MILLIS.between(started, Instant.now()) / 1000.0 : null);
            map.put("restarts", restarts);
            map.put("error", error == null ? null : StartFailure.json(error));
        }
        return map;
    }

    /** Nothing more happens. */
    void close() {
        synchronized (lock) {
            // Also what is to go on after a pause.
            intent++;
        }
        turns.shutdownNow();
        host.expectNoMore(spec);
    }
}
