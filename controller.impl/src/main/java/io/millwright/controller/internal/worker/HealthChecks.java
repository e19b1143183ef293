package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerHealth.State;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.worker.ready.Health;
import io.millwright.controller.internal.worker.ready.Prober;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the workers that run asked how they are, where their options say so, and does with an unhealthy one what they say. A worker
 * that starts or stops is not asked. Runs in the controller loop.
 */
public final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final ControllerLoop loop;
    private final Prober prober;
    private final Supervisor supervisor;
    private final WorkerEvents events;
    private final RandomGenerator random;

    public HealthChecks(
            ControllerLoop loop, Prober prober, Supervisor supervisor, WorkerEvents events, RandomGenerator random) {
        this.loop = loop;
        this.prober = prober;
        this.supervisor = supervisor;
        this.events = events;
        this.random = random;
    }

    /** A worker is in another state, or its options have changed. */
    public void update(Worker worker) {
        Run run = worker.run;
        if (run == null) {
            return;
        }
        OptionValues options = asked(worker, run);
        Health health = run.health;
        if (health != null && (options == null || !health.fits(options))) {
            health.cancel();
            run.health = null;
        }
        if (options != null && run.health == null && run.plan != null && run.started != null) {
            run.health = Health.watch(
                    loop,
                    prober,
                    options,
                    run.plan.plan(),
                    run.process == null ? null : run.process.enclosure(),
                    run.started,
                    random,
                    (before, now) -> changed(worker, run, before, now));
        }
        if (health != run.health && worker.state == WorkerState.STARTED) {
            worker.publishView();
        }
    }

    /** The options by which a worker is asked now, {@code null} if it is not. */
    private static @Nullable OptionValues asked(Worker worker, Run run) {
        OptionValues options = worker.options;
        boolean runs = worker.state == WorkerState.STARTED && run.live() != null;
        return runs && options != null && ProbeOptions.isHealthAsked(options) ? options : null;
    }

    private void changed(Worker worker, Run run, Health.Finding before, Health.Finding now) {
        worker.publishView();
        if (before.state() == now.state() || worker.run != run) {
            return;
        }
        events.health(worker, now);
        if (now.state() == State.UNHEALTHY) {
            act(worker, run, "unhealthy: " + now.reason());
        }
    }

    private void act(Worker worker, Run run, String why) {
        OptionValues options = worker.options;
        String action = options == null
                ? "none"
                : options.string(ProbeOptions.HEALTH_ACTION).orElse("restart");
        switch (action) {
            case "restart" -> end(supervisor, worker, run, Run.Then.RESTART, CallerKind.HEALTH, why);
            case "stop" ->
                end(supervisor, worker, run, Run.Then.REST, CallerKind.HEALTH, why + " (health.action stop)");
            case "signal" -> signal(worker, run);
            default -> {}
        }
    }

    /** Has a run ended that is not as its options ask. */
    static void end(Supervisor supervisor, Worker worker, Run run, Run.Then then, CallerKind kind, String why) {
        worker.who = Caller.of(kind, worker.id.value());
        run.then = then;
        supervisor.giveUp(worker, why, LifeEvent.UNFIT);
    }

    private static void signal(Worker worker, Run run) {
        OptionValues options = worker.options;
        WorkerProcess process = run.live();
        if (process != null && options != null) {
            Signal signal = options.signal(ProbeOptions.HEALTH_SIGNAL).orElse(Signal.HUP);
            process.signalMain(signal).whenComplete((sent, fault) -> {
                if (fault != null) {
                    LOG.error("worker {}: {} could not be sent: {}", worker.id, signal, RunLauncher.message(fault));
                }
            });
        }
    }
}
