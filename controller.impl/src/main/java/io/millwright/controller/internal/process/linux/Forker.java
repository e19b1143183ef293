package io.millwright.controller.internal.process.linux;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that has a table of open files of its own, with next to nothing in it, and spawns. The kernel copies the table of
 * the spawning process, and closes the copies before the program is executed: for the table of a node with a thousand workers that
 * takes as long as all the rest. What the program is to have is fetched from the node's table.
 *
 * <p>No class can be loaded from a jar in such a thread, and no file be written that another thread opened: it does nothing but
 * the calls below, all of which it has done once before. Used by one thread at a time.
 */
final class Forker implements AutoCloseable {
    private static final int CLONE_FILES = 0x400;
    private static final int LAST_STANDARD = 2;

    private final Thread thread;
    private final CountDownLatch prepared = new CountDownLatch(1);
    private final int[] kept;
    private final long pid = ProcessHandle.current().pid();
    private int node = -1;
    private boolean usable;
    private volatile @Nullable Request request;
    private volatile boolean closed;

    /** A spawn; {@code done} is written last. */
    private static final class Request {
        final SpawnBlock block;
        final long attributes;
        final int[] fds;
        final Thread caller = Thread.currentThread();
        boolean taken;
        int error;

        @Nullable
        Throwable failure;

        volatile boolean done;

        Request(SpawnBlock block, long attributes, int in, int out, int err) {
            this.block = block;
            this.attributes = attributes;
            this.fds = new int[] {in, out, err};
        }
    }

    private Forker(int... kept) {
        this.kept = kept;
        thread = new Thread(this::run, LinuxBackend.FORK_THREAD);
        thread.setDaemon(true);
    }

    /**
     * Starts one.
     *
     * @param rehearsal a spawn that fails
     * @param attributes of the rehearsal
     * @param nullFd kept under its number
     * @param brokenPipe kept under its number
     * @return {@code null} if the system does not let a thread have its own table, or look into that of its process
     */
    static @Nullable Forker start(SpawnBlock rehearsal, long attributes, int nullFd, int brokenPipe) {
        for (int fd = 0; fd <= LAST_STANDARD; fd++) {
            if (LibC.fcntl(fd, LibC.F_GETFD, 0) < 0) {
                // What is fetched must not get the number of a child's own.
                return null;
            }
        }
        Forker forker = new Forker(0, 1, 2, nullFd, brokenPipe);
        Request first = new Request(rehearsal, attributes, nullFd, nullFd, nullFd);
        forker.request = first;
        forker.thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                forker.prepared.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return forker.usable ? forker : null;
    }

    /**
     * Spawns.
     *
     * @return an error number, 0, or -1 if the descriptors could not be fetched and nothing was tried
     */
    int spawn(SpawnBlock block, long attributes, int in, int out, int err) throws IOException {
        Request mine = new Request(block, attributes, in, out, err);
        request = mine;
        LockSupport.unpark(thread);
        while (!mine.done) {
            LockSupport.park(this);
        }
        if (mine.failure != null) {
            throw new IOException("a spawn failed in its own thread: " + mine.failure, mine.failure);
        }
        return mine.taken ? mine.error : -1;
    }

    private void run() {
        Request rehearsal = request;
        request = null;
        try {
            prepare(rehearsal);
        } finally {
            prepared.countDown();
        }
        while (usable && !closed) {
            Request next = request;
            if (next == null) {
                LockSupport.park(this);
                continue;
            }
            request = null;
            serve(next);
        }
    }

    private void prepare(@Nullable Request rehearsal) {
        if (rehearsal == null) {
            return;
        }
        node = LibC.pidfdOpen(pid);
        serve(rehearsal);
        LibC.close(node);
        if (LibC.unshare(CLONE_FILES) != 0) {
            return;
        }
        // From here on no class may be needed that was not needed before.
        closeAllButKept();
        node = LibC.pidfdOpen(pid);
        int fetched = node < 0 ? -1 : LibC.pidfdGetfd(node, kept[kept.length - 1]);
        usable = fetched >= 0 && LibC.close(fetched) == 0;
    }

    private void closeAllButKept() {
        Arrays.sort(kept);
        int from = 0;
        for (int fd : kept) {
            if (fd > from) {
                LibC.close_range(from, fd - 1, 0);
            }
            from = fd + 1;
        }
        LibC.close_range(from, Integer.MAX_VALUE, 0);
    }

    private void serve(Request next) {
        try {
            int[] fds = next.fds;
            int[] fetched = {-1, -1, -1};
            next.taken = true;
            for (int i = 0; i < fds.length; i++) {
                if (!isKept(fds[i])) {
                    fetched[i] = LibC.pidfdGetfd(node, fds[i]);
                    next.taken &= fetched[i] >= 0;
                }
            }
            if (next.taken) {
                next.error = next.block.spawn(
                        next.attributes,
                        either(fetched[0], fds[0]),
                        either(fetched[1], fds[1]),
                        either(fetched[2], fds[2]));
            }
            for (int fd : fetched) {
                if (fd >= 0) {
                    LibC.close(fd);
                }
            }
        } catch (RuntimeException | Error e) {
            next.failure = e;
        } finally {
            next.done = true;
            LockSupport.unpark(next.caller);
        }
    }

    private static int either(int fetched, int kept) {
        return fetched >= 0 ? fetched : kept;
    }

    private boolean isKept(int fd) {
        for (int keptFd : kept) {
            if (keptFd == fd) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
