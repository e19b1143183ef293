package io.millwright.controller.api.shutdown;

import io.millwright.controller.api.ShutdownInfo;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that is asked to release what it holds after the workers have stopped and before the node goes.
 * All are asked at once, each by a thread of its own; one that is late is interrupted, named in the log and left.
 */
@ConsumerType
public interface ShutdownParticipant {
    /** Service property (number of seconds from 0.001 to 86400, optional, default 10): how long the node waits for it. */
    String DEADLINE = "shutdown.deadline";

    /**
     * Releases what it holds.
     *
     * @param info the shutdown
     * @return completed when done
     */
    CompletionStage<Void> release(ShutdownInfo info);
}
