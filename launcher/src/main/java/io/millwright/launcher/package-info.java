/** The class path part of a standalone node: it owns the lock, the signals, the framework and the exit code. */
@NullMarked
package io.millwright.launcher;

import org.jspecify.annotations.NullMarked;
