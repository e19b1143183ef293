package io.millwright.controller.internal.process.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one pass over the process table found; environments are read once, when first asked for. Not thread-safe. */
final class Snapshot {
    private static final long KERNEL_THREADS = 2;

    private final ProcessTable table;
    private final String node;
    private final Set<Long> ownGroups;
    private final long since;
    private final Map<Long, List<ProcessEntry>> byGroup = new HashMap<>();
    private final List<ProcessEntry> alive = new ArrayList<>();
    private @Nullable Map<String, List<ProcessEntry>> byLaunch;
    private boolean unreadable;

    /**
     * Takes the entries of a pass.
     *
     * @param ownGroups groups of launches, whose members cannot have fled
     * @param since no process that started earlier is looked at for a tag
     */
    Snapshot(ProcessTable table, String node, List<ProcessEntry> entries, Set<Long> ownGroups, long since) {
        this.table = table;
        this.node = node;
        this.ownGroups = ownGroups;
        this.since = since;
        for (ProcessEntry entry : entries) {
            if (!entry.zombie()) {
                alive.add(entry);
                byGroup.computeIfAbsent(entry.group(), group -> new ArrayList<>(1))
                        .add(entry);
            }
        }
    }

    /** The main process and the members of its group that live. */
    List<ProcessEntry> group(Target target) {
        List<ProcessEntry> members = new ArrayList<>();
        if (target.grouped()) {
            members.addAll(byGroup.getOrDefault(target.pid(), List.of()));
        }
        if (members.stream().noneMatch(member -> member.pid() == target.pid())) {
            // Before its setsid has run the process is in this JVM's group.
            for (ProcessEntry entry : alive) {
                if (entry.pid() == target.pid() && entry.start() == target.start()) {
                    members.add(entry);
                }
            }
        }
        return members;
    }

    /** Descendants of a launch that are in no group of a launch. */
    List<ProcessEntry> fled(Target target) {
        return tagged().getOrDefault(target.launch(), List.of());
    }

    /** Whether there are processes whose tag could not be told this time. */
    boolean hasUnreadable() {
        tagged();
        return unreadable;
    }

    private Map<String, List<ProcessEntry>> tagged() {
        Map<String, List<ProcessEntry>> found = byLaunch;
        if (found != null) {
            return found;
        }
        found = new HashMap<>();
        long own = ProcessHandle.current().pid();
        for (ProcessEntry entry : alive) {
            if (entry.start() < since
                    || ownGroups.contains(entry.group())
                    || entry.pid() == own
                    || entry.pid() == KERNEL_THREADS
                    || entry.parent() == KERNEL_THREADS) {
                continue;
            }
            Tag tag = table.tag(entry.pid());
            if (!tag.readable()) {
                unreadable = true;
            } else if (tag.node().equals(node)) {
                found.computeIfAbsent(tag.launch(), launch -> new ArrayList<>(1))
                        .add(entry);
            }
        }
        byLaunch = found;
        return found;
    }
}
