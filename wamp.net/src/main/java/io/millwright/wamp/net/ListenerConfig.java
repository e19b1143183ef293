package io.millwright.wamp.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a listener is to be. Immutable; sizes are bytes. Made by {@link #unix} or {@link #tcp} and the withers. */
public final class ListenerConfig {
    /** What is spoken. Will grow: a switch needs a default branch. */
    public enum Type {
        /** WAMP's own framing; any serializer. */
        RAWSOCKET,
        /** WebSocket with the subprotocols {@code wamp.2.json}, {@code wamp.2.msgpack} and {@code wamp.2.cbor}. */
        WEBSOCKET
    }

    private String name;
    private SocketAddress address;
    private Type type = Type.RAWSOCKET;
    private boolean insecure;
    private int connections = 10_000;
    private int waiting = 64;
    private Duration helloTimeout = Duration.ofSeconds(5);
    private int messageBytes = 1 << 24;
    private int helloBytes = 64 << 10;
    private Duration pingInterval = Duration.ZERO;
    private List<String> origins = List.of();
    private List<String> hosts = List.of();
    private @Nullable Path tlsCertificates;
    private @Nullable Path tlsKey;
    private @Nullable Path tlsPasswordFile;
    private @Nullable String user;

    private ListenerConfig(String name, SocketAddress address) {
        this.name = name;
        this.address = address;
    }

    private ListenerConfig(ListenerConfig other) {
        name = other.name;
        address = other.address;
        type = other.type;
        insecure = other.insecure;
        connections = other.connections;
        waiting = other.waiting;
        helloTimeout = other.helloTimeout;
        messageBytes = other.messageBytes;
        helloBytes = other.helloBytes;
        pingInterval = other.pingInterval;
        origins = other.origins;
        hosts = other.hosts;
        tlsCertificates = other.tlsCertificates;
        tlsKey = other.tlsKey;
        tlsPasswordFile = other.tlsPasswordFile;
        user = other.user;
    }

    /**
     * A listener on a Unix socket. The socket's folder is made if it is not there and closed to all but its owner (0700), the socket is its
     * owner's alone (0600), and the user of each peer is asked from the kernel.
     */
    public static ListenerConfig unix(String name, Path path) {
        return new ListenerConfig(name, UnixDomainSocketAddress.of(path.toAbsolutePath()));
    }

    /** A listener on a TCP address; port 0 is a free one. */
    public static ListenerConfig tcp(String name, InetSocketAddress address) {
        return new ListenerConfig(name, address);
    }

    /**
     * The same, a Unix socket to which a user alone can connect that is not the one of this process. The socket's folder is to hold nothing
     * else; others can pass through it.
     *
     * @param value by name or number; this process must be allowed to give files away
     */
    public ListenerConfig withUser(String value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.user = value;
        return copy;
    }

    /** The same, speaking something else. */
    public ListenerConfig withType(Type value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.type = value;
        return copy;
    }

    /** The same, allowed on an address that others reach without encryption. */
    public ListenerConfig withInsecure(boolean value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.insecure = value;
        return copy;
    }

    /** The same with another {@link #connections()}. */
    public ListenerConfig withConnections(int value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.connections = positive("connections", value);
        return copy;
    }

    /** The same with another {@link #waiting()}. */
    public ListenerConfig withWaiting(int value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.waiting = positive("waiting", value);
        return copy;
    }

    /** The same with another {@link #helloTimeout()}. */
    public ListenerConfig withHelloTimeout(Duration value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.helloTimeout = value;
        return copy;
    }

    /** The same with another {@link #messageBytes()}. */
    public ListenerConfig withMessageBytes(int value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.messageBytes = positive("messageBytes", value);
        return copy;
    }

    /** The same with another {@link #helloBytes()}. */
    public ListenerConfig withHelloBytes(int value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.helloBytes = positive("helloBytes", value);
        return copy;
    }

    /** The same with another {@link #pingInterval()}. */
    public ListenerConfig withPingInterval(Duration value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.pingInterval = value;
        return copy;
    }

    /** The same with other {@link #origins()}. */
    public ListenerConfig withOrigins(List<String> value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.origins = List.copyOf(value);
        return copy;
    }

    /** The same with other {@link #hosts()}. */
    public ListenerConfig withHosts(List<String> value) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.hosts = List.copyOf(value);
        return copy;
    }

    /**
     * The same, encrypted by TLS. The files are read again when they have changed.
     *
     * @param certificates a file of PEM: the listener's certificate, and those that vouch for it
     * @param key a file of PEM: its private key as plain PKCS #8
     */
    public ListenerConfig withTls(Path certificates, Path key) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.tlsCertificates = certificates.toAbsolutePath();
        copy.tlsKey = key.toAbsolutePath();
        copy.tlsPasswordFile = null;
        return copy;
    }

    /**
     * The same, encrypted by TLS with what a store has. The files are read again when they have changed.
     *
     * @param store a store of PKCS #12 with one private key, its certificate and those that vouch for it
     * @param passwordFile has the password of store and key, as a line of text; {@code null} if it is empty
     */
    public ListenerConfig withTlsStore(Path store, @Nullable Path passwordFile) {
        ListenerConfig copy = new ListenerConfig(this);
        copy.tlsCertificates = null;
        copy.tlsKey = store.toAbsolutePath();
        copy.tlsPasswordFile = passwordFile == null ? null : passwordFile.toAbsolutePath();
        return copy;
    }

    private static int positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be 1 or more");
        }
        return value;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Where it listens: an {@link InetSocketAddress} or a {@link UnixDomainSocketAddress}. */
    public SocketAddress address() {
        return address;
    }

    /** What is spoken. */
    public Type type() {
        return type;
    }

    /** Whether it may be on an address that others reach without encryption. */
    public boolean isInsecure() {
        return insecure;
    }

    /** The most connections at one time, 10,000 if nothing is said. Each listener has places of its own. */
    public int connections() {
        return connections;
    }

    /** The most of them whose session has not joined, 64 if nothing is said: for one more the oldest has to go. */
    public int waiting() {
        return waiting;
    }

    /** How long a connection may be without a session that has joined, 5 s if nothing is said. */
    public Duration helloTimeout() {
        return helloTimeout;
    }

    /** The longest message it takes, 16 MiB if nothing is said; the limits of the router come on top. */
    public int messageBytes() {
        return messageBytes;
    }

    /** The longest message it takes before a session has joined, 64 KiB if nothing is said; the limits of the router come on top. */
    public int helloBytes() {
        return helloBytes;
    }

    /**
     * How long a connection may be silent before it is asked whether it is there, and how long it may take to say so; zero, the default, never
     * asks: some clients of RawSocket cannot answer.
     */
    public Duration pingInterval() {
        return pingInterval;
    }

    /**
     * Whose pages in a browser may come in by WebSocket over TCP, beside those that the same host and port have sent: {@code
     * https://example.org}, or {@code *} for everybody's. Empty if nothing is said.
     */
    public List<String> origins() {
        return origins;
    }

    /**
     * The names, without a port, by which a browser may reach a WebSocket over TCP, beside the address itself and {@code localhost}; others are
     * refused, so that no page has a name of its own lead here. Empty if nothing is said.
     */
    public List<String> hosts() {
        return hosts;
    }

    /** The file of its certificates, {@code null} if it is not encrypted, or its key's file is a store that has them. */
    public @Nullable Path tlsCertificates() {
        return tlsCertificates;
    }

    /** The file of its private key, {@code null} if it is not encrypted. */
    public @Nullable Path tlsKey() {
        return tlsKey;
    }

    /** The file with the password of its store, {@code null} if there is no store, or it has none. */
    public @Nullable Path tlsPasswordFile() {
        return tlsPasswordFile;
    }

    /** The user whose its Unix socket is, {@code null} for the one of this process. */
    public @Nullable String user() {
        return user;
    }

    /** Whether another one is of the same name, socket, type and encryption, so that {@link Listeners#change} can go from one to the other. */
    public boolean isSameSocket(ListenerConfig other) {
        return name.equals(other.name)
                && address.equals(other.address)
                && type == other.type
                && insecure == other.insecure
                && Objects.equals(tlsCertificates, other.tlsCertificates)
                && Objects.equals(tlsKey, other.tlsKey)
                && Objects.equals(tlsPasswordFile, other.tlsPasswordFile)
                && Objects.equals(user, other.user);
    }

    @Override
    public String toString() {
        return "listener '" + name + "' (" + type.toString().toLowerCase(Locale.ROOT) + " on " + address + ")";
    }
}
