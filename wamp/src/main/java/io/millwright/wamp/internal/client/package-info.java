/** The client's insides: {@code ClientCore} lives as long as the client, a {@code Link} as long as a connection. */
@NullMarked
package io.millwright.wamp.internal.client;

import org.jspecify.annotations.NullMarked;
