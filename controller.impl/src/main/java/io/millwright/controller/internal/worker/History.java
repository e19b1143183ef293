package io.millwright.controller.internal.worker;

import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The last ended runs. When it is full, the worker with the most runs in it gives up its oldest: one that crashes again and again
 * drives nobody else out. Thread-safe.
 */
final class History {
    private record Numbered(long number, WorkerRun run) {}

    private final Map<WorkerId, Deque<Numbered>> runs = new HashMap<>();
    /** The workers that have so many runs in it, for each number of runs. */
    private final TreeMap<Integer, LinkedHashSet<WorkerId>> bySize = new TreeMap<>();

    private int most = 100;
    private int size;
    private long number;

    synchronized void setMost(int next) {
        most = next;
        trim();
    }

    synchronized void add(WorkerRun run) {
        put(run);
        trim();
    }

    /** Takes runs of before, however many; what is too much goes when the next is added or the size is set. */
    synchronized void restore(List<WorkerRun> before) {
        before.forEach(this::put);
    }

    private void put(WorkerRun run) {
        Deque<Numbered> own = runs.computeIfAbsent(run.id(), id -> new ArrayDeque<>(1));
        own.addLast(new Numbered(number++, run));
        size++;
        moved(run.id(), own.size() - 1, own.size());
    }

    private void trim() {
        while (size > most) {
            WorkerId id = bySize.lastEntry().getValue().iterator().next();
            Deque<Numbered> own = Objects.requireNonNull(runs.get(id));
            own.removeFirst();
            size--;
            moved(id, own.size() + 1, own.size());
            if (own.isEmpty()) {
                runs.remove(id);
            }
        }
    }

    private void moved(WorkerId id, int from, int to) {
        LinkedHashSet<WorkerId> before = bySize.get(from);
        if (before != null) {
            before.remove(id);
            if (before.isEmpty()) {
                bySize.remove(from);
            }
        }
        if (to > 0) {
            bySize.computeIfAbsent(to, size -> new LinkedHashSet<>()).add(id);
        }
    }

    synchronized void forget(WorkerId id) {
        Deque<Numbered> own = runs.remove(id);
        if (own != null) {
            size -= own.size();
            moved(id, own.size(), 0);
        }
    }

    /** Oldest first. */
    List<WorkerRun> all() {
        return page(HistoryQuery.ALL, List.of()).runs();
    }

    /** The newest that fit, of some workers if the query names any. */
    HistoryPage page(HistoryQuery query, List<WorkerId> workers) {
        List<Numbered> fitting = new ArrayList<>();
        synchronized (this) {
            if (query.worker() == null) {
                runs.values().forEach(fitting::addAll);
            } else {
                workers.forEach(worker -> fitting.addAll(runs.getOrDefault(worker, new ArrayDeque<>())));
            }
        }
        Long before = query.before();
        fitting.removeIf(one -> before != null && one.number() >= before);
        fitting.sort(Comparator.comparingLong(Numbered::number));
        int skipped = Math.max(0, fitting.size() - query.limit());
        List<WorkerRun> page = fitting.stream().skip(skipped).map(Numbered::run).toList();
        return HistoryPage.of(page, skipped == 0 ? null : fitting.get(skipped).number());
    }
}
