package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Looks whether a ticket is good; {@link Tickets} is one. Called in the router's turns: must not block. */
@ConsumerType
@FunctionalInterface
public interface TicketCheck {
    /** Whose ticket it is, {@code null} if it is not good. */
    @Nullable
    Principal check(String authid, String ticket, Peer peer);
}
