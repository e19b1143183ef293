package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.options.ScheduleOptions.Schedule;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run to completion at certain times: they wait in backoff between two of them. Runs in the controller loop.
 */
public final class Schedules {
    private final ControllerLoop loop;
    private final Registry registry;
    private final Supervisor supervisor;
    private final Starter starter;
    private final WorkerEvents events;
    private final RandomGenerator random;
    private final BooleanSupplier shuttingDown;
    private final KeptTimes kept;
    private final Map<WorkerId, Scheduled> all = new HashMap<>();
    private final ScheduleTimer timer;
    private final ScheduleTimeouts timeouts;
    private final OverlappingTimes overlapping;

    public Schedules(
            ControllerLoop loop,
            Registry registry,
            Supervisor supervisor,
            Starter starter,
            Stopper stopper,
            WorkerEvents events,
            RandomGenerator random,
            BooleanSupplier shuttingDown,
            KeptTimes kept) {
        this.loop = loop;
        this.registry = registry;
        this.supervisor = supervisor;
        this.starter = starter;
        this.events = events;
        this.random = random;
        this.shuttingDown = shuttingDown;
        this.kept = kept;
        timer = new ScheduleTimer(loop, all.values(), shuttingDown, this::look);
        timeouts = new ScheduleTimeouts(loop, supervisor);
        overlapping = new OverlappingTimes(starter, stopper, events);
        starter.planned().setSchedules(this);
    }

    private Instant wall() {
        return loop.now().at();
    }

    static Caller caller(Worker worker) {
        return Caller.of(CallerKind.SCHEDULE, worker.id.value());
    }

    /** Whether a start that was planned goes on now; else the worker waits for its next time. */
    boolean begins(Worker worker, Schedule schedule, boolean atOnce) {
        Scheduled one = of(worker, schedule);
        one.underWay |= atOnce;
        return one.underWay;
    }

    private Scheduled of(Worker worker, Schedule schedule) {
        Scheduled known = all.get(worker.id);
        if (known != null && known.worker == worker) {
            changeTimes(known, schedule);
            return known;
        }
        Instant now = wall();
        Scheduled one = new Scheduled(worker, new DueTimes(schedule, now, random));
        all.put(worker.id, one);
        KeptTimes.Kept before = kept.of(worker.id);
        if (before != null && before.when().equals(schedule.when())) {
            one.last = before.last();
            one.result = before.result();
            DueTimes.Missed missed = one.times.resume(before.done(), before.came(), now);
            if (missed != null && missed(one, missed)) {
                one.queued = missed.last();
            }
        }
        keep(one);
        timer.arm(one);
        one.show();
        return one;
    }

    private void keep(Scheduled one) {
        if (one.worker.isConfigured()) {
            kept.put(
                    one.worker.id,
                    new KeptTimes.Kept(one.schedule().when(), one.done(), one.times.came(), one.last, one.result));
        }
    }

    /** Says that times were missed; whether one run makes up for them. */
    private boolean missed(Scheduled one, DueTimes.Missed missed) {
        one.missed += missed.count();
        boolean once = one.schedule().once();
        String then =
                once ? "; one run makes up for it (schedule.missed once)" : "; nothing is run (schedule.missed skip)";
        events.say(Level.WARNING, "worker " + one.worker.id + ": " + missed + then);
        return once;
    }

    /** Has a worker wait for its next time; a caller that waits for its start is told so. */
    void await(Worker worker, Admission.Planned plan, Caller caller, @Nullable CompletableFuture<StartResult> waiter) {
        registry.revived(worker);
        worker.reason = null;
        worker.who = caller;
        worker.options = plan.options();
        worker.shown = plan.shown();
        worker.startWaiter = null;
        Wait.ForSchedule wait = wait(of(worker, schedule(worker)), plan, caller);
        if (waiter != null) {
            events.fail(
                    waiter,
                    new NodeException(
                            ErrorCode.CANNOT_START, "worker '" + worker.id + "' is not started yet: it " + wait.why()));
        }
    }

    private static Schedule schedule(Worker worker) {
        return Objects.requireNonNull(ScheduleOptions.of(worker.options), "no schedule");
    }

    private Wait.ForSchedule wait(Scheduled one, Admission.@Nullable Planned plan, Caller caller) {
        one.underWay = false;
        overlapping.endSkips(one);
        Worker worker = one.worker;
        Wait.ForSchedule wait = new Wait.ForSchedule(loop.now(), one, plan, caller);
        supervisor.await(worker, wait, () -> {
            if (worker.wait == wait) {
                one.show();
                Instant queued = one.queued;
                if (queued != null) {
                    begin(one, wait, queued);
                }
            }
        });
        return wait;
    }

    /** The run of a worker has ended, and what the restart policy adds to it: it waits for its next time. */
    public void rest(Worker worker, WorkerExit exit) {
        Scheduled one = of(worker, schedule(worker));
        one.settle();
        one.result = exit.exitClass().name().toLowerCase(Locale.ROOT) + ": " + exit.reason();
        keep(one);
        worker.reason = null;
        Run run = worker.run;
        wait(one, run == null ? null : run.plan, worker.who == null ? caller(worker) : worker.who);
    }

    /** A caller starts a worker that waits for its time. */
    void hurry(Worker worker, Wait.ForSchedule wait, Caller caller) {
        start(wait, caller, "is started by " + caller);
    }

