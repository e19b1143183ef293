package io.millwright.wamp.router;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A method by which sessions prove who they are. Called in the router's turns: it must not block; what takes long is done elsewhere, and its
 * stage completed in any thread. What it throws refuses the session.
 */
@ConsumerType
public interface Authenticator {
    /** The name in {@code authmethods}: {@code ticket}, {@code wampcra}, … */
    String method();

    /** Whether it is offered to this peer; if not, the next authenticator of the same method is asked. */
    default boolean isOffered(Peer peer) {
        return true;
    }

    /** Begins, and says what is next. */
    CompletionStage<AuthStep> begin(AuthRequest request);
}
