package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What a worker in {@code backoff} waits for. An answer that comes for another wait is void. Belongs to the controller loop. */
public abstract sealed class Wait {
    final Moment since;

    private Wait(Moment since) {
        this.since = since;
    }

    /** It is over, or not wanted any more. */
    void cancel() {}

    /** A time that has to pass. */
    static final class Delay extends Wait {
        final Moment until;
        /** The start that was asked for and begins then; {@code null} for a restart of the restart policy. */
        final @Nullable Follow then;

        @Nullable
        Future<?> timer;

        Delay(Moment since, Duration length, @Nullable Follow then) {
            super(since);
            this.until = since.plus(length);
            this.then = then;
        }

        Duration length() {
            return since.until(until);
        }

        @Override
        void cancel() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    /** A worker type that no bundle offers now. */
    static final class ForType extends Wait {
        ForType(Moment since) {
            super(since);
        }
    }
}