    private void begin(Scheduled one, Wait.ForSchedule wait, Instant time) {
        one.queued = null;
        one.pending = time;
        if (start(wait, caller(one.worker), "is started for " + one.text(time))) {
            keep(one);
            one.show();
        } else {
            one.pending = null;
        }
    }

    private boolean start(Wait.ForSchedule wait, Caller caller, String why) {
        Scheduled one = wait.one;
        Worker worker = one.worker;
        if (worker.wait != wait || wait.wanted || worker.state != WorkerState.BACKOFF || shuttingDown.getAsBoolean()) {
            return false;
        }
        one.underWay = true;
        wait.wanted = true;
        wait.caller = caller;
        worker.who = caller;
        worker.publishView();
        events.say(worker, why);
        starter.restarter().due(worker, wait.plan, caller);
        return true;
    }

    /** A worker is in another state: a run may take as long as its options say, and a worker whose options have no schedule any more has no times. */
    public void update(Worker worker) {
        Scheduled one = all.isEmpty() ? null : all.get(worker.id);
        if (one == null) {
            return;
        }
        boolean runs = worker.state == WorkerState.STARTING || worker.state == WorkerState.STARTED;
        if (runs && one.settle()) {
            keep(one);
            one.show();
        }
        if (!isScheduled(worker) && !worker.waitsForSchedule()) {
            forget(worker.id);
            return;
        }
        if (ScheduleOptions.of(worker.options) == null && !(worker.wait instanceof Wait.ForSchedule)) {
            // Its options are others, with which it could not be started.
            forget(worker.id);
            return;
        }
        timeouts.update(one, worker);
    }

    /** The options of a worker that lives are others now; a run that goes on is left alone. */
    void optionsChanged(Worker worker) {
        Schedule schedule = ScheduleOptions.of(worker.options);
        Scheduled one = all.get(worker.id);
        if (schedule == null && one != null) {
            Wait wait = worker.wait;
            if (wait instanceof Wait.ForSchedule waiting) {
                start(waiting, waiting.caller, "is started, for it has no schedule any more");
            }
            forget(worker.id);
        } else if (schedule != null && one == null && worker.isLive()) {
            // A run that goes on, or is tried again, is not over yet; a first start that waits for something now waits
            // for its time.
            of(worker, schedule).underWay = worker.state != WorkerState.BACKOFF || worker.wait instanceof Wait.Delay;
        } else if (schedule != null && one != null) {
            changeTimes(one, schedule);
        }
        update(worker);
    }

    private void changeTimes(Scheduled one, Schedule schedule) {
        if (schedule.equals(one.schedule())) {
            return;
        }
        if (one.times.change(schedule, wall())) {
            one.queued = null;
            keep(one);
        }
        timer.arm(one);
        one.show();
    }

    /** A worker lives no more; what the node remembers of its times is for those that are to live again in its next life. */
    void release(WorkerId id) {
        if (all.containsKey(id)) {
            forget(id);
        }
    }

    private void forget(WorkerId id) {
        Scheduled one = all.remove(id);
        if (one == null) {
            return;
        }
        one.cancelTimeout();
        overlapping.endSkips(one);
        one.worker.scheduled = Map.of();
        one.worker.skips = null;
        one.worker.publishView();
        if (!shuttingDown.getAsBoolean()) {
            kept.forget(id);
        }
        if (all.isEmpty()) {
            timer.cancel();
        }
    }

    private void look() {
        Instant now = wall();
        for (Scheduled one : List.copyOf(all.values())) {
            if (all.get(one.worker.id) == one && !shuttingDown.getAsBoolean()) {
                look(one, now);
            }
        }
        timer.arm();
    }

    private void look(Scheduled one, Instant now) {
        if (one.times.setBack(now)) {
            if (!one.isBack) {
                one.isBack = true;
                events.say(
                        Level.WARNING,
                        "worker " + one.worker.id + ": the clock was set back to " + one.text(now)
                                + "; what came before does not come again, its next time is " + next(one));
                keep(one);
                one.show();
            }
            return;
        }
        one.isBack = false;
        DueTimes.Missed missed = one.times.takeMissed(now);
        boolean makeUp = missed != null && missed(one, missed);
        Instant time = one.times.take(now);
        if (time == null && makeUp && missed != null) {
            come(one, missed.last());
        }
        for (; time != null; time = one.times.take(now)) {
            come(one, time);
        }
        if (missed != null) {
            keep(one);
            one.show();
        }
    }

    private static String next(Scheduled one) {
        Instant next = one.times.next();
        return next == null ? "never" : one.text(next);
    }

    private void come(Scheduled one, Instant time) {
        Worker worker = one.worker;
        if (worker.wait instanceof Wait.ForSchedule wait && !wait.wanted) {
            begin(one, wait, time);
        } else {
            overlapping.come(one, time);
        }
        keep(one);
        one.show();
    }

    /** How many timers there are: one for all that have times, and one for each run that may take only so long. */
    public int timers() {
        long runs = all.values().stream()
                .filter(one -> one.timeout != null && !one.timeout.isDone())
                .count();
        return (timer.isArmed() ? 1 : 0) + (int) runs;
    }

    /** Whether an option of a worker says at which times it runs. */
    static boolean isScheduled(Worker worker) {
        OptionValues options = worker.options;
        return options != null && ScheduleOptions.isGiven(options);
    }
}
