/**
 * Listeners for WAMP sessions: RawSocket and WebSocket, on Unix sockets and TCP. {@link io.millwright.wamp.net.Listeners} has one thread for
 * all of them; the turns of its router run in that thread too, so a session that floods gets its share of it and no more.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.net;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
