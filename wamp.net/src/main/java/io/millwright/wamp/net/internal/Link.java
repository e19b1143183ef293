package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.router.RouterTimer.Timeout;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection: its channel, what waits to be written, and its end. Used by the loop's thread. */
final class Link implements Loop.Handler {
    /** How long a peer may take to read what was sent before the end. */
    static final Duration GRACE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    /** As soon as so much waits it is written, before the end of the round. */
    private static final int EAGER = 64 << 10;
    /** So much is read in a turn of a connection whose messages are short, and more if they are long. */
    private static final int LEAST_READ = 4 << 10;

    private static final int MOST_READ = 64 << 10;
    /** A turn may have more of them only where so little was read. */
    private static final int MANY_MESSAGES = 16;

    private enum State {
        OPEN,
        /** What waits is written, then the output ends; what comes is passed over until the peer hangs up. */
        ENDING,
        CLOSED
    }

    private final Loop loop;
    private final SocketChannel channel;
    private final Listener owner;
    /** As the listener was when the connection came. */
    private final ListenerConfig config;

    private final Outgoing outgoing = new Outgoing();
    private final SelectionKey key;
    private Pipe pipe;
    private Wire wire;
    private State state = State.OPEN;
    private boolean atRoundEnd;
    private boolean asked;
    private boolean heard;
    private int readNow = LEAST_READ;
    private @Nullable Timeout hello;
    private @Nullable Timeout grace;
    private @Nullable Timeout ping;

    /** A link; until it is {@link #open} it does nothing. */
    @SuppressWarnings("NullAway.Init") // the wire and the pipe come with open()
    Link(Loop loop, SocketChannel channel, Listener owner) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.owner = owner;
        this.config = owner.config();
        channel.configureBlocking(false);
        this.key = channel.register(loop.selector(), 0, this);
    }

    void open(Pipe through, Wire spoken) {
        pipe = through;
        wire = spoken;
        key.interestOps(SelectionKey.OP_READ);
        hello = loop.schedule(this::noHello, config.helloTimeout());
        if (!config.pingInterval().isZero()) {
            ping = loop.schedule(this::askIfSilent, config.pingInterval());
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isWaiting() {
        return wire.isWaiting();
    }

    /** The address of this side. */
    SocketAddress localAddress() throws IOException {
        return channel.getLocalAddress();
    }

    long queuedBytes() {
        return outgoing.size();
    }

    /** Where a wire puts what it writes; {@link #written()} follows. */
    Outgoing outgoing() {
        return outgoing;
    }

    /** Something was put into the queue. */
    void written() {
        if (outgoing.size() >= EAGER && (key.interestOps() & SelectionKey.OP_WRITE) == 0) {
            flush();
        } else if (!atRoundEnd) {
            atRoundEnd = true;
            loop.atRoundEnd(this::flushAtRoundEnd);
        }
    }

    /** A session has joined. */
    void joined() {
        cancel(hello);
        owner.joined(this);
    }

    void expel(String uri, String words) {
        if (state == State.OPEN) {
            wire.expel(uri, words);
        }
    }

    /** Closes the connection as soon as all is written and the peer has hung up, or the grace is over. */
    void end() {
        if (state != State.OPEN) {
            return;
        }
        state = State.ENDING;
        cancel(hello);
        cancel(ping);
        grace = loop.schedule(() -> lost("it did not read what was sent before the end"), GRACE);
        wire.farewell();
        written();
    }

    /** The connection is gone. */
    void lost(String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        cancel(hello);
        cancel(ping);
        cancel(grace);
        outgoing.clear();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a connection failed", e);
        }
        owner.gone(this);
        wire.closed(why);
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (ready.isReadable()) {
            read();
        }
        if (ready.isValid() && ready.isWritable()) {
            flush();
        }
    }

    private void read() throws IOException {
        if (pipe.isResting()) {
            // The selector would report what has come again and again.
            key.interestOpsAnd(~SelectionKey.OP_READ);
            return;
        }
        ByteBuffer bytes = loop.input();
        int count = pipe.read(bytes, readNow);
        if (count < 0) {
            lost("it has closed the connection");
        } else if (state == State.OPEN && count > 0) {
            heard = true;
            long before = wire.messages();
            wire.read(bytes.flip());
            // Others wait meanwhile for what all these messages ask for.
            if (wire.messages() - before > MANY_MESSAGES) {
                readNow = LEAST_READ;
            } else if (count >= readNow) {
                readNow = Math.min(2 * readNow, MOST_READ);
            }
        }
    }

    /** What the pipe waited for is done. */
    void resume() {
        if (state != State.CLOSED) {
            key.interestOpsOr(SelectionKey.OP_READ);
            try {
                read();
            } catch (IOException e) {
                failed(e);
            }
            flushAtRoundEnd();
        }
    }

    private void flushAtRoundEnd() {
        atRoundEnd = false;
        if (state != State.CLOSED && (key.interestOps() & SelectionKey.OP_WRITE) == 0) {
            flush();
        }
    }

    private void flush() {
        try {
            if (!pipe.write(outgoing)) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
                return;
            }
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            if (!outgoing.isEmpty()) {
                return;
            }
            if (state == State.ENDING) {
                pipe.finish();
            } else {
                wire.drained();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("A connection of {} failed: {}", owner, cause.toString(), cause);
        }
        String why = "the connection broke: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        if (state == State.OPEN && wire.session() == null) {
            owner.refused(why);
        }
        lost(why);
    }

    private void noHello() {
        if (wire.isWaiting()) {
            expel(
                    WampErrors.TIMEOUT,
                    "no session was opened within " + config.helloTimeout().toMillis() + " ms");
        }
    }

    private void askIfSilent() {
        if (state != State.OPEN) {
            return;
        }
        if (!heard && asked) {
            lost("it does not answer");
            return;
        }
        if (!heard) {
            wire.ping();
        }
        asked = !heard;
        heard = false;
        ping = loop.schedule(this::askIfSilent, config.pingInterval());
    }

    private static void cancel(@Nullable Timeout timeout) {
        if (timeout != null) {
            timeout.cancel();
        }
    }
}
