/** The four built-in shutdown triggers; which of them are active is configuration. */
@NullMarked
package io.millwright.shutdown.triggers.internal;

import org.jspecify.annotations.NullMarked;
