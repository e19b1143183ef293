package io.millwright.wamp.router;

import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ConsumerType;

/** An executor that has more to do than a router's turns, as the loop of a transport. Thread-safe. */
@ConsumerType
public interface RouterLoop extends Executor {
    /** Runs a task as soon as everything else has had its share. */
    void later(Runnable task);
}
