package io.millwright.controller.internal.process.linux;

import com.sun.jna.Pointer;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orphans among this JVM's children: it is the reaper of its descendants, so that whoever of a worker's survives its
 * parent is found in one short list and not by a search of all processes. Reaps the dead ones, which nobody else would, and
 * never a child that the JDK, or the backend, waits for. For the leader of the loop, but for {@link #killed}.
 */
final class Adopted {
    private static final Logger LOG = LoggerFactory.getLogger(Adopted.class);
    /** A program just being executed shows no environment; one that goes on like that has none. */
    private static final int PATIENCE = 3;
    /** The JDK waits for its children in threads of their own: what is a zombie for so long is nobody's. */
    private static final long NOBODYS_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final int NOBODYS_LOOKS = 3;

    private final ProcessTable table;
    private final String node;
    private final long ownGroup;
    private final boolean wasReaper;
    private final @Nullable ChildList list;
    private final Map<Long, Child> known = new HashMap<>();
    private final Map<Long, Long> killed = new ConcurrentHashMap<>();
    private boolean works;

    /** What is known of a child that is no worker. */
    private static final class Child {
        final long start;
        boolean ours;
        int unreadable;
        int zombieLooks;
        long zombieSince;

        Child(long start) {
            this.start = start;
        }
    }

    /**
     * What a look found alive.
     *
     * @param complete false if there may be more
     * @param launches launches that have orphans
     * @param groups groups that orphans are in
     */
    record Orphans(boolean complete, Set<String> launches, Set<Long> groups) {
        static final Orphans UNKNOWN = new Orphans(false, Set.of(), Set.of());
    }

    /**
     * Makes this JVM the reaper of its descendants.
     *
     * @param node the nonce of the node
     * @param scratch some bytes of native memory
     */
    Adopted(ProcessTable table, String node, long scratch) throws IOException {
        this.table = table;
        this.node = node;
        this.ownGroup = table.ownGroup();
        long own = ProcessHandle.current().pid();
        // The kernel gives orphans to the first thread that lives, and that is this one as long as it does.
        this.list = firstThreadLives(own) ? open(own) : null;
        boolean was = isReaper(scratch);
        works = list != null && LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
        wasReaper = was || !works;
        if (!works) {
            LOG.info("this system does not list children: orphans of workers are looked for among all processes");
        }
    }

    private static @Nullable ChildList open(long thread) {
        try {
            return new ChildList(thread);
        } catch (IOException e) {
            LOG.debug("no list of children", e);
            return null;
        }
    }

    private static boolean firstThreadLives(long own) {
        try {
            String stat = Files.readString(Path.of("/proc/" + own + "/task/" + own + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReaper(long scratch) {
        Pointer answer = new Pointer(scratch);
        answer.setInt(0, 0);
        return LibC.prctl(LibC.PR_GET_CHILD_SUBREAPER, scratch, 0, 0, 0) == 0 && answer.getInt(0) != 0;
    }

    /** A process of a worker was killed: if it becomes a child of this JVM its zombie may be reaped. Thread-safe. */
    void killed(long pid, long start) {
        killed.put(pid, start);
    }

    /**
     * Looks at all orphans and reaps the dead ones of workers.
     *
     * @param isWorker whether a pid is a main process the backend waits for
     * @param isStarting whether the main process of a launch may be unknown yet
     * @param quiet whether nothing is being started: then what stays a zombie for long is reaped whosever it was
     * @param scratch some bytes of native memory
     */
    Orphans look(LongPredicate isWorker, Predicate<String> isStarting, boolean quiet, long scratch) {
        if (!works || list == null) {
            return Orphans.UNKNOWN;
        }
        if (!isReaper(scratch)) {
            LOG.warn(
                    "this JVM is not the reaper of its descendants any more; orphans are looked for among all processes");
            works = false;
            return Orphans.UNKNOWN;
        }
        Set<String> launches = new HashSet<>();
        Set<Long> groups = new HashSet<>();
        boolean complete = true;
        try {
            List<Long> children = list.read();
            known.keySet().retainAll(new HashSet<>(children));
            for (long pid : children) {
                if (isWorker.test(pid)) {
                    continue;
                }
                ProcessEntry entry = table.find(pid);
                if (entry == null) {
                    continue;
                }
                Child child = child(entry);
                if (entry.zombie()) {
                    if (isOurs(child, entry) || (quiet && isNobodys(child))) {
                        reap(pid, scratch);
                    }
                    continue;
                }
                Tag tag = table.tag(pid);
                if (!tag.readable() && child.unreadable++ < PATIENCE) {
                    complete = false;
                }
                // The second look at the workers is not too late: one that is not starting any more is among them.
                if (isStarting.test(tag.launch()) || isWorker.test(pid)) {
                    continue;
                }
                groups.add(entry.group());
                if (tag.node().equals(node)) {
                    child.ours = true;
                    launches.add(tag.launch());
                }
            }
            killed.keySet().removeIf(pid -> !known.containsKey(pid) && table.startTime(pid) == ProcessTable.UNKNOWN);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot look for orphans of workers: {}", e.toString());
            return Orphans.UNKNOWN;
        }
        return new Orphans(complete, launches, groups);
    }

    private Child child(ProcessEntry entry) {
        Child child = known.get(entry.pid());
        if (child == null || child.start != entry.start()) {
            child = new Child(entry.start());
            known.put(entry.pid(), child);
        }
        return child;
    }

    private boolean isOurs(Child child, ProcessEntry entry) {
        Long start = killed.get(entry.pid());
        // Whoever the JDK or the backend starts is in this JVM's group or leads one of its own.
        boolean isFollower = entry.group() != entry.pid() && entry.group() != ownGroup;
        return isFollower || child.ours || (start != null && start == entry.start());
    }

    private static boolean isNobodys(Child child) {
        long now = System.nanoTime();
        if (child.zombieLooks++ == 0) {
            child.zombieSince = now;
        }
        return child.zombieLooks >= NOBODYS_LOOKS && now - child.zombieSince >= NOBODYS_NANOS;
    }

    private void reap(long pid, long scratch) {
        LibC.waitpid((int) pid, scratch, LibC.WNOHANG);
        known.remove(pid);
        killed.remove(pid);
    }

    /** Lets the JVM be what it was. */
    void close() {
        if (!wasReaper) {
            LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
        }
        if (list != null) {
            list.close();
        }
    }
}
