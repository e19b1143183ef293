package io.millwright.controller.internal.launch;

import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps what a process has to tell until it is clear whether anybody is to hear it. Thread-safe. */
final class HeldListener implements ProcessListener {
    private final ProcessListener listener;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Runnable> held = new ArrayList<>();
    private boolean released;

    HeldListener(ProcessListener listener) {
        this.listener = listener;
    }

    @Override
    public void exited(ProcessExit exit) {
        tell(() -> listener.exited(exit));
        ended.countDown();
    }

    @Override
    public void drained() {
        tell(listener::drained);
    }

    private void tell(Runnable news) {
        synchronized (held) {
            if (!released) {
                held.add(news);
                return;
            }
        }
        news.run();
    }

    /** Hands on what was told so far, in order, and from now on everything at once. */
    void release() {
        while (true) {
            List<Runnable> next;
            synchronized (held) {
                if (held.isEmpty()) {
                    released = true;
                    return;
                }
                next = List.copyOf(held);
                held.clear();
            }
            next.forEach(Runnable::run);
        }
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    /** Waits for the end of the main process, for a while. */
    void awaitEnd(long millis) {
        try {
            var unused = ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
