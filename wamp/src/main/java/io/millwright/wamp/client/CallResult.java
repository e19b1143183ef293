package io.millwright.wamp.client;

import io.millwright.wamp.message.Payload;
import java.util.Map;

/** The result of a call, or a part of it. Immutable, thread-safe. */
public final class CallResult implements Arguments {
    private final Map<String, Object> details;
    private final Payload payload;

    private CallResult(Map<String, Object> details, Payload payload) {
        this.details = details;
        this.payload = payload;
    }

    /** A result. */
    public static CallResult of(Map<String, Object> details, Payload payload) {
        return new CallResult(details, payload);
    }

    /** What the router tells of it. */
    public Map<String, Object> details() {
        return details;
    }

    @Override
    public Payload payload() {
        return payload;
    }

    /** The arguments, for people. */
    @Override
    public String toString() {
        return args() + (kwargs().isEmpty() ? "" : " " + kwargs());
    }
}
