package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Who the users of this machine are. Called in the router's turns: must not block. */
@ConsumerType
@FunctionalInterface
public interface LocalUsers {
    /**
     * The principal of a user.
     *
     * @param uid the user's number, as the kernel says it
     * @param authid the name that the session asks for, {@code null} if none
     * @return {@code null} if this user may not come in, or not by that name
     */
    @Nullable
    Principal find(long uid, @Nullable String authid, Peer peer);
}
