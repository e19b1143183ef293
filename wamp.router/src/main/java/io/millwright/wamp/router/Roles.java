package io.millwright.wamp.router;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The roles of a realm. Thread-safe. A change takes effect at the next message: what a role may no longer do ends then, registrations and
 * subscriptions that are there too, and testaments are not published.
 */
@ProviderType
public interface Roles {
    /** Adds a role, or puts it in the place of the one of that name. */
    void put(Role role);

    /** Takes a role away and ends its sessions. */
    void remove(String name);

    /** The role of a name. */
    @Nullable
    Role get(String name);
}
