package io.millwright.controller.internal.process.tree;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which processes descend from which launch, as the chain of parents showed it while the parents lived. A process that was seen
 * once stays known by its pid and start time when its parents are gone, whatever session, group, environment and user it has by
 * then. Thread-safe.
 */
public final class Lineage {
    private record Known(long start, String launch) {}

    private Map<Long, Known> known = new HashMap<>();

    /**
     * Learns from a pass over the process table, and forgets what is not in it.
     *
     * @param entries all processes; main processes may be missing
     * @param mains the main processes of launches that have not ended
     */
    public synchronized void learn(List<ProcessEntry> entries, Collection<Target> mains) {
        Map<Long, Known> launches = new HashMap<>();
        for (Target main : mains) {
            if (main.start() != ProcessTable.UNKNOWN) {
                launches.put(main.pid(), new Known(main.start(), main.launch()));
            }
        }
        Map<Long, ProcessEntry> byPid = new HashMap<>(entries.size() * 2);
        for (ProcessEntry entry : entries) {
            byPid.put(entry.pid(), entry);
        }
        Map<Long, Known> next = new HashMap<>();
        Map<Long, String> answers = new HashMap<>();
        for (ProcessEntry entry : entries) {
            String launch = entry.zombie() ? "" : launch(entry, byPid, launches, answers);
            if (!launch.isEmpty()) {
                next.put(entry.pid(), new Known(entry.start(), launch));
            }
        }
        known = next;
    }

    /** Climbs from a process to its ancestors until one is known. */
    private String launch(
            ProcessEntry entry, Map<Long, ProcessEntry> byPid, Map<Long, Known> mains, Map<Long, String> answers) {
        String answer = answers.get(entry.pid());
        if (answer != null) {
            return answer;
        }
        // Against a chain that is a ring, as one of two moments can be.
        answers.put(entry.pid(), "");
        Known self = known.get(entry.pid());
        Known main = mains.get(entry.parent());
        ProcessEntry parent = byPid.get(entry.parent());
        if (self != null && self.start() == entry.start()) {
            answer = self.launch();
        } else if (main != null && main.start() <= entry.start()) {
            answer = main.launch();
        } else {
            // A parent that started later has the number of the one that is gone.
            answer = parent == null || parent.start() > entry.start() ? "" : launch(parent, byPid, mains, answers);
        }
        answers.put(entry.pid(), answer);
        return answer;
    }

    /**
     * Learns of processes that descend from a launch, and forgets nothing.
     *
     * @param descendants of processes of the launch
     * @param launch the launch
     */
    synchronized void learn(List<ProcessEntry> descendants, String launch) {
        for (ProcessEntry entry : descendants) {
            if (launch(entry) == null) {
                add(entry, launch);
            }
        }
    }

    /**
     * The processes that are known, at this moment.
     *
     * @return pids with start times, by launch
     */
    synchronized Map<String, Map<Long, Long>> all() {
        Map<String, Map<Long, Long>> all = new HashMap<>();
        known.forEach((pid, one) ->
                all.computeIfAbsent(one.launch(), launch -> new HashMap<>()).put(pid, one.start()));
        return all;
    }

    /**
     * Notes a process that is known to descend from a launch in another way.
     *
     * @param entry the process
     * @param launch the launch
     */
    public synchronized void add(ProcessEntry entry, String launch) {
        known.put(entry.pid(), new Known(entry.start(), launch));
    }

    /**
     * The launch a process descends from.
     *
     * @param entry the process
     * @return the launch, {@code null} if it is not known
     */
    public synchronized @Nullable String launch(ProcessEntry entry) {
        Known found = known.get(entry.pid());
        return found != null && found.start() == entry.start() ? found.launch() : null;
    }
}
