package io.millwright.controller.internal.configured;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration has an id: the first that asks for it. The others are refused and wait; the one that has waited longest has the id
 * when it is nobody's any more. Belongs to the controller loop.
 */
final class IdClaims {
    private final ControllerLoop loop;
    private final Registry registry;
    private final Starter starter;
    private final WorkerEvents events;
    private final ConfigurationVersions versions;
    private final ConfiguredGroups groups;
    private final Consumer<Configured> apply;
    /** Those whose worker is another's, by PID, first come first. */
    private final Map<String, Configured> outranked = new LinkedHashMap<>();

    private BiConsumer<Configured, @Nullable String> refusals = (configured, why) -> {};

    /**
     * @param words keep the numbers of instances that operators asked for
     * @param apply takes a configuration
     */
    IdClaims(
            ControllerLoop loop,
            Registry registry,
            Starter starter,
            WorkerEvents events,
            OperatorWords words,
            ConfigurationVersions versions,
            Consumer<Configured> apply) {
        this.loop = loop;
        this.registry = registry;
        this.starter = starter;
        this.events = events;
        this.versions = versions;
        this.apply = apply;
        this.groups = new ConfiguredGroups(registry, this::situation, words);
    }

    /** Why a second configuration of a worker is refused. */
    static String outranked(WorkerId id, String holder) {
        return "worker '" + id + "' is configured by " + holder + " already; give one of them another id";
    }

    /** The configurations of groups. */
    ConfiguredGroups groups() {
        return groups;
    }

    /** Told of a configuration whose worker is another's, and why; of one of which that is not so any more, with {@code null}. */
    void onRefusal(BiConsumer<Configured, @Nullable String> listener) {
        refusals = listener;
    }

    /** Refuses a configuration whose worker is another's; it is taken when that gives the worker up. */
    void outrank(Configured configured, String reason) {
        outranked.put(configured.pid(), configured);
        events.say(Level.ERROR, configured.source() + " is refused: " + reason);
        refusals.accept(configured, reason);
        Worker holder = registry.find(configured.spec().id());
        String pid = holder == null ? null : holder.definition.pid;
        if (pid != null && outranked.containsKey(Configured.whole(pid))) {
            // The holder's own configuration may have been refused for the sake of this one.
            loop.execute(() -> lookAgain(Configured.whole(pid)));
        }
    }

    /** If the worker of a configuration is free before its newer version has been read, that version is what is taken. */
    void overtake(Configured newer) {
        outranked.replace(newer.pid(), newer);
    }

    /** A configuration is looked at, and waits for no id meanwhile. */
    void suspend(String pid) {
        outranked.remove(pid);
    }

    /** A configuration has what it asks for. */
    void granted(Configured configured) {
        outranked.remove(configured.pid());
        refusals.accept(configured, null);
    }

    /** A configuration is refused for what it says itself. */
    void notOutranked(Configured wrong) {
        refusals.accept(wrong, null);
    }

    /** A configuration is deleted. */
    void forget(String pid) {
        Configured refused = outranked.remove(pid);
        if (refused != null) {
            refusals.accept(refused, null);
        }
    }

    /** A configuration is wrong and takes no id: others that wait for one have it. */
    void passOver(Configured wrong) {
        forget(wrong.pid());
        groups.claims(wrong).forEach(this::offer);
    }

    /** An older version of a configuration is not taken any more: what it alone asked for, others have. A newer one that waits has none. */
    void leave(Configured older) {
        if (versions.latest(older.pid()) == older) {
            // It is only read once more.
            return;
        }
        String pid = Configured.whole(older.pid());
        Set<WorkerId> left = groups.claims(older);
        Stream.of(versions.latest(older.pid()), versions.latest(pid), groups.whole(pid))
                .filter(newer -> newer != null && outranked.get(newer.pid()) != newer)
                .forEach(newer -> left.removeAll(groups.claims(newer)));
        left.forEach(this::offer);
    }

    /** If an id is nobody's, the configuration that has waited longest for it has it. */
    void offer(WorkerId id) {
        Decision.Situation now = outranked.isEmpty() ? null : situation(id).orElse(null);
        if (now == null || now.pid() == null && !now.isLive() && !now.pending()) {
            loop.execute(() -> freed(id));
        }
    }

    /** A worker is nobody's any more: the configuration that has waited longest for its id has it. */
    void freed(WorkerId id) {
        WorkerId group = groups.ended(id);
        if (group != null) {
            freed(group);
        }
        for (Configured next : outranked.values()) {
            boolean refused = groups.concerns(next) && groups.refusal(next) != null;
            if (groups.claims(next).contains(id) && !refused && !isOutdated(next)) {
                events.say(Level.INFO, "worker " + id + ": taken over by " + next.source());
                apply.accept(next);
                return;
            }
        }
    }

    /** Whether what waits for the id of one instance is older than what waits for those of its whole group, and can have them. */
    private boolean isOutdated(Configured part) {
        Configured whole = part.isPart() ? outranked.get(Configured.whole(part.pid())) : null;
        return whole != null && groups.claims(whole).contains(part.spec().id()) && groups.refusal(whole) == null;
    }

    /** A version that was refused for the id of an instance may not ask for that any more, or an older version may have it now. */
    void lookAgain(String pid) {
        Configured refused = outranked.get(pid);
        if (refused != null && groups.refusal(refused) == null) {
            apply.accept(refused);
        }
    }

    /** A worker has an id for itself: what is left of a group that had it is gone. */
    void release(WorkerId id) {
        WorkerId released = groups.release(id);
        if (released != null) {
            offer(released);
        }
    }

    /** Whether the configuration of a worker names another one now, and was refused that. */
    boolean isLeft(Worker worker) {
        Configured newest = worker.definition.pid == null ? null : outranked.get(worker.definition.pid);
        return newest != null && !newest.spec().id().equals(worker.id);
    }

    /** How the worker, or the group, of an id is; empty if nobody knows it. */
    Optional<Decision.Situation> situation(WorkerId id) {
        Optional<Decision.Situation> group = groups.situation(id);
        return group.isPresent() ? group : situationAlone(id);
    }

    /** How the worker of an id is, be the id that of a group or not. */
    Optional<Decision.Situation> situationAlone(WorkerId id) {
        Worker worker = registry.find(id);
        if (worker == null) {
            return starter.isPending(id) ? Optional.of(Decision.Situation.unborn(id)) : Optional.empty();
        }
        return Optional.of(situation(worker));
    }

    Decision.Situation situation(Worker worker) {
        Decision.Situation now = Decision.Situation.of(worker, starter.isPending(worker.id));
        return isLeft(worker) ? now.deleted() : now;
    }
}
