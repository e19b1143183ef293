package io.millwright.wamp.router;

import io.millwright.wamp.message.Options;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a HELLO says to an authenticator. Immutable. */
public final class AuthRequest {
    private final String realm;
    private final long session;
    private final Peer peer;
    private final Map<String, Object> details;

    private AuthRequest(String realm, long session, Peer peer, Map<String, Object> details) {
        this.realm = realm;
        this.session = session;
        this.peer = peer;
        this.details = details;
    }

    /** A request. */
    public static AuthRequest of(String realm, long session, Peer peer, Map<String, Object> details) {
        return new AuthRequest(realm, session, peer, details);
    }

    /** The realm that is asked for. */
    public String realm() {
        return realm;
    }

    /** The id that the session will have. */
    public long session() {
        return session;
    }

    /** Where it comes from. */
    public Peer peer() {
        return peer;
    }

    /** The name it says to have, {@code null} if it says none. */
    public @Nullable String authid() {
        return Options.text(details, "authid");
    }

    /** What it says beside ({@code authextra}), empty if nothing. */
    public Map<String, Object> extra() {
        return Options.dict(details, "authextra");
    }

    /** All of the HELLO's details. */
    public Map<String, Object> details() {
        return details;
    }
}
