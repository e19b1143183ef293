package io.millwright.shell.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A command's standard output or error: each write is a frame at once, so that a follower's lines are never held back.
 * Thread-safe as its writer is. Closing does nothing: Gogo closes the streams of an interrupted line, and the session
 * goes on.
 */
final class FrameOutput extends OutputStream {
    private static final int MAX_CHUNK = 32 << 10;

    private final FrameWriter writer;
    private final byte type;

    private FrameOutput(FrameWriter writer, byte type) {
        this.writer = writer;
        this.type = type;
    }

    static PrintStream printer(FrameWriter writer, byte type) {
        // auto-flush also takes PrintStream's own buffer out of the way; the bytes are UTF-8 whatever the JVM's locale
        return new PrintStream(new FrameOutput(writer, type), true, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        for (int at = offset; at < offset + length; at += MAX_CHUNK) {
            writer.send(type, data, at, Math.min(MAX_CHUNK, offset + length - at));
        }
    }
}
