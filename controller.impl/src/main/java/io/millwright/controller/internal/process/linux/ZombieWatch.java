package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/**
 * Waits until a child of this JVM has died that nobody waits for, an orphan of a worker that the kernel gave to this JVM, so that it
 * is reaped at once. It only looks (WNOWAIT): the exits of workers and of what other code has started stay theirs. Sleeps in the
 * kernel while no child is dead.
 */
final class ZombieWatch {
    private static final int P_ALL = 0;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    /** More than a siginfo_t takes; the pid is behind three numbers and their padding. */
    private static final int INFO_SIZE = 256;

    private static final int PID = 16;
    private static final long FIRST_PAUSE_MS = 5;
    private static final long LAST_PAUSE_MS = 1000;

    private final LongPredicate isAwaited;
    private final Runnable reap;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Waits for nothing yet.
     *
     * @param isAwaited whether a child is somebody's to wait for, and will be gone in a moment
     * @param reap told that another child is dead; does not block
     */
    ZombieWatch(LongPredicate isAwaited, Runnable reap) {
        this.isAwaited = isAwaited;
        this.reap = reap;
    }

    /** Begins, unless it has begun. There is a child now, and for as long as it is there the thread waits. */
    void start() {
        if (closed || !running.compareAndSet(false, true)) {
            return;
        }
        Thread thread = new Thread(this::run, "millwright-zombies");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long info = Native.malloc(INFO_SIZE);
        try {
            if (info == 0) {
                return;
            }
            long last = 0;
            long pause = FIRST_PAUSE_MS;
            while (!closed) {
                int error = LibC.waitid(P_ALL, 0, info, WEXITED | WNOWAIT) == 0 ? 0 : LibC.errno();
                if (closed || (error != 0 && error != LibC.EINTR)) {
                    // There is no child any more; the next start begins anew.
                    return;
                }
                long pid = error == 0 ? new Pointer(info).getInt(PID) : 0;
                // A dead process that no thread waits for must keep nobody busy.
                pause = pid == last ? Math.min(pause * 2, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
                last = pid;
                if (pid != 0 && !isAwaited.test(pid)) {
                    reap.run();
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.set(false);
            if (info != 0) {
                Native.free(info);
            }
        }
    }

    /** Has it end with the next end of a child, which is the watchdog's. */
    void close() {
        closed = true;
    }
}
