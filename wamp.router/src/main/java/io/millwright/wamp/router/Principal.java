package io.millwright.wamp.router;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A user or program, as an authenticator has found out. Immutable. */
public final class Principal {
    private final String authid;
    private final String role;
    private final String provider;
    private final Map<String, Object> extra;
    private final boolean spared;
    private final boolean sole;

    private Principal(
            String authid, String role, String provider, Map<String, Object> extra, boolean spared, boolean sole) {
        this.authid = authid;
        this.role = role;
        this.provider = provider;
        this.extra = extra;
        this.spared = spared;
        this.sole = sole;
    }

    /** A principal of a name with a role. */
    public static Principal of(String authid, String role) {
        return new Principal(authid, role, "static", Map.of(), false, false);
    }

    /** The same, known by this provider: {@code static} where nothing else is said. */
    public Principal withProvider(String name) {
        return new Principal(authid, role, name, extra, spared, sole);
    }

    /** The same; the session is told this in its WELCOME ({@code authextra}). */
    public Principal withExtra(Map<String, ?> told) {
        Map<String, Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(told));
        return new Principal(authid, role, provider, copy, spared, sole);
    }

    /** The same; {@code wamp.session.kill*} passes its sessions over unless they are forced. */
    public Principal asSpared() {
        return new Principal(authid, role, provider, extra, true, sole);
    }

    /** The same; it has one session at a time in this role: a new one ends the one before. */
    public Principal asSole() {
        return new Principal(authid, role, provider, extra, spared, true);
    }

    /** The name. */
    public String authid() {
        return authid;
    }

    /** The name of the role. */
    public String role() {
        return role;
    }

    /** By whom it is known. */
    public String provider() {
        return provider;
    }

    /** What its session is told; may be secret. */
    public Map<String, Object> extra() {
        return extra;
    }

    /** Whether {@code wamp.session.kill*} passes its sessions over. */
    public boolean isSpared() {
        return spared;
    }

    /** Whether it has one session at a time. */
    public boolean isSole() {
        return sole;
    }

    @Override
    public String toString() {
        return "Principal[" + authid + ", " + role + "]";
    }
}
