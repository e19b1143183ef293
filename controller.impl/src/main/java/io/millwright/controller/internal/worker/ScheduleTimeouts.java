package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import java.time.Duration;

/** Ends runs that take longer than {@code schedule.timeout} allows. Runs in the controller loop. */
final class ScheduleTimeouts {
    private final ControllerLoop loop;
    private final Supervisor supervisor;

    ScheduleTimeouts(ControllerLoop loop, Supervisor supervisor) {
        this.loop = loop;
        this.supervisor = supervisor;
    }

    /** A worker is in another state: its time begins with its run and ends with it. */
    void update(Scheduled one, Worker worker) {
        Run run = isRunning(worker) ? worker.run : null;
        if (run != one.timed) {
            one.cancelTimeout();
            Duration limit = one.schedule().timeout();
            one.timed = run;
            if (run != null && limit != null) {
                one.timeout = loop.schedule(limit, () -> expired(worker, run, limit));
            }
        }
    }

    private static boolean isRunning(Worker worker) {
        return worker.run != null
                && worker.run.mainExit == null
                && (worker.state == WorkerState.STARTING
                        || worker.state == WorkerState.CONNECTED
                        || worker.state == WorkerState.STARTED);
    }

    private void expired(Worker worker, Run run, Duration limit) {
        if (worker.run == run && isRunning(worker)) {
            worker.who = Schedules.caller(worker);
            supervisor.giveUp(
                    worker,
                    "did not end within " + Settlement.text(limit) + " (schedule.timeout)",
                    worker.state == WorkerState.STARTED ? LifeEvent.UNFIT : LifeEvent.START_TIMEOUT);
        }
    }
}
