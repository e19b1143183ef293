package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.worker.Needs.Condition;
import io.millwright.controller.internal.worker.Needs.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who needs whom among the workers, and what is missing of it now. Changes no worker. Belongs to the controller loop. */
public final class Dependencies {
    /**
     * What a worker waits for before it is started. Immutable.
     *
     * @param id the other worker
     * @param why what is the matter with that one, for people
     * @param onItsWay whether that one may be ready without anybody's doing
     * @param starting whether that one is about to be started, and nothing has to end before
     */
    record Missing(WorkerId id, String why, boolean onItsWay, boolean starting) {
        @Override
        public String toString() {
            return id + ": " + why;
        }
    }

    private final Registry registry;
    private final Predicate<WorkerId> pending;
    private final Map<WorkerId, Set<Worker>> dependants = new HashMap<>();
    /** Those whose configuration is being taken, with how often. */
    private final Map<WorkerId, Integer> coming = new HashMap<>();

    /**
     * Begins empty.
     *
     * @param pending whether a start of an id is being checked
     */
    Dependencies(Registry registry, Predicate<WorkerId> pending) {
        this.registry = registry;
        this.pending = pending;
    }

    /** Takes what a worker's options say. */
    void learn(Worker worker, OptionValues options) {
        Needs needs = Needs.of(options);
        if (!needs.equals(worker.definition.needs)) {
            forget(worker);
            worker.definition.needs = needs;
            needs.all().forEach(id -> dependants
                    .computeIfAbsent(id, key -> new LinkedHashSet<>())
                    .add(worker));
        }
    }

    /** A worker is not there any more, or needs nobody. */
    void forget(Worker worker) {
        for (WorkerId id : worker.definition.needs.all()) {
            Set<Worker> those = dependants.get(id);
            if (those != null && those.remove(worker) && those.isEmpty()) {
                dependants.remove(id);
            }
        }
        worker.definition.needs = Needs.NONE;
    }

    /** A configuration asks for a worker, and is being taken. */
    void expect(WorkerId id) {
        coming.merge(id, 1, Integer::sum);
    }

