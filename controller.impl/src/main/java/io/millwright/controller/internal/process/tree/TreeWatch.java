package io.millwright.controller.internal.process.tree;

import io.millwright.controller.internal.process.Leftover;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches and ends what belongs to launches, for a backend. All who wait share one pass over the process table, made by one
 * thread, and there are passes only while somebody waits. Thread-safe; nothing blocks.
 */
public final class TreeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TreeWatch.class);
    private static final long FIRST_DELAY_MS = 2;
    private static final long LAST_DELAY_MS = 200;
    private static final long QUIET_MS = 500;
    /** A look at the descendants of one takes as long as one at so many processes of the table. */
    private static final int DEAR = 4;

    private final ProcessTable table;
    private final Marks marks;
    private final Lineage lineage = new Lineage();
    private final Killer killer;
    private final ScheduledExecutorService timer;
    private final long ownGroup;
    private final Duration endLimit;

    private final Map<Long, Target> targets = new ConcurrentHashMap<>();
    private final Queue<Check> incoming = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean passQueued = new AtomicBoolean();
    private final AtomicBoolean rememberQueued = new AtomicBoolean();
    private volatile long lastLaunch;
    // Both used by the timer's thread only.
    private final List<Check> active = new ArrayList<>();
    private @Nullable Future<?> later;
    private boolean blind;
    /** How many processes besides those of targets were seen last. */
    private int others = 100;

    /**
     * Makes one.
     *
     * @param table where to look
     * @param node the nonce in {@link Tag#NODE} of this node's launches
     * @param killer how to kill
     * @param timer a single thread; not ended by this object
     * @param endLimit how long killed processes may take to be gone
     * @throws IOException if the process table cannot be read
     */
    public TreeWatch(ProcessTable table, String node, Killer killer, ScheduledExecutorService timer, Duration endLimit)
            throws IOException {
        this.table = table;
        this.marks = new Marks(table, node);
        this.killer = killer;
        this.timer = timer;
        this.endLimit = endLimit;
        this.ownGroup = table.ownGroup();
    }

    /**
     * A launch has begun: from now on members of its group are not looked at as possible fugitives of others.
     *
     * @param target the process
     */
    public void add(Target target) {
        targets.put(target.pid(), target);
        lastLaunch = System.nanoTime();
        rememberSoon();
    }

    /**
     * A launch's group is gone.
     *
     * @param target the process
     */
    public void remove(Target target) {
        targets.remove(target.pid(), target);
    }

    /**
     * Waits until no process but zombies is left in a group.
     *
     * @param target the process, which has ended
     * @return completed when that is so; never exceptionally
     */
    public CompletableFuture<Void> groupGone(Target target) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        submit(new Check() {
            @Override
            boolean done(Snapshot snapshot) {
                return snapshot.group(target).isEmpty() && gone.complete(null);
            }
        });
        return gone;
    }

    /**
     * Looks once.
     *
     * @param target the process
     * @return whether the process or anybody in its group is alive
     */
    public CompletableFuture<Boolean> anybodyThere(Target target) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        submit(new Check() {
            @Override
            boolean done(Snapshot snapshot) {
                return answer.complete(!snapshot.group(target).isEmpty());
            }
        });
        return answer;
    }

    /**
     * Notes who descends from a process at this moment. Called before it is signalled: when it is gone, its descendants are
     * children of somebody else, and may bear no mark.
     *
     * @param target the process
     * @return completed when that is noted, or cannot be; never exceptionally
     */
    public CompletableFuture<Void> remember(Target target) {
        return remember(new Remember(target));
    }

    private CompletableFuture<Void> remember(Remember check) {
        CompletableFuture<Void> noted = check.noted;
        if (!submit(check)) {
            noted.complete(null);
        }
        return noted;
    }

    /**
     * What is known of descendants.
     *
     * @return for any thread
     */
    public Lineage lineage() {
        return lineage;
    }

    /**
     * Kills the process, its group and its fled descendants.
     *
     * @param target the process
     * @param found told once of each that has to be killed beside the main process
     * @return how many had to be killed beside the main process, when all are gone; exceptionally if some outlive the limit
     */
    public CompletableFuture<Integer> endTree(Target target, Consumer<Leftover> found) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        submit(new EndCheck(target, table, killer, ownGroup, endLimit, found, ended));
        return ended;
    }

    /** Learns of descendants, before they lose their parents, once no launch has come for a while. */
    private void rememberSoon() {
        if (rememberQueued.compareAndSet(false, true)) {
            try {
                timer.schedule(this::rememberIfQuiet, QUIET_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("not watching any more: the backend is closed");
            }
        }
    }

    private void rememberIfQuiet() {
        rememberQueued.set(false);
        if (System.nanoTime() - lastLaunch < TimeUnit.MILLISECONDS.toNanos(QUIET_MS)) {
            rememberSoon();
        } else {
            var ignored = remember(new Remember(null));
        }
    }

    private boolean submit(Check check) {
        incoming.add(check);
        if (passQueued.compareAndSet(false, true)) {
            try {
                timer.execute(this::pass);
            } catch (RejectedExecutionException e) {
                LOG.debug("not watching any more: the backend is closed");
                return false;
            }
        }
        return true;
    }

    private void pass() {
        // A caller that comes after this line gets a pass of its own: the snapshot must be younger than the question.
        passQueued.set(false);
        if (later != null) {
            later.cancel(false);
            later = null;
        }
        for (Check check = incoming.poll(); check != null; check = incoming.poll()) {
            active.add(check);
        }
        if (active.isEmpty()) {
            return;
        }
        long wait = LAST_DELAY_MS;
        try {
            if (active.stream().allMatch(Remember.class::isInstance)) {
                if (active.size() > others / DEAR || !rememberEach()) {
                    Map<Long, Target> mains = Map.copyOf(targets);
                    List<ProcessEntry> entries = table.list(mains.keySet());
                    others = entries.size();
                    lineage.learn(entries, mains.values());
                }
                active.removeIf(check -> check.givesUp(null));
            } else {
                Snapshot snapshot = snapshot();
                active.removeIf(check -> check.done(snapshot));
            }
            for (Check check : active) {
                wait = Math.min(wait, check.nextDelay());
            }
            if (blind) {
                blind = false;
                LOG.info("processes of ended workers can be looked for again");
            }
        } catch (IOException | RuntimeException | Error e) {
            // At the limit of open files a class may not be found either.
            if (!blind) {
                blind = true;
                LOG.warn(
                        "cannot look for processes of ended workers, trying again until it goes well: {}",
                        e.toString());
            }
            active.removeIf(check -> check.givesUp(e));
        }
        if (!active.isEmpty() && !timer.isShutdown()) {
            later = timer.schedule(this::pass, wait, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Notes the descendants of those alone that wait for it, each of which goes on at once: most have none, and a machine may have
     * thousands of processes.
     *
     * @return false if one wants to know those of all, or the system does not tell
     */
    private boolean rememberEach() throws IOException {
        Map<String, Map<Long, Long>> known = lineage.all();
        for (Check check : active) {
            Target target = ((Remember) check).of;
            if (target == null || target.start() == ProcessTable.UNKNOWN) {
                return false;
            }
            // Of what has lost its parent already, too.
            Map<Long, Long> roots = new HashMap<>(known.getOrDefault(target.launch(), Map.of()));
            roots.put(target.pid(), target.start());
            for (Map.Entry<Long, Long> root : roots.entrySet()) {
                List<ProcessEntry> found = table.descendants(root.getKey(), root.getValue());
                if (found == null) {
                    return false;
                }
                lineage.learn(found, target.launch());
            }
            check.givesUp(null);
        }
        return true;
    }

    private Snapshot snapshot() throws IOException {
        List<Target> mains = List.copyOf(targets.values());
        long since = Long.MAX_VALUE;
        for (Check check : active) {
            since = Math.min(since, check.since());
        }
        List<ProcessEntry> entries = table.list();
        lineage.learn(entries, mains);
        return new Snapshot(marks, lineage, entries, mains, since);
    }

    /** Is content with any pass. */
    private static final class Remember extends Check {
        /** Whose descendants; {@code null} for those of all. */
        private final @Nullable Target of;

        private final CompletableFuture<Void> noted = new CompletableFuture<>();

        Remember(@Nullable Target of) {
            this.of = of;
        }

        @Override
        boolean done(Snapshot snapshot) {
            return noted.complete(null);
        }

        @Override
        boolean givesUp(@Nullable Throwable why) {
            return noted.complete(null);
        }
    }

    /** A question that is asked of every pass until it has its answer. Used by the timer's thread only. */
    abstract static class Check {
        private long delay = FIRST_DELAY_MS;

        /** Whether it is answered. */
        abstract boolean done(Snapshot snapshot);

        /** The start time from which on it wants to know tags. */
        long since() {
            return Long.MAX_VALUE;
        }

        /** Whether it stops waiting although no pass can be made. */
        boolean givesUp(@Nullable Throwable why) {
            return false;
        }

        private long nextDelay() {
            long next = delay;
            delay = Math.min(delay * 2, LAST_DELAY_MS);
            return next;
        }
    }
}
