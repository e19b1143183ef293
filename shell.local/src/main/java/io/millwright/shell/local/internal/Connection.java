package io.millwright.shell.local.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client. The server's thread calls it; the command runs in a thread of the pool and hands its end back. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final SocketChannel channel;
    private final SelectionKey key;
    private final String user;
    private final Executor pool;
    private final Interpreter interpreter;
    private final FrameReader frames = new FrameReader();
    private final FrameWriter writer;
    private final ClientInput input;
    private final long since = System.nanoTime();
    private volatile @Nullable Conversation conversation;

    /**
     * A client that has just connected.
     *
     * @param key of its non-blocking channel, with interest in reading
     * @param user the client's user
     * @param pool where commands run; may reject
     * @param interpreter finds the commands
     */
    Connection(SelectionKey key, String user, Executor pool, Interpreter interpreter) {
        this.channel = (SocketChannel) key.channel();
        this.key = key;
        this.user = user;
        this.pool = pool;
        this.interpreter = interpreter;
        this.writer = new FrameWriter(channel, this::askForRoom);
        this.input = new ClientInput(writer);
    }

    /** The channel is readable or writable. */
    void ready(ByteBuffer buffer) {
        try {
            if (key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                writer.roomAgain();
            }
            if (key.isReadable()) {
                int count = channel.read(buffer.clear());
                if (count < 0) {
                    close();
                    return;
                }
                frames.add(buffer.flip());
                for (FrameReader.Frame frame = frames.next(); frame != null; frame = frames.next()) {
                    accept(frame);
                }
            }
        } catch (ProtocolException e) {
            refuse(String.valueOf(e.getMessage()), Protocol.EXIT_USAGE);
        } catch (IOException e) {
            LOG.trace("the client is gone", e);
            close();
        }
    }

    private void accept(FrameReader.Frame frame) throws IOException {
        Conversation running = conversation;
        if (running == null) {
            begin(Request.parse(frame.type(), frame.payload()));
        } else if (frame.type() == Protocol.INPUT) {
            input.supply(frame.payload());
        } else if (frame.type() == Protocol.INTERRUPT) {
            running.interrupt();
        } else {
            throw new ProtocolException("a frame of unknown type " + frame.type());
        }
    }

    private void begin(Request request) {
        Conversation begun = new Conversation(request, user, interpreter, input, writer);
        conversation = begun;
        try {
            pool.execute(() -> answer(begun));
        } catch (RejectedExecutionException e) {
            refuse("the node answers as many commands as it can; end some and try again", Protocol.EXIT_FAILED);
        } catch (OutOfMemoryError e) {
            LOG.warn("No thread for a command: {}", e.getMessage());
            refuse(
                    "the node gets no thread for it: its user has as many processes and threads as allowed (ulimit -u);"
                            + " end some and try again",
                    Protocol.EXIT_FAILED);
        }
    }

    private void answer(Conversation begun) {
        try {
            writer.sendExit(begun.answer());
        } catch (IOException e) {
            LOG.trace("the client did not wait for the exit code", e);
        } finally {
            close();
        }
    }

    /** Whether it has not asked for anything yet. */
    boolean isIdle() {
        return conversation == null && channel.isOpen();
    }

    /** When it came, by {@link System#nanoTime()}. */
    long since() {
        return since;
    }

    /** Says no and hangs up, without waiting for the client. */
    void refuse(String why, int code) {
        try {
            writer.offer(Protocol.ERROR, (why + "\n").getBytes(StandardCharsets.UTF_8));
            writer.offer(Protocol.EXIT, ByteBuffer.allocate(4).putInt(code).array());
        } catch (IOException e) {
            LOG.trace("the client did not wait for the refusal", e);
        }
        close();
    }

    /** Ends the command but still lets it tell the client. */
    void cancel(String why) {
        Conversation running = conversation;
        if (running == null) {
            close();
        } else {
            running.cancel(why);
        }
    }

    /** Ends the command and the connection. Any thread; more than once is fine; does not block. */
    void close() {
        writer.close();
        Conversation running = conversation;
        if (running != null) {
            running.cancel("the client is gone");
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection failed", e);
        }
        // a closed channel's descriptor lives on until the selector has looked
        key.selector().wakeup();
    }

    private void askForRoom() {
        try {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            key.selector().wakeup();
        } catch (CancelledKeyException e) {
            writer.close();
        }
    }
}
