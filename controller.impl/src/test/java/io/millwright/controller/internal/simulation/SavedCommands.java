package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Callers that have configurations made and deleted, and a store that tells of its changes later, as Config Admin does. */
final class SavedCommands implements WorkerStore {
    private final Simulation simulation;
    private final Consumer<Runnable> happenings;
    /** The PIDs in the store. */
    private final Set<String> stored = new HashSet<>();

    SavedCommands(Simulation simulation, Consumer<Runnable> happenings) {
        this.simulation = simulation;
        this.happenings = happenings;
    }

    /** A caller saves a worker, deletes one, or somebody else deletes what was saved. */
    void command() {
        switch (simulation.choices.below(5)) {
            case 0, 1, 2 -> save();
            case 3 -> delete();
            default -> deleteByHand();
        }
    }

    private void save() {
        WorkerSpec spec = simulation.someSpec(simulation.someId());
        simulation.say("save " + spec + " " + spec.options());
        CompletableFuture<StartResult> result =
                simulation.model.call("save of " + spec.id(), spec.id(), new CompletableFuture<>());
        answer(simulation.core.saved.save(spec, Simulation.caller("saver")), result);
    }

    private void delete() {
        WorkerId id = simulation.someId();
        simulation.say("delete the configuration of " + id);
        CompletableFuture<Void> result = simulation.model.call("delete of " + id, id, new CompletableFuture<>());
        answer(simulation.core.saved.delete(id, Simulation.caller("saver")), result);
    }

    private void deleteByHand() {
        for (String pid : Set.copyOf(stored)) {
            simulation.say("delete by hand " + pid);
            try {
                delete(pid);
            } catch (NodeException gone) {
                simulation.model.check(false, pid + " is in the store and could not be deleted: " + gone);
            }
        }
    }

    private <T> void answer(CompletionStage<T> stage, CompletableFuture<T> result) {
        stage.whenComplete((value, fault) -> {
            if (fault == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(fault);
            }
        });
    }

    @Override
    public void create(WorkerSpec spec) {
        String pid = Configured.PREFIX + spec.type() + "~" + spec.id();
        if (!stored.add(pid)) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "there is a configuration " + pid);
        }
        Configured configured = new Configured(pid, "config:" + pid, spec);
        tell(() -> {
            simulation.say("is saved: " + pid);
            simulation.keep(configured);
            simulation.core.configuredWorkers.change(configured);
        });
    }

    @Override
    public void delete(String pid) {
        if (!stored.remove(pid) && pid.startsWith(Configured.PREFIX)) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no configuration " + pid);
        }
        tell(() -> {
            simulation.say("is deleted: " + pid);
            simulation.deleted(pid);
        });
    }

    /** The node is told of a change some time later. */
    private void tell(Runnable change) {
        happenings.accept(() -> simulation.loop.execute(change));
    }
}
