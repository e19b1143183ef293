/** What listeners on Unix sockets share; embedded in the bundles that listen. */
@NullMarked
package io.millwright.sockets;

import org.jspecify.annotations.NullMarked;
