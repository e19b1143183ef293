package io.millwright.wamp.message;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A form in which payloads are sent, a serializer's. One object a form, compared by identity. */
@ConsumerType
public interface PayloadFormat {
    /**
     * The elements of a payload as they stand in a message, one after the other.
     *
     * @throws io.millwright.wamp.WampEncodingException if a value has no form
     */
    EncodedPayload encodePayload(List<?> elements);

    /**
     * The elements again.
     *
     * @throws io.millwright.wamp.WampProtocolException if the bytes are none
     */
    List<Object> decodePayload(EncodedPayload encoded);
}
