package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers that configurations ask for: a new configuration starts one, a change is applied in place or by a restart of that
 * worker only, a deleted one stops it, and a bad one changes nothing. Runs in the controller loop.
 */
public final class ConfiguredWorkers {
    private final Starter starter;
    private final SavedWorkers saved;
    private final ConfigurationAudit audit;
    private final ConfigurationVersions versions = new ConfigurationVersions();
    private final DeferredChanges deferred;
    private final IdClaims claims;
    private final ChangeApplier changes;
    private final Rollouts rollouts;
    private final WorkerChanges workerChanges;
    private final GroupChanges groupChanges;

    public ConfiguredWorkers(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Starter starter,
            Stopper stopper,
            Function<WorkerId, WorkerLog> logs,
            Consumer<Worker> optionsChanged,
            SavedWorkers saved,
            WorkerEvents events,
            Audit audit,
            DependencyRules rules,
            OperatorWords words) {
        this.starter = starter;
        this.saved = saved;
        this.audit = new ConfigurationAudit(audit, saved);
        this.deferred = new DeferredChanges(planner, this::apply);
        this.claims = new IdClaims(loop, registry, starter, events, words, versions, this::apply);
        this.changes = new ChangeApplier(
                this::apply, versions, deferred, loop, starter, stopper, optionsChanged, events, words);
        this.rollouts = new Rollouts(loop, events, registry.groups);
        WorkerRemoval removal = new WorkerRemoval(
                loop,
                registry,
                starter,
                stopper,
                optionsChanged,
                events,
                words,
                versions,
                claims,
                deferred,
                saved,
                rollouts);
        this.workerChanges = new WorkerChanges(
                loop,
                planner,
                registry,
                starter,
                logs,
                saved,
                rules,
                events,
                versions,
                deferred,
                claims,
                new Circles(loop, rules, versions, this::apply),
                rollouts,
                removal,
                changes);
        this.groupChanges = new GroupChanges(
                workerChanges, loop, planner, registry, saved, versions, claims, deferred, rollouts, removal);
    }

    /**
     * Takes a new or changed configuration.
     *
     * @param configured the configuration
     * @return completed when the worker is started, failed, waits or rests; with true unless it failed
     */
    public CompletableFuture<Boolean> apply(Configured configured) {
        return apply(configured, Level.INFO);
    }

    /**
     * Takes a configuration that was made or changed while the node runs.
     *
     * @param configured the configuration
     */
    public void change(Configured configured) {
        saved.told(configured.pid());
        int version = versions.following(configured.pid());
        BiConsumer<Boolean, Throwable> end =
                audit.change(present(configured.pid()), configured, () -> versions.isNewest(configured, version));
        apply(configured).whenComplete(end);
    }

    /** As {@link #apply}, of a configuration that was there when the node began: the log need not name each of them. */
    public CompletableFuture<Boolean> boot(Configured configured) {
        return apply(configured, Level.DEBUG);
    }

    private CompletableFuture<Boolean> apply(Configured configured, Level said) {
        return groups().concerns(configured)
                ? groupChanges.apply(configured, said)
                : workerChanges.apply(configured, said);
    }

    /**
     * Gives the group of a configuration another number of instances, until the configuration says another one; those that stay are left
     * alone.
     *
     * @param options how many; an operator's number that is not for now only is kept over restarts of the node
     * @return completed when the new ones are started or not, and those that are too many have ended; with false if one was not started
     * @throws NodeException if an id is another worker's, or the configuration says no number that there can be
     */
    public CompletableFuture<Boolean> scale(String pid, ScaleOptions options, Caller caller) {
        return groupChanges.scale(pid, options, caller);
    }

    /**
     * What a worker is to be by its configuration that was not taken, because it could not start then or is held back from an instance;
     * {@code null} if it is as that says.
     */
    public @Nullable WorkerSpec notTaken(Worker worker) {
        Configured part = groupChanges.heldBack(worker);
        Configured newest = part == null ? refused(worker) : part;
        return newest == null ? null : newest.spec();
    }

    /** The configuration of a worker that was refused, {@code null} if it was taken or waits. */
    private @Nullable Configured refused(Worker worker) {
        String pid = worker.definition.pid;
        if (pid == null || worker.definition.notInForce() == null || deferred.isDeferred(pid)) {
            return null;
        }
        Configured newest = versions.newest(pid);
        // A version that is still being read is not overtaken by the one before.
        boolean ours = newest != null && !newest.isPart() && newest.spec().id().equals(worker.id);
        return ours && versions.latest(pid) == newest ? newest : null;
    }

