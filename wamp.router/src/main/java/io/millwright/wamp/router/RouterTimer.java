package io.millwright.wamp.router;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/** Calls later. Thread-safe; may call in any thread. */
@ConsumerType
public interface RouterTimer {
    /** Something to be called later. */
    @ConsumerType
    @FunctionalInterface
    interface Timeout {
        /** It need not be called any more; it may be on its way nevertheless. */
        void cancel();
    }

    /** Calls a task once, not before the delay is over. The task neither blocks nor throws. */
    Timeout schedule(Runnable task, Duration delay);
}
