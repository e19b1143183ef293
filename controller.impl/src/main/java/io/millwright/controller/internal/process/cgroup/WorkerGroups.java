package io.millwright.controller.internal.process.cgroup;

import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Enclosures;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a group for each run that asks for one: {@code OWN/millwright-NUMBER/WORKER.N}, where OWN is the group the node was started in
 * and the number is this life's. Where limits are asked for and OWN is not the root, the node and its children first move to {@code
 * OWN/millwright-node}, for the kernel lets no process be where groups with limits are. Nothing is looked at before the first one is
 * made. Thread-safe; every method blocks for files.
 */
public final class WorkerGroups implements Enclosures {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerGroups.class);
    private static final int MOVES = 5;

    private final Hierarchy hierarchy;
    private final Path runDirectory;
    private final Folders folders;
    private final Set<WorkerGroup> stuck = new HashSet<>();
    private final Set<WorkerGroup> alive = new HashSet<>();
    private @Nullable Path holder;
    private int number;

    /**
     * Makes none yet.
     *
     * @param runDirectory the node's run directory, where it notes what it makes
     */
    public WorkerGroups(Path runDirectory) {
        this(Hierarchy.ofThisProcess(), runDirectory, new Folders());
    }

    WorkerGroups(Hierarchy hierarchy, Path runDirectory, Folders folders) {
        this.hierarchy = hierarchy;
        this.runDirectory = runDirectory;
        this.folders = folders;
    }

    @Override
    public synchronized Enclosure make(String worker, Map<String, List<String>> limits) throws IOException {
        Path home = holder();
        number++;
        WorkerGroup group = new WorkerGroup(home.resolve(worker + "." + number), this, folders);
        alive.add(group);
        try {
            enable(limits.keySet());
            folders.make(group.directory());
            group.limit(limits);
            return group;
        } catch (IOException | RuntimeException e) {
            group.discard();
            throw e;
        }
    }

    private Path holder() throws IOException {
        Path there = holder;
        if (there != null) {
            return there;
        }
        Path fresh = hierarchy.own().resolve(String.format("millwright-%016x", new SecureRandom().nextLong()));
        List<Path> noted = new ArrayList<>(LeftGroups.read(runDirectory));
        noted.add(fresh);
        // First: what is not noted would be nobody's after a crash.
        LeftGroups.write(runDirectory, noted);
        try {
            folders.make(fresh);
        } catch (IOException e) {
            noted.remove(fresh);
            LeftGroups.write(runDirectory, noted);
            throw new IOException("the group " + fresh + " could not be made: " + Folders.reason(e), e);
        }
        holder = fresh;
        return fresh;
    }

    /** Has the kernel offer limits in the groups of workers. */
    synchronized void enable(Collection<String> files) throws IOException {
        Path home = holder;
        Path own = home == null ? null : home.getParent();
        Set<String> controllers = controllers(files);
        if (controllers.isEmpty() || home == null || own == null) {
            return;
        }
        String problem = hierarchy.problem(controllers);
        if (problem != null) {
            throw new IOException(problem);
        }
        // The root of all has no such file, and may have processes.
        if (Files.exists(own.resolve("cgroup.events")) && isNew(own, controllers)) {
            offerBesideTheNode(own, controllers);
        }
        offer(own, controllers);
        offer(home, controllers);
    }

    /** The controllers that files belong to. */
    public static Set<String> controllers(Collection<String> files) {
        return files.stream()
                .map(file -> file.substring(0, file.indexOf('.')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isNew(Path group, Set<String> controllers) {
        return !Hierarchy.words(group.resolve("cgroup.subtree_control")).containsAll(controllers);
    }

    private void offer(Path group, Set<String> controllers) throws IOException {
        if (isNew(group, controllers)) {
            folders.write(
                    group.resolve("cgroup.subtree_control"),
                    controllers.stream().map(each -> "+" + each).collect(Collectors.joining(" ")));
        }
    }

    private void offerBesideTheNode(Path own, Set<String> controllers) throws IOException {
        Path leaf = own.resolve(Hierarchy.LEAF);
        try {
            folders.make(leaf);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is there", leaf);
        }
        IOException refused = null;
        // What a process that is on its way forks stays behind: once more.
        for (int i = 0; i < MOVES; i++) {
            moveFamily(own, leaf);
            try {
                offer(own, controllers);
                LOG.info("the node has moved to {}, for workers have limits in {}", leaf, own);
                return;
            } catch (IOException e) {
                refused = e;
            }
        }
        String others = otherMembers(own);
        throw new IOException(
                others.isEmpty() || refused == null
                        ? "limits cannot be had: " + (refused == null ? own : refused.getMessage())
                        : "limits cannot be had in " + own + ": processes that are not the node's are in it too ("
                                + others + "); run the node in a group of its own: with systemd by a unit with"
                                + " Delegate=yes",
                refused);
    }

    /** Moves this JVM and what descends from it, and nothing else. */
    private void moveFamily(Path own, Path leaf) throws IOException {
        Set<Long> family = family();
        for (long pid : Folders.direct(own)) {
            if (family.contains(pid)) {
                try {
                    folders.write(leaf.resolve("cgroup.procs"), Long.toString(pid));
                } catch (IOException e) {
                    if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                        throw e;
                    }
                }
            }
        }
    }

    private static Set<Long> family() {
        Set<Long> family =
                ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
        family.add(ProcessHandle.current().pid());
        return family;
    }

    private static String otherMembers(Path own) throws IOException {
        Set<Long> family = family();
        return Folders.direct(own).stream()
                .filter(pid -> !family.contains(pid))
                .map(pid -> Long.toString(pid))
                .collect(Collectors.joining(", "));
    }

    /** A group is gone; with the last of them what held them goes. */
    synchronized void removed(WorkerGroup group) {
        stuck.remove(group);
        Path home = holder;
        if (!alive.remove(group) || !alive.isEmpty() || home == null) {
            return;
        }
        try {
            folders.removeAll(home);
            holder = null;
            List<Path> noted = new ArrayList<>(LeftGroups.read(runDirectory));
            noted.remove(home);
            LeftGroups.write(runDirectory, noted);
        } catch (IOException e) {
            LOG.debug("{} stays for now", home, e);
        }
    }

    /** A group cannot be emptied. */
    synchronized void stuck(WorkerGroup group) {
        stuck.add(group);
    }

    @Override
    public synchronized List<Path> left() {
        List<Path> left = new ArrayList<>();
        try {
            left.addAll(LeftGroups.read(runDirectory));
        } catch (IOException e) {
            LOG.debug("it cannot be told what groups are left", e);
        }
        left.remove(holder);
        stuck.forEach(group -> left.add(group.directory()));
        return left;
    }
}
