package io.millwright.wamp.net.internal;

import io.millwright.wamp.serial.Serializer;

/** Opens the router's side of a connection, when it is known which serializer is spoken. */
@FunctionalInterface
interface Sessions {
    /**
     * A session that has not joined.
     *
     * @param peerTakes the longest message that the peer takes, in bytes
     */
    WampSession open(Wire wire, Serializer serializer, int peerTakes);
}
