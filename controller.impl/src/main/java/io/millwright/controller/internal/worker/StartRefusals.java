package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.DependencyOptions;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Why a worker cannot be started: because of its id, of what it is now, or of what is planned for it. Belongs to the controller loop. */
public final class StartRefusals {
    private final Registry registry;
    private final Planner planner;
    private final PendingStarts pending;
    private final Dependencies dependencies;
    private final Channels channels;
    private final BooleanSupplier shuttingDown;

    StartRefusals(
            Registry registry,
            Planner planner,
            PendingStarts pending,
            Dependencies dependencies,
            Channels channels,
            BooleanSupplier shuttingDown) {
        this.registry = registry;
        this.planner = planner;
        this.pending = pending;
        this.dependencies = dependencies;
        this.channels = channels;
        this.shuttingDown = shuttingDown;
    }

    /** Why a worker cannot need what its options say, {@code null} if it can. */
    public @Nullable Problem ofNeeds(WorkerSpec spec, OptionValues options) {
        String chain = dependencies.cycle(spec.id(), Needs.of(options));
        return chain == null
                ? null
                : Problem.definition(
                        options.isGiven(DependencyOptions.REQUIRES)
                                ? DependencyOptions.REQUIRES
                                : DependencyOptions.AFTER,
                        "closes a circle: " + chain + "; leave one of these out");
    }

    /** Why options of a caller's are not taken for an id, before they are looked at; {@code null} if they are. */
    @Nullable
    public NodeException ofCall(WorkerSpec spec) {
        Groups.Group own = registry.groups.of(spec.id());
        Groups.Group group = registry.groups.find(spec.id());
        if (own != null && (own.pid() != null || isAnyLive(own))) {
            return new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker '" + spec.id() + "' is an instance of '" + own.id() + "', of " + own.source()
                            + "; start it without options, or choose another id");
        } else if (group != null && (group.pid() != null || isAnyLive(group))) {
            return new NodeException(
                    group.pid() != null ? ErrorCode.INVALID_ARGUMENT : ErrorCode.WORKER_ALREADY_RUNNING,
                    "'" + spec.id() + "' is a group of " + group.count() + " instances, of " + group.source()
                            + "; start it without options, or choose another id");
        }
        Worker known = registry.find(spec.id());
        if (known != null && known.isConfigured() && !known.isLive()) {
            return new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker '" + spec.id() + "' is configured by " + known.definition.source
                            + "; start it without options, or change its configuration");
        }
        return null;
    }

    /** Why a worker of no configuration is not started again after its end: its id has become that of a configured group; or {@code null}. */
    @Nullable
    NodeException ofGroup(Worker worker) {
        Groups.Group group = registry.groups.find(worker.id);
        return group == null || group.pid() == null || worker.isConfigured()
                ? null
                : new NodeException(
                        ErrorCode.CANNOT_START,
                        "worker '" + worker.id + "' was stopped, and '" + worker.id + "' is a group of " + group.count()
                                + " instances by now, of " + group.source());
    }

    private boolean isAnyLive(Groups.Group group) {
        for (WorkerId id : group.instances()) {
            Worker known = registry.find(id);
            if (pending.contains(id) || known != null && known.isLive()) {
                return true;
            }
        }
        return false;
    }

    /** Why an id cannot be started now, whatever its options; {@code null} if it can. */
    @Nullable
    public NodeException now(WorkerId id) {
        if (shuttingDown.getAsBoolean()) {
            return Settlement.shuttingDown();
        }
        Worker known = registry.find(id);
        if (pending.contains(id) || (known != null && known.isLive())) {
            String state = known == null || !known.isLive()
                    ? "being started"
                    : known.state == WorkerState.BACKOFF ? "in backoff" : known.state.text();
            return new NodeException(
                    ErrorCode.WORKER_ALREADY_RUNNING,
                    "worker '" + id + "' is " + state + "; stop it first, or choose another id");
        }
        return null;
    }

    /** Why options that were looked at cannot be started; {@code null} if they can. In the loop. */
    @Nullable
    public NodeException of(WorkerSpec spec, @Nullable Admission admission, @Nullable Throwable fault) {
        if (fault != null || admission == null) {
            return new NodeException(
                    ErrorCode.INTERNAL, "the start of worker '" + spec.id() + "' could not be planned: " + fault);
        } else if (admission instanceof Admission.NoType) {
            return new NodeException(ErrorCode.INVALID_WORKER_TYPE, planner.noSuchType(spec.type()));
        } else if (admission instanceof Admission.Refused refused) {
            return refused.code() == ErrorCode.INVALID_CONFIGURATION
                    ? NodeException.invalid("worker '" + spec.id() + "'", refused.problems())
                    : new NodeException(
                            refused.code(),
                            "worker '" + spec.id() + "' cannot be started: "
                                    + refused.problems().get(0).message());
        } else if (lacksHost(admission)) {
            return new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "worker '" + spec.id() + "' cannot be started: it needs a control channel, and "
                            + Channels.NO_HOST);
        }
        return admission instanceof Admission.Planned planned ? ofPlan(spec, planned) : null;
    }

    private @Nullable NodeException ofPlan(WorkerSpec spec, Admission.Planned planned) {
        if (!planned.unwatchable().isEmpty() && !hasRun(spec)) {
            return NodeException.invalid("worker '" + spec.id() + "'", planned.unwatchable());
        }
        Problem circle = ofNeeds(spec, planned.options());
        return circle == null ? null : NodeException.invalid("worker '" + spec.id() + "'", List.of(circle));
    }

    /** Whether what is planned needs a control channel while nothing carries one. */
    boolean lacksHost(@Nullable Admission admission) {
        return admission instanceof Admission.Planned planned && planned.plan().channel() && !channels.hasHost();
    }

    private boolean hasRun(WorkerSpec spec) {
        Worker known = registry.find(spec.id());
        return known != null && known.wasStarted() && known.definition.spec.equals(spec);
    }
}
