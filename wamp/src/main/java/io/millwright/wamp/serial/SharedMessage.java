package io.millwright.wamp.serial;

import io.millwright.wamp.message.WampMessage;
import org.jspecify.annotations.Nullable;

/** A message for many sessions: its bytes are made once a serializer. Thread-safe. */
public final class SharedMessage {
    private final WampMessage message;
    private volatile @Nullable Form forms;

    @SuppressWarnings("ArrayRecordComponent") // shared on purpose, never compared
    private record Form(Serializer serializer, byte[] bytes, @Nullable Form next) {}

    private SharedMessage(WampMessage message) {
        this.message = message;
    }

    /** The message, to be shared. */
    public static SharedMessage of(WampMessage message) {
        return new SharedMessage(message);
    }

    /** The message itself. */
    public WampMessage message() {
        return message;
    }

    /**
     * Its bytes, not copied: they must not be changed.
     *
     * @throws io.millwright.wamp.WampEncodingException as {@link Serializer#encode}
     */
    public byte[] bytes(Serializer serializer) {
        Form known = forms;
        for (Form form = known; form != null; form = form.next()) {
            if (form.serializer() == serializer) {
                return form.bytes();
            }
        }
        byte[] bytes = serializer.encode(message);
        forms = new Form(serializer, bytes, known);
        return bytes;
    }
}
