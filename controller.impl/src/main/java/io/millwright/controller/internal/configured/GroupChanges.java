package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Worker;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the configurations of groups: each instance is taken as a configuration of its own, and what is not asked for any more ends.
 * Belongs to the controller loop.
 */
final class GroupChanges {
    private static final Logger LOG = LoggerFactory.getLogger(GroupChanges.class);

    private final WorkerChanges workers;
    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final SavedWorkers saved;
    private final ConfigurationVersions versions;
    private final IdClaims claims;
    private final ConfiguredGroups groups;
    private final DeferredChanges deferred;
    private final Rollouts rollouts;
    private final WorkerRemoval removal;

    GroupChanges(
            WorkerChanges workers,
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            SavedWorkers saved,
            ConfigurationVersions versions,
            IdClaims claims,
            DeferredChanges deferred,
            Rollouts rollouts,
            WorkerRemoval removal) {
        this.workers = workers;
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.saved = saved;
        this.versions = versions;
        this.claims = claims;
        this.groups = claims.groups();
        this.deferred = deferred;
        this.rollouts = rollouts;
        this.removal = removal;
    }

    /**
     * Takes a version of a configuration that asks for a group, or did so before.
     *
     * @param said how loudly the log is told what each instance does
     * @return completed when each instance is started, failed, waits or rests; with true unless one failed
     */
    CompletableFuture<Boolean> apply(Configured whole, Level said) {
        int version = versions.next(whole.pid());
        workers.overtake(whole);
        if (isRefused(whole)) {
            return CompletableFuture.completedFuture(false);
        }
        if (groups.keepsAll(whole, standing(whole.pid())) && !endsAnothers(whole)) {
            return take(whole, said, version);
        }
        // What is wrong ends nothing: it is read before anything that it does not ask for any more ends.
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        planner.read(InstanceOptions.first(whole.spec()))
                .whenComplete((reading, fault) -> loop.execute(
                        () -> {
                            if (!versions.isNewest(whole, version)) {
                                claims.leave(whole);
                                done.complete(true);
                            } else if (isRefused(whole)) {
                                groups.claims(whole).forEach(claims::offer);
                                done.complete(false);
                            } else if (fault == null) {
                                apply(whole, reading, said, version, done);
                            } else {
                                LOG.error("configuration {} could not be read", whole.pid(), fault);
                                saved.fail(whole.pid(), ErrorCode.INTERNAL, "it could not be read: " + fault);
                                done.complete(false);
                            }
                        },
                        unexpected -> done.complete(false)));
        return done;
    }

    private void apply(
            Configured whole, Planner.Reading reading, Level said, int version, CompletableFuture<Boolean> done) {
        // Another number of instances may have been asked for since.
        List<Configured> standing = standing(whole.pid());
        if (!reading.problems().isEmpty()) {
            standing.forEach(one ->
                    workers.refuse(one, whole.spec(), registry.find(one.spec().id()), reading.problems()));
            claims.passOver(whole);
            saved.fail(
                    whole.pid(),
                    ErrorCode.INVALID_CONFIGURATION,
                    "refused: " + reading.problems().get(0));
            done.complete(false);
        } else if (!reading.typeKnown() && standing.stream().anyMatch(this::isSpared)) {
            deferred.defer(
                    whole,
                    standing.stream()
                            .map(one -> registry.find(one.spec().id()))
                            .filter(Objects::nonNull)
                            .toList());
            done.complete(true);
        } else {
            take(whole, said, version).whenComplete((good, failure) -> done.complete(failure == null && good));
        }
    }

    /** Whether another has an id that a group needs now; it is taken when that is free. */
    private boolean isRefused(Configured whole) {
        String refusal = groups.refusal(whole);
        if (refusal != null) {
            claims.outrank(whole, refusal);
            saved.fail(whole.pid(), ErrorCode.WORKER_ALREADY_RUNNING, refusal);
        }
        return refusal != null;
    }

    /** Whether a group ends a worker of its id, which another configuration has left. */
    private boolean endsAnothers(Configured whole) {
        Worker holder = registry.find(whole.spec().id());
        return InstanceOptions.isGroup(whole.spec()) && holder != null && claims.isLeft(holder);
    }

    /** What a PID has in force: the instances of its group, or its one worker. */
    private List<Configured> standing(String pid) {
        List<Configured> parts = groups.parts(pid);
        Configured alone = versions.newest(pid);
        return !parts.isEmpty() || alone == null ? parts : List.of(alone);
    }

    /** Whether the worker of a configuration runs, so that nothing ends it while nobody can judge what is to come instead. */
    private boolean isSpared(Configured one) {
        Worker worker = registry.find(one.spec().id());
        return worker != null && worker.isLive() && worker.state != WorkerState.BACKOFF;
    }

