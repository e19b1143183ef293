package io.millwright.wamp.router;

import io.millwright.wamp.message.Payload;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** What is done for a call, in the same process. */
@ConsumerType
@FunctionalInterface
public interface Procedure {
    /**
     * Answers a call; may be called again before the stage is complete. A {@link ProcedureException}, thrown or in the stage, is the caller's
     * error; of any other the caller is told only that something went wrong, and the {@link RouterListener} what.
     */
    CompletionStage<Payload> call(ProcedureCall call);
}
