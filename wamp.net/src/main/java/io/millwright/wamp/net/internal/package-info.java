/** The loop, the listeners, their connections, and what is spoken over them. */
@NullMarked
package io.millwright.wamp.net.internal;

import org.jspecify.annotations.NullMarked;
