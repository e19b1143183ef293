package io.millwright.controller.internal.worker;

import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last ended runs. When it is full, the worker with the most runs in it gives up its oldest: one that crashes again and again
 * drives nobody else out. Thread-safe.
 *
 * <p>The runs of earlier lives of the node are read when somebody first asks, or by {@link #read}; what happens before that waits
 * for no file and is put behind them.
 */
final class History {
    private record Numbered(long number, WorkerRun run) {}

    private static final Comparator<Numbered> OLDEST_FIRST = Comparator.comparingLong(Numbered::number);

    private final Map<WorkerId, Deque<Numbered>> runs = new HashMap<>();
    /** The workers that have so many runs in it, for each number of runs. */
    private final TreeMap<Integer, LinkedHashSet<WorkerId>> bySize = new TreeMap<>();

    /** Held while {@link #earlier} reads; taken before the lock of this object. */
    private final Object reading = new Object();
    /** Reads the runs of earlier lives; {@code null} if there are none, or none that were not read. */
    private @Nullable Supplier<List<WorkerRun>> earlier;
    /** Whose runs of earlier lives are not wanted; {@code null} if they need not be noted, as those runs are here. */
    private @Nullable Set<WorkerId> forgotten;

    private int most = 100;
    private boolean isSized;
    private int size;
    private long number;

    synchronized void setMost(int next) {
        most = next;
        isSized = true;
        trim();
    }

    synchronized void add(WorkerRun run) {
        put(run);
        trim();
    }

    /**
     * Has the runs of earlier lives read, later and once.
     *
     * @param runs gives them, oldest first, however many; may block. What is too much goes when the next is added or the size is
     *     set. If it fails it is asked again
     */
    void restore(Supplier<List<WorkerRun>> runs) {
        synchronized (reading) {
            earlier = runs;
            synchronized (this) {
                forgotten = new HashSet<>();
            }
        }
    }

    /** Reads the runs of earlier lives, if that was not done. Blocks. */
    void read() {
        synchronized (reading) {
            if (earlier != null) {
                putInFront(earlier.get());
                earlier = null;
            }
        }
    }

    private synchronized void putInFront(List<WorkerRun> before) {
        List<WorkerRun> since = together(runs.values()).stream()
                .sorted(OLDEST_FIRST)
                .map(Numbered::run)
                .toList();
        runs.clear();
        bySize.clear();
        size = 0;
        number = 0;
        Set<WorkerId> unwanted = Objects.requireNonNull(forgotten);
        before.stream().filter(run -> !unwanted.contains(run.id())).forEach(this::put);
        since.forEach(this::put);
        forgotten = null;
        if (isSized || !since.isEmpty()) {
            trim();
        }
    }

    private static List<Numbered> together(Collection<Deque<Numbered>> some) {
        List<Numbered> all = new ArrayList<>();
        some.forEach(all::addAll);
        return all;
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
        if (forgotten != null) {
            forgotten.add(id);
        }
        Deque<Numbered> own = runs.remove(id);
        if (own != null) {
            size -= own.size();
            moved(id, own.size(), 0);
        }
    }

    /** Oldest first. Blocks if those of earlier lives were not read. */
    List<WorkerRun> all() {
        return page(HistoryQuery.ALL, List.of()).runs();
    }

    /** The newest that fit, of some workers if the query names any. Blocks if those of earlier lives were not read. */
    HistoryPage page(HistoryQuery query, List<WorkerId> workers) {
        read();
        List<Numbered> fitting;
        synchronized (this) {
            fitting = together(
                    query.worker() == null
                            ? runs.values()
                            : workers.stream()
                                    .map(runs::get)
                                    .filter(Objects::nonNull)
                                    .toList());
        }
        Long before = query.before();
        fitting.removeIf(one -> before != null && one.number() >= before);
        fitting.sort(OLDEST_FIRST);
        int skipped = Math.max(0, fitting.size() - query.limit());
        List<WorkerRun> page = fitting.stream().skip(skipped).map(Numbered::run).toList();
        return HistoryPage.of(page, skipped == 0 ? null : fitting.get(skipped).number());
    }
}
