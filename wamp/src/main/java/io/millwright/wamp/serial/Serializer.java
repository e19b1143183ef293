package io.millwright.wamp.serial;

import io.millwright.wamp.message.PayloadFormat;
import io.millwright.wamp.message.WampMessage;
import org.osgi.annotation.versioning.ProviderType;

/** Messages to bytes and back. Thread-safe, does not block. How large a message may be is its transport's to say. */
@ProviderType
public interface Serializer extends PayloadFormat {
    /** How deep lists and dictionaries may be in each other, the message itself counted. */
    int MAX_DEPTH = 100;

    /** How many values a message may have, those in lists and dictionaries counted: each costs more memory than bytes. */
    int MAX_VALUES = 1_000_000;

    /** How many decimal digits a whole number may have. */
    int MAX_DIGITS = 1000;

    /** {@code json}, {@code msgpack} or {@code cbor}. */
    String name();

    /** The number in a RawSocket handshake. */
    int rawSocketId();

    /** The name of the WebSocket subprotocol. */
    default String webSocketProtocol() {
        return "wamp.2." + name();
    }

    /** Whether a WebSocket carries it in binary messages. */
    boolean isBinary();

    /**
     * The bytes of a message, a new array.
     *
     * @throws io.millwright.wamp.WampEncodingException if a value has no form: NaN and infinity in JSON, what is nested too deeply, a class
     *     that is no WAMP value
     */
    byte[] encode(WampMessage message);

    /**
     * The message of these bytes. All of it is checked; its payload is decoded when somebody looks. The array is the message's from now on:
     * it must not be changed.
     *
     * @throws io.millwright.wamp.WampProtocolException if they are none, with a sentence; nothing else is thrown, and what is allocated before
     *     is in proportion to the bytes
     */
    WampMessage decode(byte[] bytes);
}
