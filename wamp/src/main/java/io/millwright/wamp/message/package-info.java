/**
 * The messages of WAMP v2, immutable and checked. Records, because a message is a fixed list: what the protocol adds, it adds to the
 * dictionaries (details, options) or after the last element, which here is always the {@link io.millwright.wamp.message.Payload}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
