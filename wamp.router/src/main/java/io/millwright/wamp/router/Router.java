package io.millwright.wamp.router;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Realms, and the connections of their sessions. Thread-safe; nothing blocks. Made by {@link Routers}. */
@ProviderType
public interface Router {
    /**
     * Adds a realm, without roles and authenticators.
     *
     * @throws IllegalStateException if there is one of that name
     * @throws io.millwright.wamp.WampProtocolException if the name is no URI
     */
    Realm addRealm(String name, Limits limits);

    /** The realm of a name, {@code null} if there is none. */
    @Nullable
    Realm realm(String name);

    /**
     * Takes a realm away: ends its sessions in words, lets nobody in any more; its name is free at once.
     *
     * @return whether there was one of that name
     */
    boolean removeRealm(String name, String reason, String message);

    /** A connection has come; its session chooses a realm by its HELLO. */
    Connection connect(Peer peer, Outbound outbound);
}