    /** What was expected has been taken: the worker is started, failed, waits or rests. */
    void arrived(WorkerId id) {
        coming.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /** The workers that need one, by its own id or by that of its group. */
    List<Worker> dependants(WorkerId id) {
        Set<Worker> those = dependants.get(id);
        Groups.Group group = registry.groups.of(id);
        Set<Worker> ofGroup = group == null ? null : dependants.get(group.id());
        if (ofGroup != null) {
            Set<Worker> all = new LinkedHashSet<>(ofGroup);
            all.addAll(those == null ? Set.of() : those);
            return List.copyOf(all);
        }
        return those == null ? List.of() : List.copyOf(those);
    }

    /** What a worker is called in the needs of another: by its group, if they name that. */
    WorkerId named(WorkerId id, Needs needs) {
        Groups.Group group = registry.groups.of(id);
        return group == null || needs.all().contains(id) ? id : group.id();
    }

    private boolean endsBefore(Worker other, WorkerId id) {
        return other.definition.needs.endsBefore(named(id, other.definition.needs));
    }

    /** What a worker has to wait for, {@code null} if it can be started. */
    @Nullable
    Missing missing(Needs needs) {
        Missing first = null;
        for (Requirement requirement : needs.requires()) {
            for (WorkerId id : registry.groups.expand(requirement.id())) {
                Missing missing = missing(id, requirement.condition());
                if (missing != null && (first == null || first.onItsWay && !missing.onItsWay)) {
                    first = missing;
                }
            }
        }
        if (first != null) {
            return first;
        }
        for (WorkerId named : needs.after()) {
            for (WorkerId id : registry.groups.expand(named)) {
                Worker other = registry.find(id);
                if ((other == null || other.state != WorkerState.STARTED) && isStarting(id)) {
                    return new Missing(id, describe(id, Condition.READY), true, true);
                }
            }
        }
        return null;
    }

    private @Nullable Missing missing(WorkerId id, Condition condition) {
        Worker other = registry.find(id);
        boolean completed = condition == Condition.COMPLETED;
        if (other != null && (completed ? other.completed : isReady(other))) {
            return null;
        }
        boolean runs = other != null && other.state == WorkerState.STARTED;
        return new Missing(id, describe(id, condition), runs || isOnItsWay(id), !completed && isStarting(id));
    }

    /** As {@link #isOnItsWay}, but not of a worker that waits for a time, its type, or the end of another. */
    private boolean isStarting(WorkerId id) {
        Worker worker = registry.find(id);
        if (worker == null || worker.state != WorkerState.BACKOFF) {
            return isOnItsWay(id);
        } else if (!(worker.wait instanceof Wait.ForOthers)) {
            return worker.wait == null;
        }
        Missing missing = missing(worker.definition.needs);
        return missing == null || missing.starting();
    }

    static boolean isReady(Worker worker) {
        return worker.state == WorkerState.STARTED && worker.run != null && worker.run.live() != null;
    }

    /** Whether a worker that is not started is about to be, without anybody's doing. */
    private boolean isOnItsWay(WorkerId id) {
        Worker worker = registry.find(id);
        if (pending.test(id) || coming.containsKey(id)) {
            return true;
        }
        return worker != null
                && switch (worker.state) {
                    case STARTING, CONNECTED -> true;
                    case STOPPING -> worker.follow != null;
                    // Without a wait its start is the next event that is taken.
                    case BACKOFF ->
                        worker.wait == null
                                || worker.wait instanceof Wait.ForOthers wait && wait.missing.onItsWay()
                                // It is started as soon as another waits for it.
                                || worker.wait instanceof Wait.ForDemand;
                    default -> false;
                };
    }

    private String describe(WorkerId id, Condition condition) {
        Worker other = registry.find(id);
        if (other == null) {
            return pending.test(id) || coming.containsKey(id) ? "is about to be started" : "is not configured";
        }
        return switch (other.state) {
            case STARTED -> condition == Condition.COMPLETED ? "has not ended yet" : "is ending";
            case BACKOFF -> {
                String why = other.why();
                yield why == null ? "waits for its next start" : why;
            }
            case STARTING, CONNECTED, STOPPING -> other.state.text();
            default -> atRest(other);
        };
    }

    private String atRest(Worker other) {
        if (pending.test(other.id)) {
            return "is about to be started";
        } else if (other.definition.disabled) {
            return "disabled";
        } else if (other.stop != null) {
            return "stopped by " + other.stop.caller;
        } else if (other.exit != null) {
            return other.state.text() + ": " + other.exit.reason();
        }
        String why = other.why();
        return other.state.text() + (why == null ? "" : ": " + why);
    }

    /**
     * The chain that a worker's needs would close.
     *
     * @param id the worker
     * @param needs what it would need
     * @return a sentence that names all links, {@code null} if there is no such chain
     */
    @Nullable
    String cycle(WorkerId id, Needs needs) {
        if (needs.isEmpty()) {
            return null;
        }
        List<String> chain = new ArrayList<>();
        return reaches(id, id, needs, new HashSet<>(), chain) ? String.join(", ", chain) : null;
    }

    private boolean reaches(WorkerId goal, WorkerId from, Needs needs, Set<WorkerId> seen, List<String> chain) {
        Groups.Group own = registry.groups.of(goal);
        for (WorkerId next : needs.all()) {
            chain.add(from + " " + needs.how(next) + " " + next);
            if (next.equals(goal) || own != null && next.equals(own.id())) {
                return true;
            }
            // All instances of a group need the same.
            Worker other = registry.find(registry.groups.expand(next).get(0));
            if (other != null
                    && isWanted(other)
                    && seen.add(next)
                    && reaches(goal, next, other.definition.needs, seen, chain)) {
                return true;
            }
            chain.remove(chain.size() - 1);
        }
        return false;
    }

    /** Whether a worker lives or is configured: what one that is neither needed is nobody's need. */
    static boolean isWanted(Worker worker) {
        return worker.isLive() || worker.isConfigured();
    }

    /** Whether workers that need one are ending, so that it may end only after them. */
    boolean holdsBack(Worker worker) {
        return !holding(worker).isEmpty();
    }

    /** Those that have to end before a worker may. */
    List<Worker> holding(Worker worker) {
        List<Worker> those = new ArrayList<>();
        for (Worker other : dependants(worker.id)) {
            boolean ends = other.state == WorkerState.STOPPING && other.stop != null;
            if (ends && other.run != null && !other.run.stuck && endsBefore(other, worker.id)) {
                those.add(other);
            }
        }
        return those;
    }

    /** Whether a worker that runs would be ended before another. */
    boolean isNeeded(Worker worker) {
        return dependants(worker.id).stream().anyMatch(other -> other.isLive() && endsBefore(other, worker.id));
    }

    /** Some workers in the order in which they are started. */
    public List<Worker> neededFirst(Collection<Worker> workers) {
        if (dependants.isEmpty()) {
            return List.copyOf(workers);
        }
        Set<Worker> sorted = new LinkedHashSet<>();
        Set<Worker> all = new LinkedHashSet<>(workers);
        Set<Worker> seen = new HashSet<>();
        workers.forEach(worker -> addAfterItsNeeds(worker, all, seen, sorted));
        return List.copyOf(sorted);
    }

    /** Some workers in the order in which they are stopped. */
    public List<Worker> neededLast(Collection<Worker> workers) {
        List<Worker> reversed = new ArrayList<>(neededFirst(workers));
        if (!dependants.isEmpty()) {
            java.util.Collections.reverse(reversed);
        }
        return reversed;
    }

    private void addAfterItsNeeds(Worker worker, Set<Worker> all, Set<Worker> seen, Set<Worker> sorted) {
        if (!seen.add(worker)) {
            return;
        }
        for (WorkerId named : worker.definition.needs.all()) {
            for (WorkerId id : registry.groups.expand(named)) {
                Worker other = registry.find(id);
                if (other != null) {
                    addAfterItsNeeds(other, all, seen, sorted);
                }
            }
        }
        if (all.contains(worker)) {
            sorted.add(worker);
        }
    }
}
