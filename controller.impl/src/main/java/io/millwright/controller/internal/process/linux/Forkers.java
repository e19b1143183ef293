package io.millwright.controller.internal.process.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two {@link Forker}s for whoever spawns, used where there are many workers. Thread-safe; a spawn blocks. */
final class Forkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forkers.class);
    private static final int COUNT = 2;

    private final IntSupplier workers;
    private final int directUpTo;
    private final List<Forker> all = new ArrayList<>();
    private final BlockingQueue<Forker> free = new ArrayBlockingQueue<>(COUNT);

    /**
     * Starts them, or none where the system has no such thing.
     *
     * @param workers how many there are
     * @param directUpTo with so many the two changes of thread would cost more than they save
     */
    Forkers(IntSupplier workers, int directUpTo, SpawnBlock rehearsal, long attributes, int nullFd, int brokenPipe) {
        this.workers = workers;
        this.directUpTo = directUpTo;
        for (int i = 0; i < COUNT; i++) {
            Forker forker = Forker.start(rehearsal, attributes, nullFd, brokenPipe);
            if (forker == null) {
                LOG.debug(
                        "no thread can have open files of its own here; many workers make each start a little slower");
                break;
            }
            all.add(forker);
        }
        free.addAll(all);
    }

    /** Spawns, here or there; returns an error number, or 0. */
    int spawn(SpawnBlock block, long attributes, int in, int out, int err) throws IOException {
        Forker forker = workers.getAsInt() < directUpTo ? null : free.poll();
        if (forker == null) {
            return block.spawn(attributes, in, out, err);
        }
        int error;
        try {
            error = forker.spawn(block, attributes, in, out, err);
        } finally {
            free.add(forker);
        }
        return error == -1 ? block.spawn(attributes, in, out, err) : error;
    }

    @Override
    public void close() {
        all.forEach(Forker::close);
    }
}
