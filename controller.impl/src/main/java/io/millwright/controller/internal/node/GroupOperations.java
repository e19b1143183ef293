package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Document;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.GroupResults;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations on one worker where the id is that of a group: done to its instances, and answered as one. Thread-safe. */
final class GroupOperations {
    private final Core core;
    private final BulkOperations bulk;
    private final WorkerOperations single;

    GroupOperations(Core core, BulkOperations bulk, WorkerOperations single) {
        this.core = core;
        this.bulk = bulk;
        this.single = single;
    }

    /** The group of an id, {@code null} if it is none. */
    @Nullable
    Group find(WorkerId id) {
        return core.registry.groups.find(NodeOperations.argument(id, "id"));
    }

    /** Starts the instances that a caller specifies. */
    CompletableFuture<StartResult> start(WorkerSpec spec, Caller caller, Consumer<StartProgress> progress) {
        return single.inLoop(result -> {
            NodeException refusal = refuse(spec);
            if (refusal != null) {
                throw refusal;
            }
            Worker namesake = core.registry.find(spec.id());
            if (namesake != null) {
                core.registry.remove(namesake);
            }
            Group group = Group.ofCall(spec, InstanceOptions.count(spec));
            core.registry.groups.put(group);
            List<CompletableFuture<StartResult>> each = new ArrayList<>();
            for (WorkerSpec instance : InstanceOptions.all(spec)) {
                CompletableFuture<StartResult> one = new CompletableFuture<>();
                each.add(one);
                core.starter.callInstance(instance, caller, progress, one);
            }
            CompletableFuture<StartResult> all = new CompletableFuture<>();
            GroupResults.started(spec.id(), each, all);
            all.whenComplete((started, fault) -> core.loop.execute(() -> {
                core.dropEmpty(group.id());
                if (fault == null) {
                    core.events.complete(result, started);
                } else {
                    core.events.fail(result, fault);
                }
            }));
        });
    }

    /** Why a group that a caller specifies is refused, {@code null} if its number is good and its ids are free. In the loop. */
    @Nullable
    NodeException refuse(WorkerSpec spec) {
        List<Problem> problems = InstanceOptions.problems(spec);
        if (!problems.isEmpty()) {
            return NodeException.invalid("worker '" + spec.id() + "'", problems);
        }
        NodeException refusal = core.starter.refusals().ofCall(spec);
        Group group = Group.ofCall(spec, InstanceOptions.count(spec));
        for (WorkerId id : group.instances()) {
            refusal = refusal == null ? refuseInstance(group, id) : refusal;
        }
        if (refusal == null && core.starter.isPending(group.id())) {
            return core.starter.refusals().now(group.id());
        }
        Worker namesake = core.registry.find(group.id());
        return refusal == null && namesake != null && (namesake.isLive() || namesake.isConfigured())
                ? Objects.requireNonNullElse(
                        core.starter.refusals().now(group.id()), taken(group, group.id(), namesake.definition.source))
                : refusal;
    }

    private @Nullable NodeException refuseInstance(Group group, WorkerId id) {
        Worker known = core.registry.find(id);
        Group other = core.registry.groups.find(id);
        if (other != null) {
            return taken(group, id, other.source());
        }
        return known != null && (known.isConfigured() || known.isLive())
                ? taken(group, id, known.definition.source)
                : core.starter.refusals().now(id);
    }

