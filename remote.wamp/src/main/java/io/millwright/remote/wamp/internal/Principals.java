package io.millwright.remote.wamp.internal;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.auth.CraSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The principals that configurations name. Thread-safe; reads are of an immutable copy. */
final class Principals {
    /**
     * One principal. Immutable.
     *
     * @param name its name, {@code authid} in the protocol
     * @param role the name of its role
     * @param ticketFile has its ticket, which is its secret for WAMP-CRA too; {@code null} if it has none
     * @param publicKeys its Ed25519 public keys, 64 lower-case hexadecimal digits each
     */
    record Configured(String name, String role, @Nullable TicketFile ticketFile, List<String> publicKeys) {
        /** Its ticket; {@code null} if there is none, or it cannot be read now. */
        @Nullable
        String ticket() {
            try {
                return ticketFile == null ? null : ticketFile.read();
            } catch (IOException e) {
                LOG.warn("The remote principal {} is not let in by a ticket: {}", name, e.getMessage());
                return null;
            }
        }

        Principal principal() {
            return Principal.of(name, role).withProvider("configuration");
        }

        /** Never the ticket. */
        @Override
        public String toString() {
            return "principal '" + name + "' (" + role + ")";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Principals.class);

    private final Map<String, Configured> byPid = new LinkedHashMap<>();
    private volatile Map<String, Configured> byName = Map.of();

    synchronized void put(String pid, Configured principal) {
        byPid.put(pid, principal);
        byName = names();
    }

    synchronized void remove(String pid) {
        byPid.remove(pid);
        byName = names();
    }

    /** Of two of one name the first counts. */
    private Map<String, Configured> names() {
        Map<String, Configured> names = new TreeMap<>();
        byPid.values().forEach(principal -> names.putIfAbsent(principal.name(), principal));
        return names;
    }

    /** All of them, sorted by name. */
    List<Configured> all() {
        return List.copyOf(byName.values());
    }

    @Nullable
    Principal byTicket(String authid, String ticket, Peer peer) {
        Configured known = byName.get(authid);
        String right = known == null ? null : known.ticket();
        boolean equal = MessageDigest.isEqual(bytes(right == null ? "" : right), bytes(ticket));
        return known != null && right != null && equal ? known.principal() : null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Nullable
    CraSecret bySecret(String authid) {
        Configured known = byName.get(authid);
        String secret = known == null ? null : known.ticket();
        return known == null || secret == null ? null : CraSecret.of(known.principal(), secret);
    }

    @Nullable
    Principal byKey(String key, @Nullable String authid) {
        for (Configured known : byName.values()) {
            if (known.publicKeys().contains(key) && (authid == null || authid.equals(known.name()))) {
                return known.principal();
            }
        }
        return null;
    }
}
