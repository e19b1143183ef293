package io.millwright.controller.internal.process.tree;

import io.millwright.controller.internal.process.Leftover;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kills what a pass finds of one launch, pass after pass, until one finds nothing. For {@link TreeWatch}'s thread. */
final class EndCheck extends TreeWatch.Check {
    /** So often an unreadable environment is taken for a program just being executed; then for an empty one. */
    private static final int PATIENCE = 3;
    /** So often the system may refuse to kill all that is left: a program may just be changing its user. */
    private static final int MOST_REFUSALS = 3;

    private final Target target;
    private final ProcessTable table;
    private final Killer killer;
    private final long ownGroup;
    private final long deadline;
    private final Duration limit;
    private final Consumer<Leftover> found;
    private final CompletableFuture<Integer> ended;
    /** Start times of those that had to be killed, by pid. */
    private final Map<Long, Long> victims = new HashMap<>();

    private final Map<Long, Long> watchdogs = new HashMap<>();

    private int unreadablePasses;
    private int refusedPasses;
    private boolean killedInLastPass;

    EndCheck(
            Target target,
            ProcessTable table,
            Killer killer,
            long ownGroup,
            Duration limit,
            Consumer<Leftover> found,
            CompletableFuture<Integer> ended) {
        this.target = target;
        this.table = table;
        this.killer = killer;
        this.ownGroup = ownGroup;
        this.limit = limit;
        this.deadline = System.nanoTime() + limit.toNanos();
        this.found = found;
        this.ended = ended;
    }

    @Override
    long since() {
        return target.start();
    }

    @Override
    boolean done(Snapshot snapshot) {
        Map<Long, ProcessEntry> left = new LinkedHashMap<>();
        snapshot.group(target).forEach(entry -> left.put(entry.pid(), entry));
        boolean group = left.values().stream().anyMatch(entry -> entry.group() == target.pid());
        for (ProcessEntry entry : snapshot.fled(target)) {
            if (entry.pid() != target.pid() && !isWatchdog(entry)) {
                left.put(entry.pid(), entry);
            }
        }
        if (left.isEmpty()) {
            if (snapshot.hasUnreadable() && unreadablePasses++ < PATIENCE) {
                return false;
            }
            if (killedInLastPass) {
                // A process that died while this pass was made may have forked meanwhile, behind its back.
                killedInLastPass = false;
                return false;
            }
            return ended.complete(victims.size());
        }
        left.values().forEach(this::note);
        if (System.nanoTime() - deadline > 0) {
            return fail(left.values(), "still alive " + limit.toSeconds() + " s after SIGKILL");
        }
        killedInLastPass = true;
        if (group && target.pid() > 1 && target.pid() != ownGroup) {
            killer.killGroup(target.pid());
        }
        boolean refused = true;
        for (ProcessEntry entry : left.values()) {
            refused &= !killer.kill(entry.pid(), entry.start());
        }
        refusedPasses = refused ? refusedPasses + 1 : 0;
        return refusedPasses >= MOST_REFUSALS && fail(left.values(), "the system refuses to kill");
    }

    /** The watchdog of a worker that is a node itself: what it ends may be known to nobody else. */
    private boolean isWatchdog(ProcessEntry entry) {
        if (Objects.equals(victims.get(entry.pid()), entry.start())) {
            return false;
        }
        return Objects.equals(watchdogs.get(entry.pid()), entry.start())
                || (table.tag(entry.pid()).isWatchdog() && watchdogs.put(entry.pid(), entry.start()) == null);
    }

    private void note(ProcessEntry entry) {
        if (entry.pid() != target.pid() && !Objects.equals(victims.put(entry.pid(), entry.start()), entry.start())) {
            boolean background = entry.session() != 0 && entry.session() != target.pid();
            found.accept(new Leftover(entry.pid(), table.program(entry.pid()), background));
        }
    }

    private boolean fail(Collection<ProcessEntry> left, String how) {
        String names = left.stream()
                .map(entry -> "process " + entry.pid() + " (" + table.program(entry.pid()) + ", of user "
                        + table.user(entry.pid()) + ")")
                .collect(Collectors.joining(", "));
        return ended.completeExceptionally(new IOException(how + ": " + names
                + "; a process stuck in the kernel (state D) or of another user cannot be killed from here"));
    }

    @Override
    boolean givesUp(@Nullable Throwable why) {
        return System.nanoTime() - deadline > 0
                && ended.completeExceptionally(new IOException(
                        "cannot tell whether everything has ended: " + (why == null ? "" : why.getMessage()), why));
    }
}
