package io.millwright.controller.internal.configured;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a group whose configuration or files have changed restart some at a time, in the order of their numbers; the first
 * that cannot be started holds the others back, which go on as they are. Belongs to the controller loop.
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
    private record Turn(
            Worker worker,
            @Nullable String pid,
            WorkerSpec asked,
            Cause cause,
            String what,
            CompletableFuture<Boolean> done,
            Runnable change) {}

    /** Why an instance takes a turn. */
    private enum Cause {
        CONFIGURATION("its changed configuration waits for its turn"),
        FILES("its restart for changed files waits for its turn");

        final String waits;

        Cause(String waits) {
            this.waits = waits;
        }
    }

    /** How long after a failure an instance that hears of changed files for the first time hears of the same change. */
    private static final Duration SAME_CHANGE = Duration.ofSeconds(5);

    /** One version of a configuration on its way to the instances. */
    private static final class Rollout {
        final String key;
        /** Instances that have not decided yet what the configuration is to them. */
        final Set<String> undecided = new HashSet<>();

        /** By the numbers of the instances; one may wait for both reasons. */
        final TreeMap<Integer, Turn> configurations = new TreeMap<>();

        final TreeMap<Integer, Turn> files = new TreeMap<>();
        /** Those whose turn it is. */
        final Set<Turn> running = new HashSet<>();
        /** Why the others are held back. */
        @Nullable
        String failure;

        /** The instance that could not be restarted with an earlier version, and why the others were held back then. */
        @Nullable
        Worker suspect;

        @Nullable
        String suspicion;

        /** The instances that have heard of changed files since these were changed. */
        final Set<WorkerId> told = new HashSet<>();
        /** Why the others are held back whose files have changed, and since when. */
        @Nullable
        String filesFailure;

        @Nullable
        Moment filesFailed;

        Rollout(String key) {
            this.key = key;
        }

        /** Why others are held back, to a version that comes now: it may come before this one has looked at the suspect. */
        @Nullable
        String suspicionOfNext() {
            boolean unseen = suspect != null && undecided.contains(String.valueOf(suspect.definition.pid));
            return failure == null && unseen ? suspicion : failure;
        }

        TreeMap<Integer, Turn> waiting(Cause cause) {
            return cause == Cause.FILES ? files : configurations;
        }

        /** Takes the turn of the lowest number; that for a changed configuration first, which reads the files too. */
        @Nullable
        Turn first() {
            Integer changed = configurations.isEmpty() ? null : configurations.firstKey();
            Integer read = files.isEmpty() ? null : files.firstKey();
            if (changed == null || read != null && read < changed) {
                return read == null ? null : files.get(read);
            }
            return configurations.get(changed);
        }
    }

    /** A new version of a configuration is on its way to some instances; what an older one still had to do is void. */
    void begin(Configured whole, List<Configured> parts) {
        Rollout next = new Rollout(whole.pid());
        Rollout before = rollouts.put(whole.pid(), next);
        if (before != null) {
            // Files that have changed are to be read whatever the configuration says.
            next.files.putAll(before.files);
            before.files.clear();
            release(before.configurations);
            // Files that were bad are so still.
            next.told.addAll(before.told);
            next.filesFailure = before.filesFailure;
            next.filesFailed = before.filesFailed;
            next.suspect = before.suspect;
            next.suspicion = before.suspicionOfNext();
            // Instances that are in their turn are away for the new version too.
            next.running.addAll(before.running);
        }
        parts.forEach(part -> of(part).undecided.add(part.pid()));
    }

    private Rollout of(Configured part) {
        return rollouts.computeIfAbsent(Configured.whole(part.pid()), Rollout::new);
    }

    /** A configuration is deleted. */
    void forget(String pid) {
        Rollout before = rollouts.remove(pid);
        if (before != null) {
            release(before.configurations);
            release(before.files);
        }
    }

    private static void release(TreeMap<Integer, Turn> waiting) {
        List<Turn> all = List.copyOf(waiting.values());
        waiting.clear();
        all.forEach(turn -> turn.done().complete(true));
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
            if (isStillDown(rollout, part)) {
                rollout.failure = rollout.suspicion;
            }
            loop.execute(() -> next(rollout));
        }
    }

    /** Whether an instance is as bad as before: it waits to be tried again, and this version changes nothing for which it would restart. */
    private static boolean isStillDown(Rollout rollout, String part) {
        Worker suspect = rollout.suspect;
        return suspect != null
                && rollout.suspicion != null
                && part.equals(suspect.definition.pid)
                && suspect.isLive()
                && suspect.state != WorkerState.STARTED;
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
        Turn turn = new Turn(
                worker,
                part.pid(),
                part.spec(),
                Cause.CONFIGURATION,
                "what " + part.source() + " changes",
                done,
                change);
        put(rollout, part.number(), turn);
        rollout.undecided.remove(part.pid());
        loop.execute(() -> next(rollout));
    }

    /**
     * The files of an instance have changed: it is restarted when its turn comes, unless it has been restarted since, for a changed
     * configuration or whatever else.
     *
     * @param done completed with whether it was started
     * @param change does it
     */
    void enterForFiles(Worker worker, Groups.Group group, CompletableFuture<Boolean> done, Runnable change) {
        Rollout rollout = rollouts.computeIfAbsent(key(worker, group.id()), Rollout::new);
        boolean heard = !rollout.told.add(worker.id);
        if (rollout.filesFailed != null && (heard || isLongAgo(rollout.filesFailed))) {
            // It is another change than the one that has failed.
            rollout.filesFailure = null;
            rollout.filesFailed = null;
            rollout.told.clear();
            rollout.told.add(worker.id);
        }
        // What it runs by now may be another run than at the last change.
        put(
                rollout,
                InstanceOptions.number(worker.id),
                new Turn(
                        worker,
                        worker.definition.pid,
                        worker.definition.spec,
                        Cause.FILES,
                        "its changed files",
                        done,
                        change));
        loop.execute(() -> next(rollout));
    }

    /** The turn replaces one of its kind that waits. */
    private static void put(Rollout rollout, int number, Turn turn) {
        Turn before = rollout.waiting(turn.cause()).put(number, turn);
        if (before != null) {
            before.done().complete(true);
        }
    }

    /** Whether an instance waits for its turn. */
    boolean isWaiting(Worker worker, Groups.Group group) {
        Rollout rollout = rollouts.get(key(worker, group.id()));
        int number = InstanceOptions.number(worker.id);
        return rollout != null && (rollout.configurations.containsKey(number) || rollout.files.containsKey(number));
    }

    /** The PID of the configuration of a group; the id of one that a call has started, which is no PID. */
    private static String key(Worker worker, WorkerId group) {
        return worker.definition.pid == null ? group.value() : Configured.whole(worker.definition.pid);
    }

    private boolean isLongAgo(Moment then) {
        return then.until(loop.now()).compareTo(SAME_CHANGE) > 0;
    }

    private void next(Rollout rollout) {
        if (rollout.failure != null) {
            holdBack(rollout, Cause.CONFIGURATION, rollout.failure);
        }
        if (rollout.filesFailure != null) {
            holdBack(rollout, Cause.FILES, rollout.filesFailure);
        }
        while (rollout.undecided.isEmpty()) {
            Turn turn = rollout.first();
            if (turn == null || rollout.running.size() >= InstanceOptions.atOnce(turn.worker().options)) {
                break;
            }
            rollout.waiting(turn.cause()).pollFirstEntry();
            rollout.running.add(turn);
            turn.done().whenComplete((good, fault) -> loop.execute(() -> ended(rollout, turn, fault == null && good)));
            begins(turn);
            turn.change().run();
        }
        rollout.configurations.values().forEach(turn -> say(turn, turn.cause().waits));
        rollout.files.forEach((number, turn) -> {
            if (!rollout.configurations.containsKey(number)) {
                say(turn, turn.cause().waits);
            }
        });
    }

    private void ended(Rollout rollout, Turn turn, boolean good) {
        // What an older version has brought down says nothing of the newer one, which waits for it all the same.
        Rollout now = rollouts.getOrDefault(rollout.key, rollout);
        now.running.remove(turn);
        if (!good && now == rollout && isFailure(turn)) {
            fail(rollout, turn);
        }
        next(now);
    }

    /** Whether an instance has not come up by itself, waits for nothing else, and nobody has stopped or disabled it. */
    private static boolean isFailure(Turn turn) {
        Worker worker = turn.worker();
        return Objects.equals(turn.pid(), worker.definition.pid)
                && !worker.isStopped()
                && !worker.definition.disabled
                && !worker.waitsInOrder();
    }

    private void fail(Rollout rollout, Turn turn) {
        WorkerId failed = turn.worker().id;
        if (turn.cause() == Cause.FILES) {
            rollout.filesFailure = Groups.FILES_HELD_BACK + ", because " + failed + " could not be restarted with them";
            rollout.filesFailed = loop.now();
        } else {
            rollout.suspect = turn.worker();
            rollout.failure = Groups.HELD_BACK + ", because " + failed + " could not be restarted with it";
        }
        List<WorkerId> others = rollout.waiting(turn.cause()).values().stream()
                .map(other -> other.worker().id)
                .toList();
        if (!others.isEmpty()) {
            events.say(
                    Level.ERROR,
                    "worker " + failed + ": could not be restarted with " + turn.what()
                            + "; the other instances go on as they are: " + others);
            Groups.Group group = groups.of(failed);
            if (group != null) {
                events.rolloutStopped(group, failed, others);
            }
        }
    }

    private static void holdBack(Rollout rollout, Cause cause, String why) {
        List<Turn> all = List.copyOf(rollout.waiting(cause).values());
        rollout.waiting(cause).clear();
        for (Turn turn : all) {
            say(turn, why);
            turn.done().complete(false);
        }
    }

    private static void say(Turn turn, String reason) {
        Worker worker = turn.worker();
        if (!worker.isLive()) {
            return;
        }
        if (turn.cause() == Cause.CONFIGURATION) {
            worker.definition.notInForce(turn.asked(), reason);
        } else {
            worker.reason = reason;
        }
        worker.publishView();
    }

    /** A turn waits no more. */
    private static void begins(Turn turn) {
        Worker worker = turn.worker();
        if (turn.cause() == Cause.CONFIGURATION) {
            worker.definition.inForce();
        } else if (turn.cause().waits.equals(worker.reason)) {
            worker.reason = null;
        }
        worker.publishView();
    }
}