    /**
     * The files of an instance have changed: it is restarted when its turn comes, as for a changed configuration.
     *
     * @param done completed with whether it was started
     * @param change does it
     */
    public void restartInTurn(Worker instance, Groups.Group group, CompletableFuture<Boolean> done, Runnable change) {
        rollouts.enterForFiles(instance, group, done, change);
    }

    /** Whether an instance waits for its turn. */
    public boolean awaitsTurn(Worker instance, Groups.Group group) {
        return rollouts.isWaiting(instance, group);
    }

    /** A group that a call has started is gone. */
    public void forgetGroup(WorkerId group) {
        rollouts.forget(group.value());
    }

    /** What a configuration is to be booted as: itself, or one configuration for each instance of its group. */
    public List<Configured> takeAtBoot(Configured whole) {
        if (groups().concerns(whole)) {
            groups().take(whole);
        }
        return groups().partsOf(whole);
    }

    /** The ids that a configuration takes: those of its workers, and of their group. */
    public Set<WorkerId> claims(Configured whole) {
        return groups().claims(whole);
    }

    /** The options of every worker have changed: each configuration is taken again, as if it had. */
    public void defaultsChanged() {
        versions.all().forEach(this::apply);
    }

    /** The versions of the configurations. */
    ConfigurationVersions versions() {
        return versions;
    }

    /** Takes the configurations of single workers. */
    WorkerChanges workerChanges() {
        return workerChanges;
    }

    /** Which configuration has an id. */
    IdClaims claims() {
        return claims;
    }

    private ConfiguredGroups groups() {
        return claims.groups();
    }

    /** A worker type came: changes that waited for it are taken. */
    public void typeCame(String type) {
        deferred.typeCame(type);
    }

    /**
     * A worker has ended by itself and is not started again, so nothing that runs has to be spared any more: a change of it that was
     * refused is taken as it is, and if one waits for its type, the worker waits for that itself.
     */
    public void ended(Worker worker) {
        if (worker.isLive() || starter.isPending(worker.id)) {
            return;
        }
        Configured refused = refused(worker);
        Configured waiting = deferred.take(worker);
        if (waiting == null) {
            if (refused != null) {
                apply(refused);
            }
            return;
        }
        if (groups().concerns(waiting)) {
            apply(waiting);
            return;
        }
        versions.next(waiting.pid());
        changes.startChanged(worker, waiting);
    }

    /**
     * Told of a configuration that is refused because its worker is another's, and why; of one that is not any more, with {@code null}.
     * Called in the loop.
     */
    public void onRefusal(BiConsumer<Configured, @Nullable String> listener) {
        claims.onRefusal(listener);
    }

    /** Refuses a configuration whose worker is another's; it is taken when that gives the worker up. */
    public void outrank(Configured configured, String reason) {
        claims.outrank(configured, reason);
    }

    /**
     * Why a second configuration of a worker is refused.
     *
     * @param id the worker
     * @param holder where the configuration that has it comes from
     * @return a sentence
     */
    public static String outranked(WorkerId id, String holder) {
        return IdClaims.outranked(id, holder);
    }

    /** A worker is nobody's any more: the configuration that has waited longest for its id has it. */
    public void freed(WorkerId id) {
        claims.freed(id);
    }

    /**
     * A configuration was deleted: its worker stops.
     *
     * @param pid its PID
     */
    public void remove(String pid) {
        BiConsumer<Void, Throwable> end = audit.remove(pid, present(pid));
        SavedWorkers.Asked<Void> deletion = saved.takeEnd(pid);
        SavedWorkers.Asked<Void> asked = deletion == null ? SavedWorkers.Asked.by(Caller.config(pid)) : deletion;
        asked.result().whenComplete(end);
        claims.forget(pid);
        groupChanges.remove(pid, asked.who()).whenComplete((gone, fault) -> {
            if (fault == null) {
                asked.result().complete(null);
            } else {
                asked.result().completeExceptionally(ConfigurationPlans.cause(fault));
            }
        });
    }

    /** What a configuration asks for as it stands, {@code null} if it is not there. */
    private @Nullable Configured present(String pid) {
        Configured group = groups().whole(pid);
        return group == null ? versions.newest(pid) : group;
    }
}
