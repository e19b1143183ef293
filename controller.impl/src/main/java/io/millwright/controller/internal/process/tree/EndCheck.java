package io.millwright.controller.internal.process.tree;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Kills what a pass finds of one launch, pass after pass, until one finds nothing. For {@link TreeWatch}'s thread. */
final class EndCheck extends TreeWatch.Check {
    /** So often an unreadable environment is taken for a program just being executed; then for an empty one. */
    private static final int PATIENCE = 3;

    private final Target target;
    private final Killer killer;
    private final long ownGroup;
    private final long deadline;
    private final Duration limit;
    private final CompletableFuture<Integer> ended;
    private final Set<ProcessEntry> victims = new HashSet<>();
    private int unreadablePasses;
    private boolean killedInLastPass;

    EndCheck(Target target, Killer killer, long ownGroup, Duration limit, CompletableFuture<Integer> ended) {
        this.target = target;
        this.killer = killer;
        this.ownGroup = ownGroup;
        this.limit = limit;
        this.deadline = System.nanoTime() + limit.toNanos();
        this.ended = ended;
    }

    @Override
    long since() {
        return target.start();
    }

    @Override
    boolean done(Snapshot snapshot) {
        List<ProcessEntry> left = new ArrayList<>(snapshot.group(target));
        boolean group = left.stream().anyMatch(entry -> entry.group() == target.pid());
        left.addAll(snapshot.fled(target).stream()
                .filter(entry -> entry.pid() != target.pid())
                .toList());
        if (left.isEmpty()) {
            if (snapshot.hasUnreadable() && unreadablePasses++ < PATIENCE) {
                return false;
            }
            if (killedInLastPass) {
                // Whoever died while this pass was made may have forked meanwhile, behind its back.
                killedInLastPass = false;
                return false;
            }
            return ended.complete(victims.size());
        }
        for (ProcessEntry entry : left) {
            if (entry.pid() != target.pid()) {
                // By identity, without what may change between passes.
                victims.add(new ProcessEntry(entry.pid(), 0, 0, entry.start(), false));
            }
        }
        if (System.nanoTime() - deadline > 0) {
            String names =
                    left.stream().map(entry -> Long.toString(entry.pid())).collect(Collectors.joining(", "));
            return ended.completeExceptionally(new IOException("still alive " + limit.toSeconds()
                    + " s after SIGKILL: process " + names + "; a process stuck in the kernel (state D) or of another"
                    + " user cannot be killed from here"));
        }
        killedInLastPass = true;
        if (group && target.pid() > 1 && target.pid() != ownGroup) {
            killer.killGroup(target.pid());
        }
        for (ProcessEntry entry : left) {
            killer.kill(entry.pid(), entry.start());
        }
        return false;
    }

    @Override
    boolean givesUp(Exception why) {
        return System.nanoTime() - deadline > 0
                && ended.completeExceptionally(
                        new IOException("cannot tell whether everything has ended: " + why.getMessage(), why));
    }
}
