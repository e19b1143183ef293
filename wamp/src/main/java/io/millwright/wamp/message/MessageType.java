package io.millwright.wamp.message;

import io.millwright.wamp.WampProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages' codes and shapes. Will grow: a switch needs a default branch. */
public enum MessageType {
    /** A client opens a session. */
    HELLO(1, 3, 0),
    /** A router opens a session. */
    WELCOME(2, 3, 0),
    /** No session, or no longer. */
    ABORT(3, 3, 2),
    /** A router asks for a proof. */
    CHALLENGE(4, 3, 0),
    /** A client proves who it is. */
    AUTHENTICATE(5, 3, 0),
    /** A session is left, or its leaving is answered. */
    GOODBYE(6, 3, 0),
    /** A request failed. */
    ERROR(8, 5, 2),
    /** A client publishes. */
    PUBLISH(16, 4, 2),
    /** A publication is acknowledged. */
    PUBLISHED(17, 3, 0),
    /** A client subscribes. */
    SUBSCRIBE(32, 4, 0),
    /** A subscription is there. */
    SUBSCRIBED(33, 3, 0),
    /** A client ends a subscription. */
    UNSUBSCRIBE(34, 3, 0),
    /** A subscription is no more. */
    UNSUBSCRIBED(35, 2, 0),
    /** What was published. */
    EVENT(36, 4, 2),
    /** An event has arrived. */
    EVENT_RECEIVED(337, 2, 0),
    /** A caller calls. */
    CALL(48, 4, 2),
    /** A caller no longer waits. */
    CANCEL(49, 3, 0),
    /** A call's result, or a part of it. */
    RESULT(50, 3, 2),
    /** A callee registers. */
    REGISTER(64, 4, 0),
    /** A registration is there. */
    REGISTERED(65, 3, 0),
    /** A callee ends a registration. */
    UNREGISTER(66, 3, 0),
    /** A registration is no more. */
    UNREGISTERED(67, 2, 0),
    /** A router calls a callee. */
    INVOCATION(68, 4, 2),
    /** A router asks a callee to give up. */
    INTERRUPT(69, 3, 0),
    /** A callee's result, or a part of it. */
    YIELD(70, 3, 2);

    private static final @Nullable MessageType[] BY_CODE = byCode();

    private final int code;
    private final int head;
    private final int payload;

    MessageType(int code, int head, int payload) {
        this.code = code;
        this.head = head;
        this.payload = payload;
    }

    private static @Nullable MessageType[] byCode() {
        @Nullable MessageType[] types = new MessageType[EVENT_RECEIVED.code + 1];
        for (MessageType type : values()) {
            types[type.code] = type;
        }
        return types;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether elements of an application may follow. */
    public boolean hasPayload() {
        return payload > 0;
    }

    /** How many elements are before the payload in a message of so many in all: two messages may have details after all else. */
    public int headLength(int elements) {
        return hasOptionalDetails() && elements == head + 1 ? head + 1 : head;
    }

    /**
     * Refuses a message of so many elements if it is too short or too long.
     *
     * @throws WampProtocolException if it is
     */
    public void checkLength(int elements) {
        int longest = headLength(elements) + payload;
        if (elements < head || elements > longest) {
            String right = head == longest ? String.valueOf(head) : head + " to " + longest;
            throw new WampProtocolException(
                    this + " has " + elements + " elements; it must have " + (hasOptionalDetails() ? "2 or 3" : right));
        }
    }

    /** The greatest number of elements a message of this type has. */
    public int longest() {
        return head + payload + (hasOptionalDetails() ? 1 : 0);
    }

    private boolean hasOptionalDetails() {
        return this == UNSUBSCRIBED || this == UNREGISTERED;
    }

    /**
     * The type of a code.
     *
     * @throws WampProtocolException if there is none
     */
    public static MessageType of(long code) {
        MessageType type = code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
        if (type == null) {
            throw new WampProtocolException("there is no message with the code " + code);
        }
        return type;
    }

    /**
     * The type by the first element of a message.
     *
     * @throws WampProtocolException if it is no code
     */
    public static MessageType ofElement(@Nullable Object first) {
        return of(MessageReader.code(first));
    }

    /**
     * The type of a decoded list, its length checked.
     *
     * @throws WampProtocolException if it is no message's
     */
    static MessageType of(List<?> list) {
        if (list.isEmpty()) {
            throw new WampProtocolException("a message is a list that begins with its code; this one is empty");
        }
        MessageType type = ofElement(list.get(0));
        type.checkLength(list.size());
        return type;
    }
}
