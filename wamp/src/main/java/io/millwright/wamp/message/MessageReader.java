package io.millwright.wamp.message;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampProtocolException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the elements before the payload, and says which is wrong. Not thread-safe. */
final class MessageReader {
    private final MessageType type;
    private final List<?> head;

    private MessageReader(MessageType type, List<?> head) {
        this.type = type;
        this.head = head;
    }

    static WampMessage read(MessageType type, List<?> head, Payload payload) {
        type.checkLength(head.size() + payload.size());
        if (head.size() != type.headLength(head.size() + payload.size()) || code(head.get(0)) != type.code()) {
            throw new WampProtocolException("the first " + head.size() + " elements of a list are no head of " + type);
        }
        MessageReader reader = new MessageReader(type, head);
        try {
            return reader.read(payload);
        } catch (WampProtocolException e) {
            throw reader.inRequest(e);
        }
    }

    private WampMessage read(Payload payload) {
        return switch (type) {
            case HELLO -> new Hello(text(1, "realm"), dict(2, "details"));
            case WELCOME -> new Welcome(id(1, "session"), dict(2, "details"));
            case ABORT -> new Abort(dict(1, "details"), text(2, "reason"), payload);
            case CHALLENGE -> new Challenge(text(1, "method"), dict(2, "extra"));
            case AUTHENTICATE -> new Authenticate(text(1, "signature"), dict(2, "extra"));
            case GOODBYE -> new Goodbye(dict(1, "details"), text(2, "reason"));
            case ERROR ->
                new ErrorMessage(requestType(), id(2, "request"), dict(3, "details"), text(4, "error"), payload);
            case PUBLISH -> new Publish(id(1, "request"), dict(2, "options"), text(3, "topic"), payload);
            case PUBLISHED -> new Published(id(1, "request"), id(2, "publication"));
            case SUBSCRIBE -> new Subscribe(id(1, "request"), dict(2, "options"), text(3, "topic"));
            case SUBSCRIBED -> new Subscribed(id(1, "request"), id(2, "subscription"));
            case UNSUBSCRIBE -> new Unsubscribe(id(1, "request"), id(2, "subscription"));
            case UNSUBSCRIBED -> new Unsubscribed(number(1, "request"), optionalDict(2, "details"));
            case EVENT -> new Event(id(1, "subscription"), id(2, "publication"), dict(3, "details"), payload);
            case EVENT_RECEIVED -> new EventReceived(id(1, "publication"));
            case CALL -> new Call(id(1, "request"), dict(2, "options"), text(3, "procedure"), payload);
            case CANCEL -> new Cancel(id(1, "request"), dict(2, "options"));
            case RESULT -> new Result(id(1, "request"), dict(2, "details"), payload);
            case REGISTER -> new Register(id(1, "request"), dict(2, "options"), text(3, "procedure"));
            case REGISTERED -> new Registered(id(1, "request"), id(2, "registration"));
            case UNREGISTER -> new Unregister(id(1, "request"), id(2, "registration"));
            case UNREGISTERED -> new Unregistered(number(1, "request"), optionalDict(2, "details"));
            case INVOCATION -> new Invocation(id(1, "request"), id(2, "registration"), dict(3, "details"), payload);
            case INTERRUPT -> new Interrupt(id(1, "request"), dict(2, "options"));
            case YIELD -> new Yield(id(1, "request"), dict(2, "options"), payload);
        };
    }

    /** A request with an id that has a wrong URI or option can be answered; all else that is wrong ends the session. */
    private WampProtocolException inRequest(WampProtocolException e) {
        boolean request = type == MessageType.PUBLISH
                || type == MessageType.SUBSCRIBE
                || type == MessageType.CALL
                || type == MessageType.REGISTER;
        Long id = request ? whole(head.get(1)) : null;
        boolean shaped = id != null && Ids.isId(id) && head.get(2) instanceof Map && head.get(3) instanceof String;
        if (id == null || !shaped) {
            return e;
        }
        boolean waits = type != MessageType.PUBLISH || Options.flag(dict(2, "options"), "acknowledge");
        return e.inRequest(type.code(), id, waits);
    }

    private int requestType() {
        long code = number(1, "type of the request");
        try {
            return MessageType.of(code).code();
        } catch (WampProtocolException e) {
            throw wrong(1, "type of the request", "the code of a message");
        }
    }

    private long id(int index, String name) {
        long id = number(index, name);
        if (!Ids.isId(id)) {
            throw wrong(index, name, "an id from 1 to 2^53");
        }
        return id;
    }

    private long number(int index, String name) {
        Long number = whole(head.get(index));
        if (number == null) {
            throw wrong(index, name, "an id from 1 to 2^53");
        }
        return number;
    }

    private String text(int index, String name) {
        if (head.get(index) instanceof String text) {
            return text;
        }
        throw wrong(index, name, "a text");
    }

    @SuppressWarnings("unchecked") // the keys are looked at, and values are any
    private Map<String, Object> dict(int index, String name) {
        if (head.get(index) instanceof Map<?, ?> map) {
            for (Object key : map.keySet()) {
                if (!(key instanceof String)) {
                    throw wrong(index, name, "a dictionary whose keys are texts");
                }
            }
            return (Map<String, Object>) map;
        }
        throw wrong(index, name, "a dictionary");
    }

    private Map<String, Object> optionalDict(int index, String name) {
        return head.size() > index ? dict(index, name) : Map.of();
    }

    private WampProtocolException wrong(int index, String name, String right) {
        return new WampProtocolException("the " + name + " of " + type + " (element " + index + ") is "
                + kind(head.get(index)) + "; it must be " + right);
    }

    /** What a value is, not the value: it is a peer's, and may be a secret. */
    static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Number number) {
            Long whole = whole(number);
            return whole == null ? "a number that is not whole or too large" : "the number " + whole;
        }
        return value instanceof String
                ? "a text"
                : value instanceof Map ? "a dictionary" : value instanceof List ? "a list" : "a value of another kind";
    }

    static long code(@Nullable Object value) {
        Long code = whole(value);
        if (code == null) {
            throw new WampProtocolException("a message begins with its code, a number; this one with " + kind(value));
        }
        return code;
    }

    /** A whole number; as a floating point number too, since some JavaScript serializers write what is above 32 bits so. */
    static @Nullable Long whole(@Nullable Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return number == Math.rint(number) && Math.abs(number) <= Ids.MAX ? (Long) (long) number : null;
        }
        return value instanceof BigInteger big && big.bitLength() < 64 ? (Long) big.longValue() : null;
    }
}
