package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Confinement;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import io.millwright.controller.internal.worker.Confined;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of groups and their limits: each process that asks for a group has one of its own, which goes with it; what its
 * worker is to be has the last word on its limits, or the worker says why not; and what is shown is what is in force.
 */
final class LimitModel {
    private final Model model;
    private final FakeBackend backend;
    private final SimulatedGroups groups;

    LimitModel(Model model, FakeBackend backend, SimulatedGroups groups) {
        this.model = model;
        this.backend = backend;
        this.groups = groups;
    }

    /** A process is there. */
    void born(FakeProcess process) {
        if (process.enclosure() instanceof SimulatedGroups.Group group) {
            model.check(group.worker.equals(process.id.value()), process + " is in " + group);
            model.check(!group.isGone(), process + " is in " + group + ", which is gone");
            model.check(
                    backend.processes.stream()
                            .noneMatch(other -> other != process && other.enclosure() == process.enclosure()),
                    process + " is in a group of another one, " + group);
        }
    }

    /** A group gets limits: that of a run whose main process is there gets those that its worker asks for by now. */
    void told(@Nullable Worker worker, SimulatedGroups.Group group, Map<String, List<String>> wanted) {
        if (worker != null
                && worker.options != null
                && worker.run != null
                && worker.run.live() instanceof FakeProcess process
                && process.enclosure() == group) {
            Map<String, List<String>> asked = CgroupOptions.limits(worker.options);
            model.check(wanted.equals(asked), group + " is given " + wanted + ", asked is " + asked + " by now");
        }
    }

    /** Once everything is quiet. */
    void quiet(Iterable<Worker> workers) {
        Set<Object> used = new HashSet<>();
        for (FakeProcess process : backend.processes) {
            if (process.isAlive() && process.enclosure() != null) {
                used.add(process.enclosure());
            }
        }
        groups.all.forEach(group -> model.check(group.isGone() != used.contains(group), group + " is left, or gone"));
        for (Worker worker : workers) {
            if (worker.state == WorkerState.STARTED) {
                limits(worker, backend.alive(worker.id).get(0));
            }
        }
    }

    private void limits(Worker worker, FakeProcess process) {
        OptionValues values = SimulatedPlanner.values(worker.definition.spec);
        SimulatedGroups.Group group = (SimulatedGroups.Group) process.enclosure();
        model.check(
                CgroupOptions.isAsked(values) == (group != null),
                worker.id + " is in " + group + ", asked was " + worker.definition.spec.options());
        Map<String, Object> shown = new TreeMap<>(worker.view
                .info(new Moment(Instant.EPOCH, Duration.ZERO), null, List.of())
                .build()
                .inForce());
        shown.keySet().removeIf(key -> !key.equals(CgroupOptions.TREES) && !key.startsWith(CgroupOptions.PREFIX));
        if (group == null) {
            model.check(shown.isEmpty(), worker.id + " has no group, and shows " + shown);
            return;
        }
        model.check(
                shown.equals(new TreeMap<>(Confinement.document(group))),
                worker.id + " shows " + shown + ", in force is " + group);
        boolean asAsked = group.limits().equals(CgroupOptions.limits(values));
        String reason = worker.view.reason();
        boolean says = reason != null && reason.contains(Confined.REFUSED);
        model.check(
                asAsked || says,
                worker.id + " is in " + group + ", asked was " + worker.definition.spec.options()
                        + ", and it does not say why: " + reason);
        model.check(!asAsked || !says, worker.id + " has what was asked, " + group + ", and says: " + reason);
    }
}
