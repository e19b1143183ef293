package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.worker.ready.Health;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker at one moment, cheap to make at every transition; {@link #info} turns it into what callers see. Immutable. */
public record WorkerView(
        WorkerId id,
        String type,
        WorkerState state,
        @Nullable String reason,
        @Nullable Long run,
        @Nullable Long pid,
        @Nullable Second second,
        @Nullable Moment created,
        @Nullable Moment started,
        @Nullable Moment mainExitAt,
        int restarts,
        RestartTracker.@Nullable Burst hotLoop,
        @Nullable Moment nextStart,
        @Nullable Wait waits,
        @Nullable ChannelView channel,
        @Nullable String missing,
        @Nullable Moment killedAt,
        Health.@Nullable Finding health,
        @Nullable String says,
        @Nullable String failedComponents,
        @Nullable String skips,
        @Nullable WorkerExit exit,
        String origin,
        @Nullable Caller who,
        Map<String, Object> shown,
        Map<String, Object> inForce,
        List<String> customizers) {

    /**
     * The run beside the current one of a worker.
     *
     * @param pid its main process, {@code null} if there is none
     * @param run its number
     * @param since when it began or, if it retires, was told to end
     * @param retires whether it was the current one
     * @param cancelled whether it is told to end
     * @param missing what it waits for before it is ready, {@code null} if that is not known
     */
    record Second(
            @Nullable Long pid,
            @Nullable Long run,
            Moment since,
            boolean retires,
            boolean cancelled,
            @Nullable String missing) {
        static @Nullable Second of(@Nullable Worker place) {
            Run run = place == null ? null : place.run;
            if (place == null || run == null) {
                return null;
            }
            return new Second(
                    run.mainExit == null && run.process != null ? run.process.pid() : null,
                    run.number,
                    place.stop == null ? run.created : place.stop.when,
                    place.next == null,
                    place.state == WorkerState.STOPPING,
                    run.readiness == null ? null : run.readiness.missing());
        }

        /** What there is to say of it, for people. */
        String text(Moment now) {
            String name = pid == null ? "" : ", pid " + pid + ",";
            String time = WorkerLines.time(since.until(now));
            return retires
                    ? "its retiring run" + name + " was told to end " + time + " ago"
                    : cancelled
                            ? "its next run" + name + " is not wanted any more and ends"
                            : "its next run" + name + " gets ready for " + time
                                    + (missing == null ? "" : ": " + missing);
        }

        @Nullable
        RetiringRun retiring() {
            return retires ? RetiringRun.of(pid, run, since.at()) : null;
        }
    }

    /** How a reason begins that is what the worker's program says. */
    public static final String SAYS = "it says: ";

    /** What a reason has that is about times of a schedule which its own options have left out. */
    public static final String SKIPPED = " skipped meanwhile, the last ";

    /** How a reason begins that is about components. */
    public static final String COMPONENTS = FailedComponents.BEGINNING;

    /** A run this long is none of a loop. */
    private static final Duration LOOP_IS_OVER = Duration.ofSeconds(2);

    static WorkerView of(Worker worker) {
        Run run = worker.run;
        return new WorkerView(
                worker.id,
                worker.definition.spec.type(),
                worker.state,
                why(worker, run),
                run == null ? null : run.number,
                run == null || run.mainExit != null ? null : worker.pid(),
                Second.of(worker.beside),
                run == null ? null : run.created,
                run == null ? null : run.started,
                run == null ? null : run.mainExitAt,
                worker.restarts,
                // One that has just ended and may be restarted is in its loop still.
                worker.isLive() || worker.stop == null ? worker.restartTracker.hotLoop() : null,
                worker.wait instanceof Wait.Delay delay ? delay.until : null,
                worker.wait,
                run == null || run.channel == null ? null : ChannelView.of(run.channel),
                run == null || run.readiness == null ? null : run.readiness.missing(),
                worker.state == WorkerState.STOPPING && run != null && run.mainExit == null ? run.killedAt : null,
                worker.state == WorkerState.STARTED && run != null && run.health != null ? run.health.finding() : null,
                says(worker, run),
                worker.state == WorkerState.STARTED && run != null
                        ? run.failedComponents.remark(worker.id.value())
                        : null,
                worker.skips,
                worker.exit,
                worker.definition.origin,
                worker.who,
                worker.shown,
                inForce(worker, run),
                run == null ? List.of() : run.customizers());
    }

    /** What there is to say, for people, of a worker that is restarted at once again and again; {@code null} of all others. */
    public @Nullable String hotLoop(Moment now) {
        RestartTracker.Burst loop = hotLoop;
        if (loop == null || now.elapsed().minus(loop.last()).compareTo(LOOP_IS_OVER) > 0) {
            return null;
        }
        Duration time = loop.last().minus(loop.since());
        long rate = Math.max(1, loop.restarts() * 1000L / Math.max(1, time.toMillis()));
        return loop.restarts() + " restarts since "
                + now.at().minus(now.elapsed().minus(loop.since())).truncatedTo(ChronoUnit.SECONDS) + ", about " + rate
                + " a second" + (exit == null ? "" : "; its last end: " + exit.reason());
    }

    /** What is in force for a run that goes on, and the sockets and times of the worker whether one does or not. */
    private static Map<String, Object> inForce(Worker worker, @Nullable Run run) {
        Map<String, Object> read = run == null || run.mainExit != null ? Map.of() : run.inForce;
        if (worker.sockets.isEmpty() && worker.scheduled.isEmpty()) {
            return read;
        }
        Map<String, Object> all = new LinkedHashMap<>(read);
        if (!worker.sockets.isEmpty()) {
            all.put(SocketOptions.SOCKETS, worker.sockets);
        }
        if (!worker.scheduled.isEmpty()) {
            all.put(ScheduleOptions.SCHEDULE, worker.scheduled);
        }
        return all;
    }

    /** What the program of a run that goes on says of itself. */
    private static @Nullable String says(Worker worker, @Nullable Run run) {
        if (run == null || run.mainExit != null || !worker.isLive() || run.status == null && run.doing == null) {
            return null;
        }
        return SAYS
                + (run.doing == null ? "" : run.doing + (run.status == null ? "" : ", "))
                + (run.status == null ? "" : run.status);
    }

    private static @Nullable String why(Worker worker, @Nullable Run run) {
        String why = whyNow(worker, run);
        if (run != null && run.limitsRefused != null && run.live() != null) {
            why = before(why, Confined.REFUSED + run.limitsRefused);
        }
        String apart = worker.definition.notInForce();
        return apart == null ? why : before(why, apart);
    }

    private static String before(@Nullable String why, String first) {
        return why == null ? first : first + "; " + why;
    }

    private static @Nullable String whyNow(Worker worker, @Nullable Run run) {
        String why = worker.why() != null ? worker.why() : ending(worker, run);
        if (run == null || run.command == null || !worker.isLive()) {
            return why;
        }
        return (why == null ? "" : why + "; ") + run.command.what() + " runs";
    }

    /** Why a run that goes on has no main process any more; what there is to say of its watch otherwise. */
    private static @Nullable String ending(Worker worker, @Nullable Run run) {
        boolean over = run != null && run.mainExit != null && !run.ended;
        return over && worker.state == WorkerState.STARTED
                ? "its main process has ended; what it left behind is being ended"
                : worker.watchTrouble == null && worker.watchedAtRest
                        ? "its files are still watched, a change starts it again"
                        : worker.watchTrouble;
    }

    /**
     * What callers see of it.
     *
     * @param now the moment
     * @param stats figures, if they were asked for
     * @param remarks what there is to say besides the reason
     * @return the worker at that moment, to which its group can be added, and what an operator said of it
     */
    public WorkerInfo.Builder info(Moment now, @Nullable WorkerStats stats, List<String> remarks) {
        List<String> reasons = new ArrayList<>(remarks);
        if (reason != null) {
            reasons.add(0, reason);
        }
        String waitsFor = channel == null ? null : channel.why(state, now);
        if (waitsFor != null) {
            reasons.add(waitsFor);
        }
        if (missing != null) {
            String time = created == null ? "" : ", " + WorkerLines.time(created.until(now));
            reasons.add("not ready yet" + time + ": " + missing);
        }
        if (killedAt != null && now.until(killedAt).compareTo(Duration.ZERO) > 0) {
            reasons.add("told to end, and is killed in " + WorkerLines.time(now.until(killedAt)) + " if it does not");
        }
        if (says != null) {
            reasons.add(says);
        }
        if (second != null) {
            reasons.add(second.text(now));
        }
        if (failedComponents != null) {
            reasons.add(failedComponents);
        }
        if (skips != null) {
            reasons.add(skips);
        }
        WorkerWait waiting = waits == null ? null : waits.shown(type, now);
        return WorkerInfo.builder(id, type, state)
                .reason(reasons.isEmpty() ? null : String.join("; ", reasons))
                .run(run)
                .pid(pid)
                .retiring(second == null ? null : second.retiring())
                .created(created == null ? null : created.at())
                .started(started == null ? null : started.at())
                .startupTime(created == null || started == null ? null : created.until(started))
                .uptime(started == null ? null : started.until(mainExitAt == null ? now : mainExitAt))
                .restarts(restarts)
                .nextStart(nextStart == null ? waiting == null ? null : waiting.until() : nextStart.asOf(now))
                .waiting(waiting)
                .health(health == null ? null : health.shown(now))
                .channel(channel == null ? null : channel.info(state.isLive() && state != WorkerState.BACKOFF, now))
                .exit(exit)
                .origin(origin)
                .who(who)
                .options(shown)
                .inForce(inForce)
                .customizers(customizers)
                .stats(stats);
    }
}
