package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.EncodedPayload;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.serial.Serializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the serializers share: heads are decoded, payloads are checked and left as they are. */
abstract class Codec implements Serializer {
    abstract Output output();

    abstract Input input(byte[] bytes);

    @Override
    public final byte[] encode(WampMessage message) {
        List<Object> head = message.head();
        EncodedPayload payload = message.payload().in(this);
        Output output = output();
        output.beginList(head.size() + payload.elements());
        for (int i = 0; i < head.size(); i++) {
            output.separate(i == 0);
            output.value(head.get(i), 1);
        }
        if (payload.elements() > 0) {
            output.separate(false);
            output.out.put(payload.bytes(), payload.offset(), payload.length());
        }
        output.endList();
        return output.out.toArray();
    }

    @Override
    public final EncodedPayload encodePayload(List<?> elements) {
        Output output = output();
        for (int i = 0; i < elements.size(); i++) {
            output.separate(i == 0);
            output.value(elements.get(i), 1);
        }
        byte[] bytes = output.out.toArray();
        return new EncodedPayload(this, elements.size(), bytes, 0, bytes.length);
    }

    @Override
    public final WampMessage decode(byte[] bytes) {
        Input input = input(bytes);
        input.beginMessage();
        if (!input.hasNext()) {
            throw new WampProtocolException("a message is a list that begins with its code; this one is empty");
        }
        List<@Nullable Object> head = new ArrayList<>(5);
        head.add(input.next(true));
        MessageType type = MessageType.ofElement(head.get(0));
        int headLength = type.hasPayload() ? type.headLength(0) : type.longest();
        while (head.size() < headLength && input.hasNext()) {
            head.add(input.next(true));
        }
        boolean more = input.hasNext();
        if (!type.hasPayload() || !more) {
            end(input, type);
            return WampMessage.parse(type, head, Payload.EMPTY);
        }
        int begin = input.begin();
        Object first = input.next(false);
        Object second = input.hasNext() ? input.next(false) : null;
        int elements = second == null ? 1 : 2;
        EncodedPayload encoded = new EncodedPayload(this, elements, bytes, begin, input.end() - begin);
        end(input, type);
        boolean arguments = first instanceof List && (elements == 1 || second instanceof Map);
        boolean opaque = first instanceof byte[] && elements == 1;
        if ((arguments || opaque) && !input.mustDecode()) {
            return WampMessage.parse(type, head, Payload.encoded(encoded));
        }
        head.addAll(decodePayload(encoded));
        return WampMessage.parse(head);
    }

    private static void end(Input input, MessageType type) {
        if (input.hasNext()) {
            type.checkLength(type.longest() + 1);
        }
        input.endMessage();
    }
}
