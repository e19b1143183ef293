package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.wamp.router.Realm;
import io.millwright.worker.router.options.RouterOptions;
import java.util.Map;
import java.util.TreeMap;

/** A realm of the router. For the router's own thread. */
final class AppRealm {
    final String id;
    final Realm realm;
    private final TreeMap<String, OptionValues> roles = new TreeMap<>();

    private OptionValues options;

    AppRealm(String id, Realm realm, OptionValues options) {
        this.id = id;
        this.realm = realm;
        this.options = options;
    }

    /** What was said of it; the roles there are may be others. */
    OptionValues options() {
        return options;
    }

    static String name(String id, OptionValues options) {
        return options.string("name").orElse(id);
    }

    /** The roles, as they were said. */
    Map<String, OptionValues> roles() {
        return roles;
    }

    /** Adds a role, or puts it in the place of another; sessions that have it go on, without what it may not do any more. */
    void put(String role, OptionValues options) {
        if (!options.equals(roles.get(role))) {
            realm.roles().put(Translated.role(role, options));
            roles.put(role, options);
        }
    }

    /** Takes a role away and ends its sessions. */
    void remove(String role) {
        roles.remove(role);
        realm.roles().remove(role);
    }

    /** From one configuration to the next: what is in both as it is stays as it is. */
    void change(OptionValues before, OptionValues after) {
        options = after;
        realm.setLimits(Translated.limits(after));
        Map<String, OptionValues> last = before.objects(RouterOptions.ROLES);
        Map<String, OptionValues> next = after.objects(RouterOptions.ROLES);
        last.keySet().stream().filter(role -> !next.containsKey(role)).forEach(this::remove);
        next.forEach((role, said) -> {
            if (!said.equals(last.get(role))) {
                put(role, said);
            }
        });
    }
}