    /** Starts instances, or ends those with the highest numbers, until there are as many. */
    CompletableFuture<Boolean> scale(WorkerId id, ScaleOptions options, Caller caller) {
        int count = options.instances();
        return single.inLoop(result -> {
            Group group = find(id);
            if (group == null) {
                core.registry.get(id);
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "worker '" + id + "' is no group; give it the option 'instances' first");
            }
            List<Problem> problems = InstanceOptions.problems(InstanceOptions.with(group.spec(), count));
            NodeException refusal = core.starter.refusals().now(id);
            if (!problems.isEmpty() || refusal != null) {
                throw refusal != null
                        ? refusal
                        : new NodeException(
                                ErrorCode.INVALID_ARGUMENT, problems.get(0).message());
            }
            core.events.say(
                    System.Logger.Level.INFO,
                    "group " + id + ": " + count + " instances in place of " + group.count() + ", asked by " + caller);
            CompletableFuture<Boolean> done = group.pid() == null
                    ? scaleOfCall(group, count, caller)
                    : core.configuredWorkers.scale(group.pid(), options, caller);
            done.whenComplete((good, fault) -> core.loop.execute(() -> {
                core.dropEmpty(id);
                // What has ended is no instance of it any more, and would not tell those that wait for its id.
                core.configuredWorkers.freed(id);
                if (fault != null) {
                    core.events.fail(result, GroupResults.error(fault));
                } else if (!good) {
                    core.events.fail(
                            result,
                            new NodeException(
                                    ErrorCode.CANNOT_START,
                                    "not all new instances of '" + id + "' could be started; see worker:why " + id));
                } else {
                    core.events.complete(result, true);
                }
            }));
        });
    }

    private CompletableFuture<Boolean> scaleOfCall(Group group, int count, Caller caller) {
        Group next = group.with(count);
        List<WorkerId> more = new ArrayList<>(next.instances());
        more.removeAll(group.instances());
        List<WorkerId> fewer = new ArrayList<>(group.instances());
        fewer.removeAll(next.instances());
        for (WorkerId id : more) {
            NodeException refusal = refuseInstance(next, id);
            if (refusal != null) {
                throw refusal;
            }
        }
        core.registry.groups.put(next);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (WorkerId id : more) {
            CompletableFuture<StartResult> started = new CompletableFuture<>();
            all.add(started);
            int number = next.instances().indexOf(id) + 1;
            core.starter.callInstance(InstanceOptions.instance(next.spec(), number), caller, progress -> {}, started);
        }
        for (WorkerId id : fewer) {
            Worker worker = core.registry.find(id);
            if (worker != null && worker.isConfigured()) {
                // A configuration has taken it since the group's instance of that id had ended.
                continue;
            }
            if (worker != null && worker.isLive() || core.starter.isPending(id)) {
                CompletableFuture<StopResult> stopped = new CompletableFuture<>();
                all.add(stopped);
                core.stopper.stop(id, StopOptions.GRACEFUL, caller, stopped);
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(nothing -> true);
    }

    private static NodeException taken(Group group, WorkerId id, String source) {
        return new NodeException(
                ErrorCode.WORKER_ALREADY_RUNNING,
                "'" + group.id() + "' asks for the id " + id + ", and '" + id + "' is there already, of " + source
                        + "; give one of them another id");
    }

    CompletionStage<StopResult> stop(WorkerId id, StopOptions options, Caller caller) {
        return one(
                id,
                "stopped",
                bulk.stop(WorkerSelector.of(id.value()), options, caller),
                all -> GroupResults.stopped(id, all));
    }

    /** Restarts some instances at a time, as its options say. */
    CompletionStage<StartResult> restart(WorkerId id, Caller caller) {
        return one(
                id,
                "restarted",
                bulk.restart(WorkerSelector.of(id.value()), RestartOptions.ALL_AT_ONCE, caller),
                all -> GroupResults.started(id, all));
    }

    private static <T extends Document> CompletionStage<T> one(
            WorkerId id, String done, CompletionStage<List<Outcome<T>>> outcomes, Function<List<T>, T> answer) {
        return outcomes.thenApply(all -> {
            List<NodeException> errors = new ArrayList<>();
            List<T> results = new ArrayList<>();
            for (Outcome<T> outcome : all) {
                if (outcome.error() != null) {
                    errors.add(outcome.error());
                } else if (outcome.result() != null) {
                    results.add(outcome.result());
                }
            }
            if (!errors.isEmpty() && results.isEmpty() && all.get(0).id().equals(id)) {
                throw errors.get(0);
            } else if (!errors.isEmpty()) {
                throw GroupResults.failed(id, done, errors, all.size());
            }
            return answer.apply(results);
        });
    }

    /** Sends a signal to each instance that runs. */
    CompletionStage<Void> signal(Group group, Signal signal, Caller caller) {
        return each(group, Worker::isLive, "signalled", id -> single.signal(id, signal, caller));
    }

    CompletionStage<Void> forget(Group group, Caller caller) {
        return each(group, worker -> true, "forgotten", id -> single.forget(id, caller));
    }

    private CompletionStage<Void> each(
            Group group, Predicate<Worker> wanted, String done, Function<WorkerId, CompletableFuture<Void>> operation) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        List<Worker> known = members(group);
        List<Worker> some = known.stream().filter(wanted).toList();
        List<CompletableFuture<Void>> each = (some.isEmpty() ? known : some)
                .stream().map(worker -> operation.apply(worker.id)).toList();
        GroupResults.fold(group.id(), done, each, result, all -> null);
        return result;
    }

    /** The instances that are known, in the order of their numbers. */
    List<Worker> members(Group group) {
        List<Worker> members = new ArrayList<>();
        for (WorkerId id : group.instances()) {
            Worker worker = core.registry.find(id);
            if (worker != null) {
                members.add(worker);
            }
        }
        return members;
    }

    /** Answers when the last instance has ended for good, with how that ended. */
    CompletionStage<WorkerExit> awaitExit(Group group) {
        CompletableFuture<WorkerExit> result = new CompletableFuture<>();
        List<CompletableFuture<WorkerExit>> each = members(group).stream()
                .map(worker -> single.awaitExit(worker.id))
                .toList();
        GroupResults.fold(group.id(), "waited for", each, result, all -> all.stream()
                .max(Comparator.comparing(WorkerExit::at))
                .orElseThrow());
        return result;
    }

    /** The last lines of all instances, in the order of time. */
    List<LogEntry> log(Group group, int limit) {
        List<LogEntry> all = new ArrayList<>();
        members(group).forEach(worker -> all.addAll(worker.log.tail(limit)));
        all.sort(Comparator.comparing(LogEntry::time));
        return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
    }

    /** Refuses what is done to one worker only. */
    void requireOne(WorkerId id) {
        Group group = find(id);
        if (group != null) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + id + "' is a group of " + group.count() + " instances; name one of them, as "
                            + InstanceOptions.instance(id, 1));
        }
    }
}
