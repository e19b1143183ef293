package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.options.NearestKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The workers by id, live, inactive and ended ones, and the history of ended runs. Changed by the controller loop only; read by
 * any thread. Ended workers that no configuration keeps are dropped, oldest first, beyond the history's size.
 */
public final class Registry {
    /** The groups of instances among them. */
    public final Groups groups = new Groups();

    private final ConcurrentSkipListMap<WorkerId, Worker> workers = new ConcurrentSkipListMap<>();
    private final Deque<Worker> ended = new ArrayDeque<>();
    private final History history = new History();
    private long words;
    private volatile int historySize = 100;
    private volatile Runnable onHistory = () -> {};
    private Consumer<Worker> onRemoved = worker -> {};
    private Consumer<WorkerId> onGone = id -> {};

    /** The number of a word on what some worker should do; each is higher than those before. */
    long nextWord() {
        return ++words;
    }

    @Nullable
    public Worker find(WorkerId id) {
        return workers.get(id);
    }

    public Worker get(WorkerId id) {
        Worker worker = workers.get(id);
        if (worker == null) {
            throw noSuchWorker(id);
        }
        return worker;
    }

    /** The answer to a call for a worker that is not there; names the one that was probably meant. */
    public NodeException noSuchWorker(WorkerId id) {
        List<WorkerId> known = new ArrayList<>(workers.keySet());
        groups.all().forEach(group -> known.add(group.id()));
        String nearest =
                NearestKey.find(id.value(), known.stream().map(WorkerId::value).toList());
        return new NodeException(
                ErrorCode.NO_SUCH_WORKER,
                "there is no worker '" + id + "', neither running nor in the history; "
                        + (nearest == null
                                ? "worker:list --all shows those there are"
                                : "did you mean '" + nearest + "'?"));
    }

    public Collection<Worker> all() {
        return workers.values();
    }

    public void put(Worker worker) {
        workers.put(worker.id, worker);
    }

    /** Has each worker that is removed handed over, by the thread that removes it. */
    public void onRemoved(Consumer<Worker> then) {
        onRemoved = then;
    }

    /**
     * Has the id of each worker handed over that is no more what it was: its record is removed, or its configuration was and it has ended.
     * A later worker of that id is another one.
     */
    public void onGone(Consumer<WorkerId> then) {
        onGone = then;
    }

    /** The configuration of a worker was removed, and the worker has ended. */
    public void gone(Worker worker) {
        onGone.accept(worker.id);
    }

    /** A worker is forgotten, with what it has kept. */
    public void remove(Worker worker) {
        drop(worker);
        onGone.accept(worker.id);
    }

    private void drop(Worker worker) {
        workers.remove(worker.id, worker);
        ended.remove(worker);
        // Also of one that has never run: its followers would wait for ever.
        worker.log.endForGood();
        worker.log.close();
        onRemoved.accept(worker);
    }

    /** Most runs the history keeps; for any thread. */
    public int historySize() {
        return historySize;
    }

    public void setHistorySize(int size) {
        historySize = size;
        history.setMost(size);
        trim();
    }

    void record(WorkerRun run) {
        history.add(run);
        onHistory.run();
    }

    /**
     * Has the runs of earlier lives of the node read, when somebody first asks for the history or {@link #readHistory} is called.
     *
     * @param runs gives them, oldest first; may block
     */
    public void restore(Supplier<List<WorkerRun>> runs) {
        history.restore(runs);
    }

    /** Reads the runs of earlier lives, if that was not done. For any thread; blocks. */
    public void readHistory() {
        history.read();
    }

    /** Has something run, by the thread that changes it, whenever the history has changed. */
    public void onHistory(Runnable then) {
        onHistory = then;
    }

    /** Notes that a worker has ended for good. */
    public void ended(Worker worker) {
        ended.remove(worker);
        ended.addLast(worker);
        trim();
    }

    /** Notes that a worker lives again. */
    void revived(Worker worker) {
        ended.remove(worker);
    }

    private void trim() {
        while (ended.size() > historySize) {
            Worker oldest = ended.removeFirst();
            if (!oldest.isConfigured() && !oldest.isLive()) {
                drop(oldest);
            }
        }
    }

    /** The ended runs, oldest first; for any thread. Blocks if those of earlier lives were not read. */
    public List<WorkerRun> history() {
        return history.all();
    }

    /** The newest runs that fit a query; for any thread. Blocks if those of earlier lives were not read. */
    public HistoryPage history(HistoryQuery query) {
        return history.page(query, query.worker() == null ? List.of() : groups.expand(query.worker()));
    }

    public void forgetHistory(WorkerId id) {
        history.forget(id);
        onHistory.run();
    }
}
