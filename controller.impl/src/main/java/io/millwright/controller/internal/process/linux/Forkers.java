package io.millwright.controller.internal.process.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some {@link Forker}s that share the spawns. Thread-safe; a spawn blocks. */
final class Forkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forkers.class);

    private final List<Forker> all = new ArrayList<>();
    private final Queue<Forker> free = new ConcurrentLinkedQueue<>();

    /**
     * Starts them, or none where the system has no such thing.
     *
     * @param count how many
     */
    Forkers(int count, SpawnBlock rehearsal, long attributes, int nullFd, int brokenPipe) {
        for (int i = 0; i < count; i++) {
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
        Forker forker = free.poll();
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
