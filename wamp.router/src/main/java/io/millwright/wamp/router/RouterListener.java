package io.millwright.wamp.router;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Is told what an operator wants to know. Called in the router's turns: must not block; what it throws is ignored. */
@ConsumerType
public interface RouterListener {
    /** A connection did not become a session; why, in words. */
    default void refused(Peer peer, String why) {}

    /**
     * A limit has refused a session, or a request of one: of a session the first time and then each time their number doubles. Why, in words.
     *
     * @param session {@code null} if it was not to become one
     */
    default void limited(Peer peer, @Nullable SessionInfo session, String why) {}

    /** A session has joined. */
    default void joined(SessionInfo session) {}

    /** A session is over; why, in words. {@code forced} if the router ended it: a violation, too slow, killed. */
    default void left(SessionInfo session, String why, boolean forced) {}

    /** Events that could not be sent to a session, the first time and then each time their number doubles. */
    default void lost(SessionInfo session, long events, String why) {}

    /** Code of a plug-in or of the router itself has thrown; it concerned this session, {@code null} if none. */
    default void failed(String what, @Nullable SessionInfo session, Throwable cause) {}
}
