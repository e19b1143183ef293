package io.millwright.wamp.router.internal;

import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.Roles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The roles of a realm. Thread-safe: a read needs no turn. */
final class RolesCore implements Roles {
    private final RealmCore realm;
    private final Map<String, Role> roles = new ConcurrentHashMap<>();

    RolesCore(RealmCore realm) {
        this.realm = realm;
    }

    @Override
    public void put(Role role) {
        if (roles.put(role.name(), role) != null) {
            realm.roleChanged(role.name());
        }
    }

    @Override
    public void remove(String name) {
        if (roles.remove(name) != null) {
            realm.roleChanged(name);
        }
    }

    @Override
    public @Nullable Role get(String name) {
        return roles.get(name);
    }
}
