package io.millwright.wamp.message;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampProtocolException;

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
}
