package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The operations on groups, for those who drive the core without a node. */
public final class GroupCalls {
    private final Core core;
    private final GroupOperations groups;

    public GroupCalls(Core core) {
        this.core = core;
        groups = new GroupOperations(core, new BulkOperations(core), new WorkerOperations(core));
    }

    public boolean isGroup(WorkerId id) {
        return groups.find(id) != null;
    }

    public CompletionStage<StartResult> start(WorkerSpec spec, Caller caller) {
        return groups.start(spec, caller, progress -> {});
    }

    public CompletionStage<StopResult> stop(WorkerId id, StopOptions options, Caller caller) {
        return groups.stop(id, options, caller);
    }

    public CompletionStage<StartResult> restart(WorkerId id, Caller caller) {
        return groups.restart(id, caller);
    }

    public CompletionStage<Boolean> scale(WorkerId id, int count, Caller caller) {
        return groups.scale(id, ScaleOptions.of(count), caller);
    }

    /** The files of an instance have changed that its options watch. */
    public void filesChange(Worker instance, Duration pause) {
        core.reaction.restart(instance, pause, Caller.watch(instance.id));
    }

    /** Whether a restart of an instance for changed files is still to come. */
    public boolean awaitsTurn(Worker instance) {
        return core.reaction.awaitsTurn(instance);
    }

    /** Whether an instance goes on as it is because another could not be restarted. */
    public boolean isHeldBack(Worker worker) {
        return core.configuredWorkers.notTaken(worker) != null;
    }
}
