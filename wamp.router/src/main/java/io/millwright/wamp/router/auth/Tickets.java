package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Tickets in memory, as hashes. Thread-safe. */
public final class Tickets implements TicketCheck {
    /** A principal may come from any user. */
    public static final long ANY_USER = -1;

    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    private record Ticket(Principal principal, byte[] hash, long uid, boolean once, AtomicBoolean used) {}

    private final Map<String, List<Ticket>> tickets = new ConcurrentHashMap<>();

    /** A secret for a ticket: 256 bits, as text. */
    public static String newSecret() {
        return Secrets.randomHex(32);
    }

    /** Adds a ticket that is good any number of times. */
    public void add(Principal principal, String secret) {
        add(principal, secret, ANY_USER, false);
    }

    /**
     * Adds a ticket.
     *
     * @param uid the user that its session must be of, {@link #ANY_USER} if it does not matter
     * @param once whether it is good once
     */
    public void add(Principal principal, String secret, long uid, boolean once) {
        Ticket ticket = new Ticket(principal, Secrets.hash(secret), uid, once, new AtomicBoolean());
        tickets.computeIfAbsent(principal.authid(), name -> new CopyOnWriteArrayList<>())
                .add(ticket);
    }

    /** Takes all tickets of a name away; sessions that are there stay. */
    public void remove(String authid) {
        tickets.remove(authid);
    }

    @Override
    public @Nullable Principal check(String authid, String ticket, Peer peer) {
        byte[] hash = Secrets.hash(ticket);
        List<Ticket> known = tickets.getOrDefault(authid, List.of());
        Ticket good = null;
        for (Ticket one : known) {
            boolean user = one.uid() == ANY_USER || one.uid() == peer.uid();
            // All are compared, so that the time does not tell which it was.
            if (MessageDigest.isEqual(one.hash(), hash) && user) {
                good = one;
            }
        }
        if (good == null || (good.once() && !good.used().compareAndSet(false, true))) {
            return null;
        }
        if (good.once()) {
            known.remove(good);
        }
        return good.principal();
    }
}
