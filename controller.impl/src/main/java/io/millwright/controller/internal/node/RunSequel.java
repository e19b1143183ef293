package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.worker.Follow;
import io.millwright.controller.internal.worker.HeldEnd;
import io.millwright.controller.internal.worker.LifeEvent;
import io.millwright.controller.internal.worker.Settlement;
import io.millwright.controller.internal.worker.Worker;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What follows the end of a run: who of the core's parts is told of it, and what the shutdown triggers make of it. Called by the settlement
 * in the controller loop.
 */
final class RunSequel implements Settlement.Sequel {
    private final Core core;

    RunSequel(Core core) {
        this.core = core;
    }

    @Override
    public void restart(Worker worker, Duration delay) {
        core.starter.restarter().restartLater(worker, delay);
    }

    @Override
    public void follow(Worker worker, Follow follow) {
        core.stopper.follow(worker, follow);
    }

    @Override
    public void scheduled(Worker worker, WorkerExit exit) {
        core.failed.endedForGood(worker, exit);
        core.schedules.rest(worker, exit);
    }

    @Override
    public void takePlace(Worker worker, @Nullable HeldEnd held) {
        core.overlap.takePlace(worker, held);
    }

    @Override
    public void failed(Worker worker) {
        core.supervisor.fire(worker, LifeEvent.UNSTARTED);
    }

    @Override
    public void endedForGood(Worker worker, WorkerRun run) {
        core.failed.endedForGood(worker, run.exit());
        if (!worker.isConfigured()) {
            core.loop.execute(() -> core.configuredWorkers.freed(worker.id));
        }
        if (worker.isConfigured() && worker.isStopped()) {
            // Rest is not an end: the configuration is still there.
            worker.reason = run.exit().reason();
            core.supervisor.fire(worker, LifeEvent.REST);
        } else if (worker.isConfigured()) {
            core.loop.execute(() -> core.configuredWorkers.ended(worker));
        }
        if (!ScheduleOptions.isGiven(worker.options)) {
            core.exits.add(core.triggers.about(run));
        }
        core.shutdown.proceed();
    }

    void askTriggers(Triggers.Question question, int live) {
        core.triggers.ask(question, live, new TriggerDecision(question.run()));
    }

    @Override
    public boolean isShuttingDown() {
        return core.isShuttingDown();
    }

    @Override
    public void stuck(Worker worker) {
        core.shutdown.stuck(worker);
    }

    /** What the triggers say of the end of a run. */
    private final class TriggerDecision implements Triggers.Decision {
        private final WorkerRun run;

        TriggerDecision(WorkerRun run) {
            this.run = run;
        }

        @Override
        public void fired(Caller trigger, ShutdownTrigger.Verdict verdict) {
            if (!core.isShuttingDown()) {
                core.events.say(Level.INFO, "worker " + run.id() + ": " + trigger + " fired: " + verdict.reason());
                core.beginShutdown(ShutdownRequest.STOP, trigger, !verdict.error(), trigger + ": " + verdict.reason());
            }
        }

        @Override
        public void goesOn(String why) {
            if (!core.isShuttingDown()) {
                core.events.say(Level.INFO, "worker " + run.id() + ": the node goes on: " + why);
            }
        }
    }
}
