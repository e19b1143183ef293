package io.millwright.controller.internal.configured;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a group whose configuration has changed restart some at a time, in the order of their numbers; the first that cannot
 * be started holds the others back, which go on as they are. Belongs to the controller loop.
 */
final class Rollouts {
    private final ControllerLoop loop;
    private final WorkerEvents events;
    private final Groups groups;
    private final Map<String, Rollout> rollouts = new HashMap<>();

    Rollouts(ControllerLoop loop, WorkerEvents events, Groups groups) {
        this.loop = loop;
        this.groups = groups;
        this.events = events;
    }

    /** An instance that waits for its turn. */
    private record Turn(Worker worker, Configured part, CompletableFuture<Boolean> done, Runnable change) {}

    /** One version of a configuration on its way to the instances. */
    private static final class Rollout {
        /** Instances that have not decided yet what the configuration is to them. */
        final Set<String> undecided = new HashSet<>();

        final TreeMap<Integer, Turn> waiting = new TreeMap<>();
        int running;
        /** Why the others are held back. */
        @Nullable
        String failure;
    }

    /** A new version of a configuration is on its way to some instances; what an older one still had to do is void. */
    void begin(Configured whole, List<Configured> parts) {
        Rollout before = rollouts.put(whole.pid(), new Rollout());
        if (before != null) {
            before.waiting.values().forEach(turn -> turn.done().complete(true));
            before.waiting.clear();
        }
        parts.forEach(part -> of(part).undecided.add(part.pid()));
    }

    private Rollout of(Configured part) {
        return rollouts.computeIfAbsent(Configured.whole(part.pid()), pid -> new Rollout());
    }

    /** A configuration is deleted. */
    void forget(String pid) {
        Rollout before = rollouts.remove(pid);
        if (before != null) {
            before.waiting.values().forEach(turn -> turn.done().complete(true));
        }
    }

    /** Whether an instance goes on as it is because another could not be restarted. */
    boolean isHeldBack(Configured part) {
        Rollout rollout = rollouts.get(Configured.whole(part.pid()));
        return rollout != null && rollout.failure != null;
    }

    /** An instance needs no turn. */
    void decided(String part) {
        Rollout rollout = rollouts.get(Configured.whole(part));
        if (rollout != null && rollout.undecided.remove(part)) {
            loop.execute(() -> next(rollout));
        }
    }

    /**
     * An instance is to be restarted, or started after a failure, when its turn comes.
     *
     * @param worker the instance
     * @param part what it is to be
     * @param done completed with whether it was started
     * @param change does it
     */
    void enter(Worker worker, Configured part, CompletableFuture<Boolean> done, Runnable change) {
        Rollout rollout = of(part);
        Turn before = rollout.waiting.put(part.number(), new Turn(worker, part, done, change));
        if (before != null) {
            before.done().complete(true);
        }
        rollout.undecided.remove(part.pid());
        loop.execute(() -> next(rollout));
    }

    private void next(Rollout rollout) {
        if (rollout.failure != null) {
            holdBack(rollout);
            return;
        }
        while (rollout.undecided.isEmpty() && !rollout.waiting.isEmpty()) {
            Turn turn = rollout.waiting.firstEntry().getValue();
            if (rollout.running >= InstanceOptions.atOnce(turn.worker().options)) {
                break;
            }
            rollout.waiting.pollFirstEntry();
            rollout.running++;
            turn.done()
                    .whenComplete((good, fault) -> loop.execute(() -> {
                        rollout.running--;
                        if ((fault != null || !good) && isFailure(turn)) {
                            fail(rollout, turn);
                        }
                        next(rollout);
                    }));
            turn.change().run();
        }
        rollout.waiting.values().forEach(turn -> say(turn.worker(), "its changed configuration waits for its turn"));
    }

    /** Whether an instance has not come up by itself, and nobody has stopped or disabled it. */
    private static boolean isFailure(Turn turn) {
        Worker worker = turn.worker();
        return turn.part().pid().equals(worker.definition.pid)
                && !worker.isStopped()
                && !worker.definition.disabled
                && !worker.waitsAsMeant();
    }

    private void fail(Rollout rollout, Turn turn) {
        WorkerId failed = turn.worker().id;
        rollout.failure = Groups.HELD_BACK + ", because " + failed + " could not be restarted with it";
        List<WorkerId> others = rollout.waiting.values().stream()
                .map(other -> other.worker().id)
                .toList();
        if (!others.isEmpty()) {
            events.say(
                    Level.ERROR,
                    "worker " + failed + ": could not be restarted with what "
                            + turn.part().source() + " changes; the other instances go on as they are: " + others);
            Groups.Group group = groups.of(failed);
            if (group != null) {
                events.rolloutStopped(group, failed, others);
            }
        }
    }

    private void holdBack(Rollout rollout) {
        String why = String.valueOf(rollout.failure);
        List<Turn> all = List.copyOf(rollout.waiting.values());
        rollout.waiting.clear();
        for (Turn turn : all) {
            say(turn.worker(), why);
            turn.done().complete(false);
        }
    }

    private static void say(Worker worker, String reason) {
        if (worker.isLive() && !reason.equals(worker.reason)) {
            worker.reason = reason;
            worker.publishView();
        }
    }
}
