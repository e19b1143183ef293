package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.process.SystemPath;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the node's own log says of workers, a line each for a start, what was started, an end, and what follows it. A worker
 * that ends and is restarted again and again has its first lines written, and then a few and a sum each minute; what persons
 * and configurations ask for is always written. Belongs to the controller loop.
 */
final class WorkerLines {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    /** Lines of a worker in the first minute, enough for all restarts of an ordinary policy. */
    private static final int MOST = 60;
    /** Lines in each minute after one that had too many: one run from its start to its restart. */
    private static final int FEW = 4;

    /** How many lines one worker has had. */
    static final class Budget {
        private @Nullable Duration since;
        private int most = MOST;
        private int written;
        private int held;
        private String last = "";

        /** Somebody takes the worker in hand: all is written again. */
        void renew() {
            most = MOST;
            written = 0;
        }
    }

    private final ControllerLoop loop;
    private final BiConsumer<Level, String> log;

    WorkerLines(ControllerLoop loop, BiConsumer<Level, String> log) {
        this.loop = loop;
        this.log = log;
    }

    /** Says that a worker is in the state it is in. */
    void state(Worker worker) {
        switch (worker.state) {
            case STARTING -> {
                Run run = Objects.requireNonNull(worker.run, "no run");
                if (worker.restarts == 0 && run.who.kind() != CallerKind.SCHEDULE) {
                    worker.lines.renew();
                }
                bounded(worker, Level.INFO, start(worker, run));
            }
            case STARTED -> bounded(worker, Level.INFO, started(worker));
            case EXITED, FAILED -> ended(worker, Objects.requireNonNull(worker.exit, "an end without an exit"));
            case BACKOFF -> bounded(worker, Level.INFO, waits(worker));
            default -> {}
        }
    }

    private static String start(Worker worker, Run run) {
        String restart = worker.restarts == 0 ? "" : ", restart " + worker.restarts;
        Admission.Planned plan = run.plan;
        return "starts, asked by " + run.who + restart + (plan == null ? "" : ": " + program(plan));
    }

    /** Which program, and where it was found. */
    private static String program(Admission.Planned plan) {
        String name = plan.plan().command().get(0);
        String found = name.startsWith("/") ? "" : name.indexOf('/') < 0 ? ", found on PATH" : ", given as " + name;
        return SystemPath.text(plan.program()) + found;
    }

    private static String started(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        String took = run.started == null ? "" : " in " + time(run.created.until(run.started));
        return "started" + took + ", pid " + worker.pid();
    }

    private void ended(Worker worker, WorkerExit exit) {
        Run run = worker.run;
        String word = exit.exitClass().name().toLowerCase(Locale.ROOT);
        if (worker.exitOfWait || run == null) {
            always(worker, Level.INFO, "ended (" + word + "): " + exit.reason());
            return;
        }
        String text = run.started == null
                ? "not started (" + word + "): " + exit.reason()
                : "ended (" + word + ") after "
                        + time(run.started.until(Objects.requireNonNullElse(run.mainExitAt, loop.now()))) + ": "
                        + exit.reason();
        if (worker.next != null && worker.stop == null) {
            text += "; the run before goes on";
        }
        if (exit.exitClass() == ExitClass.REQUESTED
                && worker.stop != null
                && worker.stop.caller.kind() != CallerKind.WATCH) {
            always(worker, Level.INFO, text);
        } else {
            bounded(worker, exit.exitClass() == ExitClass.ERROR ? Level.WARNING : Level.INFO, text);
        }
    }

    private static String waits(Worker worker) {
        if (worker.wait instanceof Wait.Delay delay) {
            String when = delay.length().isZero() ? "at once" : "in " + time(delay.length());
            boolean unfit = worker.run != null && worker.run.then == Run.Then.RESTART;
            return delay.then != null || unfit
                    ? "starts again " + when + ", asked by " + (delay.then == null ? worker.who : delay.then.caller())
                    : "restarts " + when + " (restart.policy " + policy(worker) + ")"
                            + (worker.reason == null ? "" : ": " + worker.reason);
        }
        String why = String.valueOf(worker.why());
        return why.startsWith("waits ") ? why : "waits: " + why;
    }

    private static String policy(Worker worker) {
        return worker.options == null
                ? "never"
                : worker.options.string("restart.policy").orElse("never");
    }

    /** Says that no restart follows an end, though nobody asked for it. */
    void notRestarted(Worker worker) {
        always(
                worker.id,
                Level.INFO,
                "is not restarted (restart.policy " + policy(worker) + ")"
                        + (worker.reason == null ? "" : ": " + worker.reason));
    }

    /** Says that a start was refused before it began. */
    void refused(WorkerId id, Caller caller, String why) {
        always(id, Level.WARNING, "not started, asked by " + caller + ": " + why);
    }

    /** Of one of two runs it says of which. */
    private void always(Worker worker, Level level, String text) {
        boolean beside = worker.whole != null;
        always(worker.id, level, !beside ? text : (worker.next == null ? "retiring run: " : "next run: ") + text);
    }

    private void always(WorkerId id, Level level, String text) {
        log.accept(level, "worker " + id + ": " + text);
    }

    /** Says something of a worker that it may have to say often. */
    void bounded(Worker worker, Level level, String text) {
        Budget budget = worker.lines;
        Duration now = loop.now().elapsed();
        if (budget.since == null || (budget.held == 0 && now.minus(budget.since).compareTo(WINDOW) >= 0)) {
            budget.since = now;
            budget.renew();
        }
        if (budget.written < budget.most) {
            budget.written++;
            always(worker, level, text);
            return;
        }
        if (budget.held++ == 0) {
            loop.schedule(WINDOW.minus(now.minus(budget.since)), () -> sumUp(worker, budget));
        }
        budget.last = text;
    }

    /** Tells at the end of a minute what was held back in it. */
    private void sumUp(Worker worker, Budget budget) {
        always(
                worker.id,
                Level.WARNING,
                budget.held + " more lines of the last minute are left out, for it restarts too often; the last: "
                        + budget.last);
        budget.held = 0;
        budget.since = loop.now().elapsed();
        budget.most = FEW;
        budget.written = 0;
    }

    /** A length of time as people read it. */
    static String time(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 10_000) {
            return millis + " ms";
        }
        long seconds = duration.toSeconds();
        return seconds < 600
                ? seconds + " s"
                : seconds < 36_000
                        ? seconds / 60 + " min"
                        : seconds < 864_000 ? seconds / 3600 + " h" : duration.toDays() + " d";
    }
}
