package io.millwright.config.etc.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks several times after something has happened: soon, and then ever later. What happens meanwhile begins the series anew, so that
 * it never waits for one of the late looks. Thread-safe; the looks are the timer's.
 */
final class Looks {
    /** Milliseconds from one look to the next; File Install takes a file that it has seen twice alike, and may have been busy. */
    private static final List<Integer> PAUSES = List.of(100, 100, 100, 400, 1300, 3000, 5000, 10_000);

    private final Timer timer;
    private final Runnable look;
    private int done;
    private @Nullable Appointment next;

    /** Runs tasks later. */
    interface Timer {
        /** The time now, in milliseconds from some moment. */
        long millis();

        /**
         * Runs a task once.
         *
         * @param task does not fail
         * @param millis after how long
         * @return takes it back, if it has not begun
         */
        Runnable after(Runnable task, long millis);
    }

    /** A look that is to come, or is being taken. */
    private record Appointment(long at, Runnable cancel) {}

    Looks(Timer timer, Runnable look) {
        this.timer = timer;
        this.look = look;
    }

    /** Something has happened. */
    synchronized void begin() {
        done = 0;
        Appointment waiting = next;
        // One that is near stays: what happens without a pause would put it off for ever.
        if (waiting == null || waiting.at() - timer.millis() > PAUSES.get(0)) {
            if (waiting != null) {
                waiting.cancel().run();
            }
            appoint();
        }
    }

    private void appoint() {
        if (done == PAUSES.size()) {
            next = null;
            return;
        }
        int pause = PAUSES.get(done++);
        next = new Appointment(timer.millis() + pause, timer.after(this::lookAndGoOn, pause));
    }

    private void lookAndGoOn() {
        look.run();
        synchronized (this) {
            appoint();
        }
    }
}