    private CompletableFuture<Boolean> take(Configured whole, Level said, int version) {
        deferred.forget(whole.pid());
        claims.granted(whole);
        Configured before = groups.whole(whole.pid());
        List<Configured> gone = new ArrayList<>(groups.take(whole));
        List<Configured> parts = groups.partsOf(whole);
        boolean isGroup = parts.get(0).isPart();
        Configured alone = versions.newest(whole.pid());
        if (alone != null && isGroup) {
            gone.add(alone);
        }
        if (isGroup) {
            saved.share(whole, parts);
            rollouts.begin(whole, parts);
        } else {
            rollouts.forget(whole.pid());
        }
        if (isGroup) {
            removal.releaseFor(whole);
        }
        List<CompletableFuture<Void>> ends = end(gone, Caller.config(whole.pid()));
        if (before != null && !groups.claims(whole).contains(before.spec().id())) {
            loop.execute(() -> claims.freed(before.spec().id()));
        }
        // Instances that are too many end beside the others; a worker that becomes a group, or a group that becomes
        // one, ends before.
        boolean room = isGroup && gone.stream().allMatch(Configured::isPart);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        (room ? CompletableFuture.completedFuture(null) : together(ends))
                .whenComplete((ended, fault) -> loop.execute(
                        () -> begin(whole, isGroup, said, version, done), unexpected -> done.complete(false)));
        return done;
    }

    /** What the configuration does not ask for any more has ended, where it had to. */
    private void begin(Configured whole, boolean isGroup, Level said, int version, CompletableFuture<Boolean> done) {
        // A newer version that was refused is not in force.
        boolean inForce = isGroup ? groups.whole(whole.pid()) == whole : versions.isNewest(whole, version);
        if (!inForce) {
            claims.leave(whole);
            done.complete(true);
            return;
        }
        if (isGroup) {
            removal.dropRecord(whole);
        }
        // Another number of them may have been asked for since.
        all(
                groups.partsOf(whole).stream()
                        .map(part -> part.isPart() ? workers.apply(part, said) : workers.apply(part, said, version)),
                done);
    }

    /**
     * Gives the group of a configuration another number of instances, until the configuration says another one; those that stay are left
     * alone.
     *
     * @param options how many; an operator's number that is not for now only is kept over restarts of the node
     * @return completed when the new ones are started or not, and those that are too many have ended; with false if one was not started
     * @throws NodeException if an id is another worker's, or the configuration says no number that there can be
     */
    CompletableFuture<Boolean> scale(String pid, ScaleOptions options, Caller caller) {
        Configured whole = Objects.requireNonNull(groups.whole(pid));
        List<Problem> problems = InstanceOptions.problems(whole.spec());
        if (!problems.isEmpty()) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    whole.source() + " is refused: " + problems.get(0) + "; correct that first");
        }
        List<Configured> before = groups.parts(pid);
        Runnable undo = groups.undoScale(pid);
        boolean kept = OperatorWords.isOperator(caller) && !options.once();
        groups.scale(whole, options.instances(), kept, caller, loop.now().at());
        String refusal = groups.refusal(whole);
        if (refusal != null) {
            undo.run();
            throw new NodeException(ErrorCode.WORKER_ALREADY_RUNNING, refusal);
        }
        List<CompletableFuture<Void>> ends = end(groups.take(whole), caller);
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        all(groups.parts(pid).stream().skip(before.size()).map(part -> workers.apply(part, Level.INFO)), started);
        loop.execute(() -> claims.lookAgain(pid));
        return together(ends).thenCombine(started, (nothing, good) -> good);
    }

    private List<CompletableFuture<Void>> end(List<Configured> gone, Caller caller) {
        List<CompletableFuture<Void>> ends = gone.stream()
                .map(part -> removal.remove(part.pid(), caller, WorkerRemoval.NOT_ASKED))
                .toList();
        offer(gone);
        return ends;
    }

    /** An instance that was not made yet leaves its id at once, and nobody else tells of it. */
    private void offer(List<Configured> gone) {
        gone.forEach(part -> claims.offer(part.spec().id()));
    }

    /** The configuration of a group, or of one worker, is deleted: what there is of it ends. */
    CompletableFuture<Void> remove(String pid, Caller caller) {
        Configured group = groups.whole(pid);
        List<Configured> parts = groups.parts(pid);
        versions.next(pid);
        groups.forget(pid);
        rollouts.forget(pid);
        List<CompletableFuture<Void>> ends = Stream.concat(
                        Stream.of(pid), parts.stream().map(Configured::pid))
                .map(one -> removal.remove(one, caller, WorkerRemoval.DELETED))
                .toList();
        if (group != null) {
            loop.execute(() -> claims.freed(group.spec().id()));
        }
        offer(parts);
        return together(ends);
    }

    /** What an instance is to be by a configuration that is held back from it, {@code null} if there is no such thing. */
    @Nullable
    Configured heldBack(Worker worker) {
        Configured part = worker.definition.pid == null ? null : versions.newest(worker.definition.pid);
        return part != null && part.isPart() && !deferred.isDeferred(part.pid()) && rollouts.isHeldBack(part)
                ? part
                : null;
    }

    private static CompletableFuture<Void> together(List<? extends CompletableFuture<?>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private static void all(Stream<CompletableFuture<Boolean>> starts, CompletableFuture<Boolean> done) {
        List<CompletableFuture<Boolean>> each = starts.toList();
        together(each)
                .whenComplete((nothing, fault) ->
                        done.complete(fault == null && each.stream().allMatch(CompletableFuture::join)));
    }
}
