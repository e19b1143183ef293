package io.millwright.shell.local.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts what a client sends into frames. For the server's thread only. */
final class FrameReader {
    /** A frame as it came; the payload is a copy. */
    record Frame(byte type, ByteBuffer payload) {}

    private static final int HEADER = 5;

    private byte[] bytes = new byte[1024];
    private int filled;
    private boolean opened;

    /** Takes over the content of {@code chunk}. */
    void add(ByteBuffer chunk) {
        int length = chunk.remaining();
        if (bytes.length - filled < length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, filled + length));
        }
        chunk.get(bytes, filled, length);
        filled += length;
    }

    /** The next whole frame, or {@code null} when more bytes are needed. */
    @Nullable
    Frame next() throws ProtocolException {
        if (!opened && !open()) {
            return null;
        }
        if (filled < HEADER) {
            return null;
        }
        int length = ByteBuffer.wrap(bytes).getInt(1);
        if (length < 0 || length > Protocol.MAX_FRAME) {
            throw new ProtocolException("a frame of " + (length & 0xffffffffL) + " bytes is longer than "
                    + Protocol.MAX_FRAME + " bytes; send long values as input (-) or in a file");
        }
        if (filled - HEADER < length) {
            return null;
        }
        Frame frame = new Frame(bytes[0], ByteBuffer.wrap(Arrays.copyOfRange(bytes, HEADER, HEADER + length)));
        drop(HEADER + length);
        return frame;
    }

    private boolean open() throws ProtocolException {
        int length = Math.min(filled, Protocol.OPENING.length);
        if (!Arrays.equals(bytes, 0, Math.min(length, 3), Protocol.OPENING, 0, Math.min(length, 3))) {
            throw new ProtocolException("this is the command socket of a Millwright node; use bin/millwright");
        }
        if (length < Protocol.OPENING.length) {
            return false;
        }
        if (bytes[3] != Protocol.OPENING[3]) {
            throw new ProtocolException(
                    "the client speaks version " + bytes[3] + " of the protocol and the node version "
                            + Protocol.OPENING[3] + "; use the bin/millwright of the node's own installation");
        }
        drop(Protocol.OPENING.length);
        opened = true;
        return true;
    }

    private void drop(int count) {
        System.arraycopy(bytes, count, bytes, 0, filled - count);
        filled -= count;
    }
}
