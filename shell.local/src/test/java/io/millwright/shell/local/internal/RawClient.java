package io.millwright.shell.local.internal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Speaks the protocol, rightly or wrongly. For one thread. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final DataInputStream in;
    private String out = "";
    /** How often the node has asked for input that it was not given yet. */
    private int asked;

    String err = "";

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    RawClient open() throws IOException {
        return bytes(Protocol.OPENING);
    }

    RawClient bytes(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    RawClient frame(char type, String payload) throws IOException {
        return frame(type, payload.getBytes(StandardCharsets.UTF_8));
    }

    RawClient frame(char type, byte[] payload) throws IOException {
        return bytes(ByteBuffer.allocate(5 + payload.length)
                .put((byte) type)
                .putInt(payload.length)
                .put(payload)
                .array());
    }

    /** Sends input as soon as the node asks for it, which it does after its prompt; before that it would be refused. */
    RawClient input(String text) throws IOException {
        while (asked == 0) {
            if (next() != null) {
                throw new EOFException("ended without asking for input");
            }
        }
        asked--;
        return frame('I', text);
    }

    RawClient request(char type, int flags, String... strings) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096).putShort((short) 80).put((byte) flags);
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            buffer.putInt(bytes.length).put(bytes);
        }
        byte[] payload = new byte[buffer.flip().remaining()];
        buffer.get(payload);
        return frame(type, payload);
    }

    /** The next {@code length} characters of output. */
    String output(int length) throws IOException {
        while (out.length() < length) {
            if (next() != null) {
                throw new EOFException("ended after '" + out + "'");
            }
        }
        String head = out.substring(0, length);
        out = out.substring(length);
        return head;
    }

    int exit() throws IOException {
        while (true) {
            Integer code = next();
            if (code != null) {
                return code;
            }
        }
    }

    private @Nullable Integer next() throws IOException {
        char type = (char) in.readByte();
        byte[] payload = in.readNBytes(in.readInt());
        if (type == 'O') {
            out += new String(payload, StandardCharsets.UTF_8);
        } else if (type == 'E') {
            err += new String(payload, StandardCharsets.UTF_8);
        } else if (type == Protocol.NEED_INPUT) {
            asked++;
        }
        return type == 'X' ? ByteBuffer.wrap(payload).getInt() : null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
