package io.millwright.wamp.router;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who a session is. Immutable. */
public final class SessionInfo {
    private final long id;
    private final String realm;
    private final Principal principal;
    private final String method;
    private final Peer peer;
    private final Instant joined;

    private SessionInfo(long id, String realm, Principal principal, String method, Peer peer, Instant joined) {
        this.id = id;
        this.realm = realm;
        this.principal = principal;
        this.method = method;
        this.peer = peer;
        this.joined = joined;
    }

    /** Makes one; for the router's own packages. */
    public static SessionInfo of(long id, String realm, Principal principal, String method, Peer peer, Instant joined) {
        return new SessionInfo(id, realm, principal, method, peer, joined);
    }

    /** The id of the session. */
    public long id() {
        return id;
    }

    /** The realm. */
    public String realm() {
        return realm;
    }

    /** What the authenticator said of it. */
    public Principal principal() {
        return principal;
    }

    /** The name, by which it is known. */
    public String authid() {
        return principal.authid();
    }

    /** The name of its role. */
    public String role() {
        return principal.role();
    }

    /** How it proved who it is; {@code local} for sessions of the same process. */
    public String method() {
        return method;
    }

    /** Where it came from. */
    public Peer peer() {
        return peer;
    }

    /** When it joined. */
    public Instant joined() {
        return joined;
    }

    /** As the protocol tells it: {@code session}, {@code authid}, {@code authrole}, {@code authmethod}, {@code authprovider}; {@code transport} if it is asked for. */
    public Map<String, Object> details(boolean transport) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("session", id);
        details.put("authid", authid());
        details.put("authrole", role());
        details.put("authmethod", method);
        details.put("authprovider", principal.provider());
        if (transport) {
            Map<String, Object> known = new LinkedHashMap<>();
            known.put("listener", peer.listener());
            known.put("peer", peer.address());
            known.putAll(peer.transport());
            details.put("transport", known);
        }
        return details;
    }

    @Override
    public String toString() {
        return "session " + id + " of '" + authid() + "' (" + role() + ") from " + peer;
    }
}
