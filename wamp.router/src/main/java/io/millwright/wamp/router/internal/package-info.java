/** The router's engine. All state belongs to the router's turns; nothing here is locked. */
@NullMarked
package io.millwright.wamp.router.internal;

import org.jspecify.annotations.NullMarked;
