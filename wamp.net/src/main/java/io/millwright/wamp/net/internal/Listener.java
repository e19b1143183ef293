package io.millwright.wamp.net.internal;

import io.millwright.sockets.SocketFile;
import io.millwright.sockets.SpareDescriptor;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.net.Complaints;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.rawsocket.Handshake.Refusal;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener and its connections. Used by the loop's thread. */
final class Listener implements Loop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    /** Long enough to cost nothing, short enough for a peer that waits. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final int ACCEPT_AT_ONCE = 64;

    private final Loop loop;
    private final Router router;
    private ListenerConfig config;
    private final ServerSocketChannel server;
    private final @Nullable SocketFile file;
    private final @Nullable Tls tls;
    private final SocketAddress address;
    private final SpareDescriptor spare = new SpareDescriptor(new byte[0]);
    private final Complaints complaints = new Complaints(LOG::warn, System::nanoTime);
    private final Set<Link> links = new LinkedHashSet<>();
    /** Those whose session has not joined, the oldest first. */
    private final Set<Link> waiting = new LinkedHashSet<>();

    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private boolean closing;
    private long taken;
    private long refused;
    private long failedAccepts;
    private String trouble = "";

    /** A listener on a channel that is bound already; {@link #start} begins. */
    Listener(
            Loop loop,
            Router router,
            ListenerConfig config,
            ServerSocketChannel server,
            @Nullable SocketFile file,
            @Nullable Tls tls)
            throws IOException {
        this.loop = loop;
        this.router = router;
        this.config = config;
        this.server = server;
        this.file = file;
        this.tls = tls;
        this.address = server.getLocalAddress();
    }

    void start() throws IOException {
        server.register(loop.selector(), SelectionKey.OP_ACCEPT, this);
        spare.open();
        LOG.info("Listening for sessions: {}", this);
    }

    ListenerConfig config() {
        return config;
    }

    /** Those that wait keep the time that they had. */
    void change(ListenerConfig next) {
        config = next;
    }

    ListenerInfo info() {
        String all = tls == null || !trouble.isEmpty() ? trouble : tls.trouble();
        ListenerInfo info = ListenerInfo.of(config, address, links.size(), waiting.size(), taken, refused, all);
        return tls == null ? info : info.withCertificateEnds(tls.ends());
    }

    /** Complete when {@link #info} knows of changed files of TLS. For any thread. */
    CompletableFuture<Void> looked() {
        return tls == null ? CompletableFuture.completedFuture(null) : tls.looked();
    }

    /** Ends it and its sessions, in words; the stage is complete when the last connection is gone. */
    CompletableFuture<Void> close() {
        if (!closing) {
            closing = true;
            try {
                server.close();
                if (file != null) {
                    file.remove();
                }
            } catch (IOException e) {
                LOG.warn("Closing the {} failed: {}", this, e.toString(), e);
            }
            spare.close();
            if (tls != null) {
                tls.close();
            }
            for (Link link : List.copyOf(links)) {
                link.expel(WampErrors.SYSTEM_SHUTDOWN, "the listener '" + config.name() + "' is closed");
            }
            completeIfEmpty();
        }
        return empty;
    }

    /** Closes all connections now. */
    void abandon() {
        List.copyOf(links).forEach(link -> link.lost("the listener is closed"));
    }

    private void completeIfEmpty() {
        if (closing && links.isEmpty()) {
            empty.complete(null);
        }
    }

    void joined(Link link) {
        waiting.remove(link);
    }

    void gone(Link link) {
        waiting.remove(link);
        links.remove(link);
        completeIfEmpty();
    }

    /** A connection is refused before the router knows of it. */
    void refused(String why) {
        refused++;
        if (!closing) {
            complaints.say("A connection to the " + this + " is refused: " + why);
        }
    }

    @Override
    public void ready(SelectionKey key) {
        for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
            SocketChannel channel;
            try {
                channel = server.accept();
            } catch (IOException e) {
                cannotAccept(key, e);
                return;
            }
            if (channel == null) {
                return;
            }
            canAccept();
            take(channel);
        }
    }

    @Override
    public void failed(Throwable cause) {
        LOG.error("The {} failed: {}", this, cause.toString(), cause);
    }

    /** A peer that cannot be taken stays in the queue, and the selector would report it again at once: hence the pause. */
    private void cannotAccept(SelectionKey key, IOException cause) {
        trouble = "it cannot take a connection now: "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        if (failedAccepts++ == 0) {
            LOG.warn(
                    "The {} has trouble: {}. It is tried again until it can; raise the limit of open files (ulimit -n) if that is"
                            + " missing",
                    this,
                    trouble);
        }
        while (spare.refuseOne(server)) {
            refused++;
        }
        key.interestOps(0);
        loop.schedule(
                () -> {
                    if (key.isValid()) {
                        key.interestOps(SelectionKey.OP_ACCEPT);
                    }
                },
                PAUSE);
    }

    private void canAccept() {
        if (failedAccepts > 0) {
            LOG.info("The {} takes connections again, after {} failed attempts", this, failedAccepts);
            failedAccepts = 0;
            trouble = "";
        }
    }

    private void take(SocketChannel channel) {
        taken++;
        try {
            if (links.size() >= config.connections() && waiting.isEmpty()) {
                turnAway(channel);
                return;
            }
            if (waiting.size() >= config.waiting() || links.size() >= config.connections()) {
                makeRoom();
            }
            if (channel.getRemoteAddress() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
            Peer peer = peer(channel);
            Link link = new Link(loop, channel, this);
            links.add(link);
            waiting.add(link);
            Pipe pipe = tls == null ? Pipe.plain(loop, channel) : tls.pipe(loop, channel, link::resume);
            link.open(
                    pipe,
                    wire(
                            link,
                            (wire, serializer, peerTakes) -> new WampSession(
                                    link, wire, serializer, peerTakes, router, described(peer, serializer.name()))));
        } catch (IOException | RuntimeException e) {
            refused("it broke at once: " + e);
            closeQuietly(channel);
        }
    }

    private Wire wire(Link link, Sessions sessions) {
        return isWebSocket() ? new WebSocketWire(link, this, sessions) : new RawSocketWire(link, this, sessions);
    }

    private boolean isWebSocket() {
        return config.type() == ListenerConfig.Type.WEBSOCKET;
    }

    private void makeRoom() {
        Link oldest = waiting.iterator().next();
        waiting.remove(oldest);
        oldest.expel(
                WampErrors.UNAVAILABLE,
                "its place was needed: of the connections without a session the oldest goes first");
    }

    /** Hung up on at once: a connection that says why would need a place too. */
    private void turnAway(SocketChannel channel) throws IOException {
        refused("all " + config.connections() + " places are taken");
        try (channel) {
            channel.configureBlocking(false);
            channel.write(
                    ByteBuffer.wrap(isWebSocket() ? WebSocketWire.noPlace() : Refusal.TOO_MANY_CONNECTIONS.octets()));
        }
    }

    private Peer peer(SocketChannel channel) throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress remote) {
            String host = remote.getAddress().getHostAddress();
            Peer peer = Peer.of(config.name(), host + ":" + remote.getPort(), host);
            return tls != null || remote.getAddress().isLoopbackAddress() ? peer.asConfidential() : peer;
        }
        long user = PeerUser.of(channel);
        String host = user < 0 ? "unix" : "user " + user;
        return Peer.of(config.name(), "unix", host).withUid(user).asConfidential();
    }

    private Peer described(Peer peer, String serializer) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("type", config.type().name().toLowerCase(Locale.ROOT));
        details.put("serializer", serializer);
        if (tls != null) {
            details.put("encrypted", true);
        }
        return peer.withTransport(details);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a connection failed", e);
        }
    }

    @Override
    public String toString() {
        String type = config.type().name().toLowerCase(Locale.ROOT);
        String where = address instanceof UnixDomainSocketAddress ? "the socket " + address : String.valueOf(address);
        return "listener '" + config.name() + "' (" + type + " on " + where + ")";
    }
}
