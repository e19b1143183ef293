/** The operations and events of a node as WAMP procedures and topics. */
@NullMarked
package io.millwright.remote.wamp.internal;

import org.jspecify.annotations.NullMarked;
