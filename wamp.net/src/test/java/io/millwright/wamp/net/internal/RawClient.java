package io.millwright.wamp.net.internal;

import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.rawsocket.Frames;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.Map;

/** A client of RawSocket that does what it is told, right or wrong. Blocks. */
public final class RawClient implements AutoCloseable {
    final SocketChannel channel;
    private final Serializer serializer;

    private RawClient(SocketChannel channel, Serializer serializer) {
        this.channel = channel;
        this.serializer = serializer;
    }

    /** Connected, and nothing sent. */
    public static RawClient connect(SocketAddress address, Serializer serializer) throws IOException {
        return new RawClient(SocketChannel.open(address), serializer);
    }

    /** Connected, and the handshake done. */
    public static RawClient open(SocketAddress address, Serializer serializer, int takes) throws IOException {
        RawClient client = connect(address, serializer);
        client.write(Handshake.of(serializer, takes).octets());
        Handshake.of(serializer, takes).ofRouter(client.read(4));
        return client;
    }

    /** Connected, and the session has joined. */
    public static RawClient join(SocketAddress address, Serializer serializer) throws IOException {
        RawClient client = open(address, serializer, Handshake.LONGEST);
        client.hello();
        return client;
    }

    public WampMessage hello() throws IOException {
        return hello("realm");
    }

    public WampMessage hello(String realm) throws IOException {
        send(new Hello(realm, Map.of("roles", Map.of("caller", Map.of()))));
        return receive();
    }

    public WampMessage call(long request, String procedure, Object... args) throws IOException {
        send(new Call(request, Map.of(), procedure, Payload.args(args)));
        return receive();
    }

    public void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    public void hex(String bytes) throws IOException {
        write(HexFormat.of().parseHex(bytes));
    }

    public byte[] read(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the end after " + buffer.position() + " bytes");
            }
        }
        return buffer.array();
    }

    public void send(WampMessage message) throws IOException {
        frame(Frames.Kind.MESSAGE, serializer.encode(message));
    }

    public void frame(Frames.Kind kind, byte[] content) throws IOException {
        ByteBuffer frame = Frames.frame(kind, content);
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** The next frame's content, of whatever kind. */
    public byte[] frame() throws IOException {
        return read(Frames.length(ByteBuffer.wrap(read(Frames.HEADER)).getInt()));
    }

    public WampMessage receive() throws IOException {
        return serializer.decode(frame());
    }

    /** Reads until the other side hangs up; how many bytes it were. */
    public long untilEnd() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long count = 0;
        try {
            for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer.clear())) {
                count += read;
            }
        } catch (SocketException e) {
            return count;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
