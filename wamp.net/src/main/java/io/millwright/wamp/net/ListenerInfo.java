package io.millwright.wamp.net;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A listener, as it was at one moment. Immutable. */
public final class ListenerInfo {
    private final ListenerConfig config;
    private final SocketAddress address;
    private final int connections;
    private final int waiting;
    private final long taken;
    private final long refused;
    private final String trouble;
    private final @Nullable Instant certificateEnds;

    private ListenerInfo(
            ListenerConfig config,
            SocketAddress address,
            int connections,
            int waiting,
            long taken,
            long refused,
            String trouble,
            @Nullable Instant certificateEnds) {
        this.config = config;
        this.address = address;
        this.connections = connections;
        this.waiting = waiting;
        this.taken = taken;
        this.refused = refused;
        this.trouble = trouble;
        this.certificateEnds = certificateEnds;
    }

    /** Makes one; for this bundle's own packages. */
    public static ListenerInfo of(
            ListenerConfig config,
            SocketAddress address,
            int connections,
            int waiting,
            long taken,
            long refused,
            String trouble) {
        return new ListenerInfo(config, address, connections, waiting, taken, refused, trouble, null);
    }

    /** The same with another {@link #certificateEnds()}. */
    public ListenerInfo withCertificateEnds(Instant value) {
        return new ListenerInfo(config, address, connections, waiting, taken, refused, trouble, value);
    }

    /** What it was to be. */
    public ListenerConfig config() {
        return config;
    }

    /** Where it listens, with the port that it has got. */
    public SocketAddress address() {
        return address;
    }

    /** How many connections it has. */
    public int connections() {
        return connections;
    }

    /** How many of them have no session that has joined. */
    public int waiting() {
        return waiting;
    }

    /** How many connections it has had. */
    public long taken() {
        return taken;
    }

    /** How many of them were refused, garbage included. */
    public long refused() {
        return refused;
    }

    /** When its certificate ends, {@code null} if it is not encrypted. */
    public @Nullable Instant certificateEnds() {
        return certificateEnds;
    }

    /** What is wrong with it now (no connection can be taken, a new certificate cannot be read), a sentence; empty if nothing is. */
    public String trouble() {
        return trouble;
    }
}
