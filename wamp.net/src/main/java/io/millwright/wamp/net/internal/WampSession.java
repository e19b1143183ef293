package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.router.Connection;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.SharedMessage;
import java.util.Map;

/** The router's side of a connection on which the serializer is agreed. Used by the loop's thread, in which the router's turns run. */
final class WampSession implements Outbound {
    private final Link link;
    private final Wire wire;
    private final Serializer serializer;
    private final int peerTakes;
    private final Connection connection;
    private boolean joined;
    private long messages;
    private long receivedBytes;
    private long sentBytes;

    /**
     * A session that has not joined.
     *
     * @param peerTakes the longest message that the peer takes, in bytes
     */
    WampSession(Link link, Wire wire, Serializer serializer, int peerTakes, Router router, Peer peer) {
        this.link = link;
        this.wire = wire;
        this.serializer = serializer;
        this.peerTakes = peerTakes;
        this.connection = router.connect(peer, this);
    }

    boolean isWaiting() {
        return !joined;
    }

    /** How many have come. */
    long messages() {
        return messages;
    }

    /** How long a message may be now, in bytes. */
    int maxMessageBytes() {
        return connection.maxMessageBytes();
    }

    void received(byte[] bytes) {
        messages++;
        receivedBytes += bytes.length;
        WampMessage message;
        try {
            message = serializer.decode(bytes);
        } catch (WampProtocolException e) {
            wire.unreadable();
            connection.violation(e);
            return;
        }
        connection.receive(message);
    }

    /** The peer's bytes cannot be told apart any more: the end, in words. */
    void violation(WampProtocolException what) {
        connection.violation(what);
        link.end();
    }

    void expel(String uri, String words) {
        if (connection.isJoined()) {
            offer(SharedMessage.of(new Goodbye(Map.of("message", words), uri)));
        } else if (!joined) {
            offer(SharedMessage.of(new Abort(uri, words)));
        }
        // A session that has joined and is no more has had its GOODBYE.
        connection.closed(words);
        link.end();
    }

    void drained() {
        connection.drained();
    }

    void closed(String why) {
        connection.closed(why);
    }

    @Override
    public Offer offer(SharedMessage message) {
        if (!link.isOpen()) {
            return Offer.CLOSED;
        }
        byte[] bytes;
        try {
            bytes = message.bytes(serializer);
        } catch (WampEncodingException e) {
            return Offer.NO_FORM;
        }
        if (bytes.length > peerTakes) {
            return Offer.TOO_LARGE;
        }
        sentBytes += bytes.length;
        wire.message(bytes);
        if (!joined && connection.isJoined()) {
            joined = true;
            link.joined();
        }
        return Offer.TAKEN;
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long queuedBytes() {
        return link.queuedBytes();
    }

    @Override
    public void end() {
        link.end();
    }
}
