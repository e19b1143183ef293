package io.millwright.wamp.client;

import io.millwright.wamp.message.Options;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session that was joined. Immutable, thread-safe. */
public final class SessionInfo {
    private final long id;
    private final String realm;
    private final Map<String, Object> details;

    private SessionInfo(long id, String realm, Map<String, Object> details) {
        this.id = id;
        this.realm = realm;
        this.details = details;
    }

    /** A session by the router's WELCOME. */
    public static SessionInfo of(long id, String realm, Map<String, Object> details) {
        return new SessionInfo(id, realm, details);
    }

    /** The id of the session. */
    public long id() {
        return id;
    }

    /** The realm. */
    public String realm() {
        return realm;
    }

    /** Who the router takes the client for, {@code null} if it does not say. */
    public @Nullable String authid() {
        return Options.text(details, "authid");
    }

    /** The role the router gives the client, {@code null} if it does not say. */
    public @Nullable String authrole() {
        return Options.text(details, "authrole");
    }

    /** All of WELCOME's details, {@code authextra} too. */
    public Map<String, Object> details() {
        return details;
    }

    /** Whether the router has a feature of a role: {@code supports("dealer", "call_timeout")}. */
    public boolean supports(String role, String feature) {
        Map<String, Object> roles = Options.dict(details, "roles");
        return Options.flag(Options.dict(Options.dict(roles, role), "features"), feature);
    }

    @Override
    public String toString() {
        return "session " + id + " in " + realm + " as " + authid() + " (" + authrole() + ")";
    }
}
