package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.options.SocketOptions;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Starts what is planned, or has it wait for its time, for a connection, or for the workers it needs. Belongs to the controller loop. */
final class PlannedStarts {
    private final ControllerLoop loop;
    private final Registry registry;
    private final Supervisor supervisor;
    private final Dependencies dependencies;
    private @Nullable DependencyRules rules;
    private @Nullable Schedules schedules;
    private @Nullable Demand demand;

    PlannedStarts(ControllerLoop loop, Registry registry, Supervisor supervisor, Dependencies dependencies) {
        this.loop = loop;
        this.registry = registry;
        this.supervisor = supervisor;
        this.dependencies = dependencies;
    }

    void setRules(DependencyRules dependencyRules) {
        rules = dependencyRules;
    }

    void setSchedules(Schedules all) {
        schedules = all;
    }

    void setDemand(Demand all) {
        demand = all;
    }

    DependencyRules rules() {
        return Objects.requireNonNull(rules, "the node is not put together");
    }

    Schedules schedules() {
        return Objects.requireNonNull(schedules, "the node is not put together");
    }

    Demand demand() {
        return Objects.requireNonNull(demand, "the node is not put together");
    }

    /** Starts what is planned, or has it wait for a connection, or for the workers it needs. */
    void start(
            Worker worker,
            Admission.Planned plan,
            Caller caller,
            @Nullable CompletableFuture<StartResult> waiter,
            boolean asked,
            boolean atOnce) {
        rules().take(worker, plan.options());
        ScheduleOptions.Schedule schedule = ScheduleOptions.of(plan.options());
        if (schedule == null) {
            schedules().release(worker.id);
        } else if (!schedules().begins(worker, schedule, atOnce)) {
            schedules().await(worker, plan, caller, waiter);
            return;
        }
        if (!atOnce && SocketOptions.isByDemand(plan.options())) {
            demand().await(worker, plan, caller, waiter);
            return;
        }
        Dependencies.Missing missing = dependencies.missing(worker.definition.needs);
        if (missing == null) {
            supervisor.start(worker, plan, caller, waiter);
            rules().bind(worker);
            return;
        }
        registry.revived(worker);
        worker.reason = null;
        worker.who = caller;
        worker.options = plan.options();
        worker.shown = plan.shown();
        worker.startWaiter = waiter;
        Wait.ForOthers wait = new Wait.ForOthers(loop.now(), missing, plan, caller, asked);
        supervisor.await(worker, wait, () -> {
            if (worker.wait == wait) {
                rules().waits(worker);
            }
        });
    }

    /** Whether a start that a caller has brought about waits for no connection or time: a person's word, a changed file, a time. */
    static boolean startsAtOnce(Caller caller) {
        return OperatorWords.isOperator(caller)
                || caller.kind() == CallerKind.WATCH
                || caller.kind() == CallerKind.SCHEDULE;
    }

    /** A changed file is one more restart; any other caller begins anew. Neither is one of the restart policy. */
    static void countStart(Worker worker, Caller caller) {
        worker.restarts = caller.kind() == CallerKind.WATCH ? worker.restarts + 1 : 0;
        worker.restartTracker.forget();
    }
}
