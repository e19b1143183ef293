package io.millwright.wamp.message;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampProtocolException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the messages' constructors share. */
final class Checks {
    private Checks() {}

    static void id(long id, String what) {
        if (!Ids.isId(id)) {
            throw new WampProtocolException(what + " is " + id + "; it must be an id from 1 to 2^53");
        }
    }

    /** An id, or 0 for a message of the router's own accord. */
    static void idOrZero(long id, String what) {
        if (id != 0) {
            id(id, what);
        }
    }

    /** A copy that nobody changes; values stay as they are. */
    static Map<String, Object> dict(Map<String, ?> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
