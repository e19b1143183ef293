package io.millwright.wamp.router;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a transport knows of the other side of a connection. Immutable. */
public final class Peer {
    private final String listener;
    private final String address;
    private final String host;
    private final long uid;
    private final boolean confidential;
    private final Map<String, Object> transport;

    private Peer(
            String listener,
            String address,
            String host,
            long uid,
            boolean confidential,
            Map<String, Object> transport) {
        this.listener = listener;
        this.address = address;
        this.host = host;
        this.uid = uid;
        this.confidential = confidential;
        this.transport = transport;
    }

    /**
     * A peer whose user is not known, over a transport that others may read.
     *
     * @param listener the name of the listener that took it
     * @param address its address for people: {@code 127.0.0.1:51234}, {@code unix}
     * @param host what connections are counted by: an address without its port, a user
     */
    public static Peer of(String listener, String address, String host) {
        return new Peer(listener, address, host, -1, false, Map.of());
    }

    /** The same with the user's number, as the kernel says it. */
    public Peer withUid(long user) {
        return new Peer(listener, address, host, user, confidential, transport);
    }

    /** The same over a transport nobody else can read: within the machine, or encrypted. Only over such ones are tickets offered. */
    public Peer asConfidential() {
        return new Peer(listener, address, host, uid, true, transport);
    }

    /** The same with details for an operator's eyes: {@code type}, {@code serializer}, {@code peer}. */
    public Peer withTransport(Map<String, ?> details) {
        return new Peer(
                listener, address, host, uid, confidential, Collections.unmodifiableMap(new LinkedHashMap<>(details)));
    }

    /** The name of the listener. */
    public String listener() {
        return listener;
    }

    /** The address, for people. */
    public String address() {
        return address;
    }

    /** What connections of one peer are counted by. */
    public String host() {
        return host;
    }

    /** The number of the peer's user, -1 if it is not known. */
    public long uid() {
        return uid;
    }

    /** Whether nobody else can read what is sent. */
    public boolean isConfidential() {
        return confidential;
    }

    /** Details for an operator's eyes. */
    public Map<String, Object> transport() {
        return transport;
    }

    @Override
    public String toString() {
        return address + " (listener " + listener + ")";
    }
}
