package io.millwright.controller.internal.process.cgroup;

import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a group: kills what is in it, again and again until the kernel says that nothing is, and takes it away. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LAST_DELAY_MS = 50;

    private final WorkerGroup group;
    private final Path directory;
    private final WorkerGroups groups;
    private final Folders folders;
    private final ScheduledExecutorService timer;
    private final long main;
    private final Consumer<Leftover> found;
    private final ProcessTable table = ProcessTable.ofThisSystem();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final long deadline = System.nanoTime() + LIMIT_NANOS;
    // The timer's thread only.
    private final Set<Long> victims = new HashSet<>();
    private long delay = 1;

    Ending(
            WorkerGroup group,
            WorkerGroups groups,
            Folders folders,
            ScheduledExecutorService timer,
            long main,
            Consumer<Leftover> found) {
        this.group = group;
        this.directory = group.directory();
        this.groups = groups;
        this.folders = folders;
        this.timer = timer;
        this.main = main;
        this.found = found;
    }

    CompletableFuture<Integer> begin() {
        later(0);
        return ended;
    }

    private void later(long millis) {
        try {
            timer.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} stays: the backend is closed", directory);
        }
    }

    private void look() {
        try {
            if (isOver()) {
                ended.complete(victims.size());
                return;
            }
        } catch (IOException | RuntimeException e) {
            if (System.nanoTime() - deadline > 0) {
                fail(String.valueOf(e.getMessage()));
                return;
            }
            LOG.debug("{} is looked at again", directory, e);
        }
        if (!ended.isDone()) {
            later(delay);
            delay = Math.min(2 * delay, LAST_DELAY_MS);
        }
    }

    private boolean isOver() throws IOException {
        if (!Files.isDirectory(directory)) {
            groups.removed(group);
            return true;
        }
        if (!Folders.isPopulated(directory)) {
            group.noteTrouble();
            // The last process may just be leaving: then the system refuses, and a later look does it.
            folders.removeAll(directory);
            groups.removed(group);
            return true;
        }
        List<Long> members = Folders.members(directory);
        for (long pid : members) {
            note(pid);
        }
        if (System.nanoTime() - deadline > 0) {
            fail("still alive " + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS) + " s after SIGKILL: "
                    + members.stream()
                            .map(pid ->
                                    "process " + pid + " (" + table.program(pid) + ", of user " + table.user(pid) + ")")
                            .collect(Collectors.joining(", "))
                    + "; a process stuck in the kernel (state D) cannot be killed from here");
            return false;
        }
        folders.kill(directory);
        return false;
    }

    private void fail(String why) {
        groups.stuck(group);
        ended.completeExceptionally(new IOException(why + " (" + directory + ")"));
    }

    private void note(long pid) throws IOException {
        if (pid != main && victims.add(pid)) {
            ProcessEntry entry = table.find(pid);
            boolean background = entry != null && entry.session() != 0 && entry.session() != main;
            found.accept(new Leftover(pid, table.program(pid), background));
        }
    }
}
