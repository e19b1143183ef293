package io.millwright.controller.internal.process;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended: with a code or by a signal. Immutable.
 *
 * @param code the exit code, {@code null} if a signal ended it
 * @param signal the signal's name without {@code SIG} (or its number as text if it has no name here), else {@code null}
 */
public record ProcessExit(@Nullable Integer code, @Nullable String signal) {}
