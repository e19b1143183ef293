package io.millwright.wamp.client;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** A procedure of the client. */
@ConsumerType
@FunctionalInterface
public interface Procedure {
    /**
     * Answers a call. The calls of one registration come one after the other; a procedure that takes long or waits answers with a {@link
     * java.util.concurrent.CompletionStage}, which is cancelled with the call, and the next call comes at once.
     *
     * @return the result: a {@link io.millwright.wamp.message.Payload} as it is, any other value as the only argument, {@code null} for no
     *     argument, or a stage of one of these
     * @throws io.millwright.wamp.WampErrorException to fail with its URI and arguments
     * @throws Exception to fail with {@code wamp.error.runtime_error} and the exception's message
     */
    @Nullable
    Object call(ProcedureCall call) throws Exception;
}
