package io.millwright.wamp.client;

import io.millwright.wamp.WampException;
import org.osgi.annotation.versioning.ConsumerType;

/** Told of what happens to a client, one call after the other, on a thread for the application's code. What it throws is passed over. */
@ConsumerType
public interface ClientListener {
    /**
     * A session was joined.
     *
     * @param again whether there was one before: subscriptions and registrations are on their way again
     */
    default void joined(SessionInfo session, boolean again) {}

    /**
     * There is no connection: it was lost, or could not be made.
     *
     * @param again whether the client will try again
     */
    default void disconnected(WampException why, boolean again) {}

    /** A subscription or registration is not there any more, or was refused after a reconnect; it is tried again at the next one. */
    default void notRestored(String uri, WampException why) {}

    /** Events or calls are left out because the application takes them too slowly; told at the first, and again at each thousandth. */
    default void overrun(String uri, long lost) {}

    /** A handler of events, a part of a result or an action threw. */
    default void failed(String uri, Throwable failure) {}
}
