package io.millwright.controller.internal.process.linux;

import com.sun.jna.Pointer;
import io.millwright.controller.internal.process.linux.Origins.Origin;
import io.millwright.controller.internal.process.tree.Lineage;
import io.millwright.controller.internal.process.tree.Marks;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orphans among this JVM's children: it is the reaper of its descendants, so that a worker's descendant that survives its
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
    private final Launches launches;
    private final Lineage lineage;
    private final Origins origins;
    private final Consumer<ProcessEntry> unmarked;
    private final long ownGroup;
    private final boolean wasReaper;
    private final @Nullable ChildList list;
    private final Map<Long, Child> known = new HashMap<>();
    private final Map<Long, Long> killed = new ConcurrentHashMap<>();
    private volatile boolean works;

    /** What is known of a child that is no worker. */
    private static final class Child {
        final long start;

        @Nullable
        Origin origin;

        int unreadable;
        int zombieLooks;
        long zombieSince;

        Child(long start) {
            this.start = start;
        }
    }

    /** The launches of the backend, as they are at the moment of the question. */
    interface Launches {
        /** Whether a child is somebody's to wait for: a main process, or the watchdog. */
        boolean isAwaited(long pid);

        /** Whether the main process of a launch may be unknown yet. */
        boolean isStarting(String launch);

        /** Whether the main process of a launch has not ended. */
        boolean isRunning(String launch);

        /** Launches whose end is not complete, by number. */
        Map<String, LinuxProcess> unended();
    }

    /**
     * A child that may come from several launches. Immutable.
     *
     * @param pid the child
     * @param launches those that run still; it is ended with the last of them
     */
    record Stray(long pid, Set<String> launches) {}

    /**
     * What a look found alive.
     *
     * @param complete false if there may be more
     * @param launches launches that have orphans
     * @param groups groups that orphans are in
     * @param late launches that have orphans although their end was complete
     * @param strays orphans of which it is not certain whose they are
     */
    record Orphans(boolean complete, Set<String> launches, Set<Long> groups, Set<String> late, List<Stray> strays) {
        static final Orphans UNKNOWN = new Orphans(false, Set.of(), Set.of(), Set.of(), List.of());
    }

    /**
     * Makes this JVM the reaper of its descendants.
     *
     * @param launches the launches of the backend
     * @param marks of the node
     * @param lineage what is known of descendants
     * @param unmarked told of each orphan that bears no mark
     * @param scratch some bytes of native memory
     */
    Adopted(
            ProcessTable table,
            Launches launches,
            Marks marks,
            Lineage lineage,
            Consumer<ProcessEntry> unmarked,
            long scratch)
            throws IOException {
        this.table = table;
        this.launches = launches;
        this.lineage = lineage;
        this.unmarked = unmarked;
        long own = ProcessHandle.current().pid();
        ProcessEntry self = table.find(own);
        this.ownGroup = table.ownGroup();
        this.origins = new Origins(marks, lineage, self == null ? 0 : self.session());
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

    /** Whether orphans become children of this JVM. */
    boolean works() {
        return works;
    }

    /** A process of a worker was killed: if it becomes a child of this JVM its zombie may be reaped. Thread-safe. */
    void killed(long pid, long start) {
        killed.put(pid, start);
    }

    /**
     * Looks at all orphans and reaps the dead ones of workers.
     *
     * @param quiet whether nothing is being started: then what stays a zombie for long is reaped whosever it was
     * @param scratch some bytes of native memory
     */
    Orphans look(boolean quiet, long scratch) {
        if (!works || list == null) {
            return Orphans.UNKNOWN;
        }
        if (!isReaper(scratch)) {
            LOG.warn(
                    "this JVM is not the reaper of its descendants any more; orphans are looked for among all processes");
            works = false;
            return Orphans.UNKNOWN;
        }
        Look look = new Look();
        try {
            List<Long> children = list.read();
            known.keySet().retainAll(new HashSet<>(children));
            origins.begin(launches.unended().values());
            for (long pid : children) {
                ProcessEntry entry = launches.isAwaited(pid) ? null : table.find(pid);
                if (entry == null) {
                    continue;
                }
                Child child = child(entry);
                if (!entry.zombie()) {
                    look.alive(entry, child);
                } else if (isOurs(child, entry) || (quiet && isNobodys(child))) {
                    reap(pid, scratch);
                }
            }
            killed.keySet().removeIf(pid -> !known.containsKey(pid) && table.startTime(pid) == ProcessTable.UNKNOWN);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot look for orphans of workers: {}", e.toString());
            return Orphans.UNKNOWN;
        }
        return look.orphans();
    }

    /**
     * Reaps the dead orphans of workers, and looks at nothing else: whose the others are is better asked when they have become what
     * they want to be.
     *
     * @param scratch some bytes of native memory
     */
    void reapDead(long scratch) {
        if (!works || list == null) {
            return;
        }
        try {
            for (long pid : list.read()) {
                ProcessEntry entry = launches.isAwaited(pid) ? null : table.find(pid);
                if (entry != null && entry.zombie()) {
                    Child child = known.get(pid);
                    if (isOurs(
                            child != null && child.start == entry.start() ? child : new Child(entry.start()), entry)) {
                        reap(pid, scratch);
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("no list of children", e);
        }
    }

    /** One look, in the making. */
    private final class Look {
        private final Set<String> found = new HashSet<>();
        private final Set<String> late = new HashSet<>();
        private final Set<Long> groups = new HashSet<>();
        private final List<Stray> strays = new ArrayList<>();
        private boolean complete = true;

        void alive(ProcessEntry entry, Child child) {
            Origin origin = child.origin;
            if (origin == null) {
                origin = origins.of(entry);
                if (!origin.complete() && child.unreadable++ < PATIENCE) {
                    complete = false;
                    groups.add(entry.group());
                    return;
                }
                String launch = origin.launch();
                // The second look is not too late: one that is not starting any more is among those awaited.
                if ((launch != null && launches.isStarting(launch)) || launches.isAwaited(entry.pid())) {
                    return;
                }
                child.origin = origin;
                if (!origin.marked() && !origin.candidates().isEmpty()) {
                    unmarked.accept(entry);
                }
            }
            groups.add(entry.group());
            if (!origin.candidates().isEmpty()) {
                attribute(entry, child, origin);
            }
        }

        private void attribute(ProcessEntry entry, Child child, Origin origin) {
            String launch = origin.launch();
            if (launch == null) {
                Set<String> rest = origin.candidates().stream()
                        .filter(launches::isRunning)
                        .collect(Collectors.toUnmodifiableSet());
                if (!rest.isEmpty()) {
                    strays.add(new Stray(entry.pid(), rest));
                    return;
                }
                // The last that it may come from has ended, and it goes with it.
                launch = origin.candidates().stream()
                        .max(Comparator.comparing(
                                (String each) -> launches.unended().containsKey(each)))
                        .orElseThrow();
                child.origin = Origin.certain(launch);
            }
            lineage.add(entry, launch);
            if (launches.unended().containsKey(launch)) {
                found.add(launch);
            } else {
                late.add(launch);
            }
        }

        Orphans orphans() {
            return new Orphans(complete, found, groups, late, strays);
        }
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
        // A process that the JDK or the backend starts is in this JVM's group or leads one of its own.
        boolean isFollower = entry.group() != entry.pid() && entry.group() != ownGroup;
        Origin origin = child.origin;
        return isFollower
                || (origin != null && !origin.candidates().isEmpty())
                || (start != null && start == entry.start())
                || isMarked(entry.pid());
    }

    /** Whether it has a worker's mark and is no main process, which others wait for, even if it has only just been made. */
    private boolean isMarked(long pid) {
        String launch = origins.marked(pid);
        // One that is not starting any more is among those awaited.
        return !launch.isEmpty() && !launches.isStarting(launch) && !launches.isAwaited(pid);
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
