package io.millwright.controller.internal.process.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one pass over the process table found; environments are read once, when first asked for. Not thread-safe. */
final class Snapshot {
    private static final long KERNEL_THREADS = 2;

    private final Marks marks;
    private final Lineage lineage;
    private final Collection<Target> mains;
    private final Set<Long> ownGroups = new HashSet<>();
    private final long since;
    private final Map<Long, List<ProcessEntry>> byGroup = new HashMap<>();
    private final List<ProcessEntry> all;
    private final List<ProcessEntry> alive = new ArrayList<>();
    private @Nullable Map<String, List<ProcessEntry>> byLaunch;
    private boolean unreadable;

    /**
     * Takes the entries of a pass.
     *
     * @param mains the main processes of launches; members of their groups need no mark
     * @param since no process that started earlier is looked at for a tag
     */
    Snapshot(Marks marks, Lineage lineage, List<ProcessEntry> entries, Collection<Target> mains, long since) {
        this.marks = marks;
        this.lineage = lineage;
        this.mains = mains;
        this.all = entries;
        this.since = since;
        for (Target main : mains) {
            if (main.grouped()) {
                ownGroups.add(main.pid());
            }
        }
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

    /** Descendants of a launch by the chain of parents and by their marks; members of its group may be among them. */
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
            if (lineage.launch(entry) != null) {
                continue;
            }
            Tag tag = marks.of(entry.pid());
            if (!tag.readable()) {
                unreadable = true;
            } else if (marks.isOurs(tag)) {
                lineage.add(entry, tag.launch());
            }
        }
        // Children of those that a mark was found in.
        lineage.learn(all, mains);
        for (ProcessEntry entry : alive) {
            String launch = lineage.launch(entry);
            if (launch != null) {
                found.computeIfAbsent(launch, key -> new ArrayList<>(1)).add(entry);
            }
        }
        byLaunch = found;
        return found;
    }
}
