/**
 * RawSocket without I/O: the four octets of the handshake and the framing after them, for clients and listeners alike. Bytes in, messages out.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.rawsocket;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
