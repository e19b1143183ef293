package io.millwright.wamp.rawsocket;

import io.millwright.wamp.WampProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes as they come and gives whole frames. Memory for a content is taken as its bytes arrive, not when its length is announced. Used by one
 * thread at a time.
 */
public final class FrameReader {
    private static final int FIRST = 8192;

    /** Told of whole frames, in their order, by the thread that brings the bytes. */
    @FunctionalInterface
    public interface Handler {
        /** A whole frame; the array is the handler's. */
        void frame(Frames.Kind kind, byte[] content);
    }

    private int maxLength;
    private final ByteBuffer header = ByteBuffer.allocate(Frames.HEADER);
    private byte @Nullable [] content;
    private int length;
    private int filled;

    /**
     * A reader.
     *
     * @param maxLength the longest content it takes in bytes, as said in the handshake
     */
    public FrameReader(int maxLength) {
        this.maxLength = maxLength;
    }

    /** Takes longer or shorter contents from the next header on: a listener takes little before authentication. */
    public void maxLength(int bytes) {
        maxLength = bytes;
    }

    /** How many bytes of an unfinished frame are kept. */
    public int pending() {
        byte[] some = content;
        return some == null ? header.position() : some.length;
    }

    /**
     * Takes all bytes of a buffer.
     *
     * @throws WampProtocolException if reserved bits are set or a frame is too long: the connection is to be closed
     */
    public void read(ByteBuffer bytes, Handler handler) {
        while (bytes.hasRemaining()) {
            if (content == null) {
                while (bytes.hasRemaining() && header.hasRemaining()) {
                    header.put(bytes.get());
                }
                if (header.hasRemaining()) {
                    return;
                }
                begin();
            }
            fill(bytes, handler);
        }
        // An empty frame has no bytes left to wait for.
        if (content != null && length == 0) {
            fill(bytes, handler);
        }
    }

    private void begin() {
        int first = header.getInt(0);
        Frames.kind(first);
        length = Frames.length(first);
        if (length > maxLength) {
            throw new WampProtocolException(
                    "a frame of " + length + " bytes is announced; the longest that is taken has " + maxLength);
        }
        content = new byte[Math.min(length, FIRST)];
        filled = 0;
    }

    private void fill(ByteBuffer bytes, Handler handler) {
        byte[] some = content;
        if (some == null) {
            return;
        }
        int count = Math.min(bytes.remaining(), length - filled);
        if (filled + count > some.length) {
            int grown = Math.min(length, Math.max(filled + count, 2 * some.length));
            some = Arrays.copyOf(some, grown);
            content = some;
        }
        bytes.get(some, filled, count);
        filled += count;
        if (filled == length) {
            Frames.Kind kind = Frames.kind(header.getInt(0));
            content = null;
            header.clear();
            handler.frame(kind, some);
        }
    }
}
