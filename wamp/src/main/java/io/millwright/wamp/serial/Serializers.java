package io.millwright.wamp.serial;

import io.millwright.wamp.internal.codec.CborCodec;
import io.millwright.wamp.internal.codec.JsonCodec;
import io.millwright.wamp.internal.codec.MsgPackCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The serializers there are. */
public final class Serializers {
    /**
     * JSON. Binary values are texts that begin with U+0000 and go on in Base64, by the protocol; so a text of that very form cannot be sent,
     * and one that begins with U+0000 and goes on otherwise is refused both ways. Floating point numbers are doubles.
     */
    public static final Serializer JSON = new JsonCodec();

    /** MessagePack. Extension types are refused, but {@code undefined} of a JavaScript library, which is {@code null}. */
    public static final Serializer MSGPACK = new MsgPackCodec();

    /** CBOR. Tags other than those of large whole numbers are passed over; {@code undefined} is {@code null}. */
    public static final Serializer CBOR = new CborCodec();

    private static final List<Serializer> ALL = List.of(JSON, MSGPACK, CBOR);

    private Serializers() {}

    /** All of them. */
    public static List<Serializer> all() {
        return ALL;
    }

    /** The serializer of a name, {@code null} if there is none. */
    public static @Nullable Serializer byName(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
    }

    /** The serializer of a number in a RawSocket handshake, {@code null} if there is none. */
    public static @Nullable Serializer byRawSocketId(int id) {
        return ALL.stream().filter(s -> s.rawSocketId() == id).findFirst().orElse(null);
    }

    /** The serializer of a WebSocket subprotocol, {@code null} if there is none. */
    public static @Nullable Serializer byWebSocketProtocol(String protocol) {
        return ALL.stream()
                .filter(s -> s.webSocketProtocol().equals(protocol))
                .findFirst()
                .orElse(null);
    }
}
