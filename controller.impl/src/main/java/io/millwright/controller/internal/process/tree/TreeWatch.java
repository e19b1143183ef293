package io.millwright.controller.internal.process.tree;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final ProcessTable table;
    private final String node;
    private final Killer killer;
    private final ScheduledExecutorService timer;
    private final long ownGroup;
    private final Duration endLimit;

    private final Map<Long, Target> targets = new ConcurrentHashMap<>();
    private final Queue<Check> incoming = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean passQueued = new AtomicBoolean();
    // Both used by the timer's thread only.
    private final List<Check> active = new ArrayList<>();
    private @Nullable Future<?> later;

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
        this.node = node;
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
     * Kills the process, its group and its fled descendants.
     *
     * @param target the process
     * @return how many had to be killed beside the main process, when all are gone; exceptionally if some outlive the limit
     */
    public CompletableFuture<Integer> endTree(Target target) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        submit(new EndCheck(target, killer, ownGroup, endLimit, ended));
        return ended;
    }

    private void submit(Check check) {
        incoming.add(check);
        if (passQueued.compareAndSet(false, true)) {
            try {
                timer.execute(this::pass);
            } catch (RejectedExecutionException e) {
                LOG.debug("not watching any more: the backend is closed");
            }
        }
    }

    private void pass() {
        // Whoever comes after this line gets a pass of its own: the snapshot must be younger than the question.
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
            Snapshot snapshot = snapshot();
            active.removeIf(check -> check.done(snapshot));
            for (Check check : active) {
                wait = Math.min(wait, check.nextDelay());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot look for processes of ended workers, trying again: {}", e.toString());
            active.removeIf(check -> check.givesUp(e));
        }
        if (!active.isEmpty() && !timer.isShutdown()) {
            later = timer.schedule(this::pass, wait, TimeUnit.MILLISECONDS);
        }
    }

    private Snapshot snapshot() throws IOException {
        Set<Long> groups = new HashSet<>();
        for (Target target : targets.values()) {
            if (target.grouped()) {
                groups.add(target.pid());
            }
        }
        long since = Long.MAX_VALUE;
        for (Check check : active) {
            since = Math.min(since, check.since());
        }
        return new Snapshot(table, node, table.list(), groups, since);
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
        boolean givesUp(Exception why) {
            return false;
        }

        private long nextDelay() {
            long next = delay;
            delay = Math.min(delay * 2, LAST_DELAY_MS);
            return next;
        }
    }
}
