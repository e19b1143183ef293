package io.millwright.controller.internal.process.tree;

/**
 * A launched process, for {@link TreeWatch}. Immutable.
 *
 * @param pid its pid, which is the id of its group too
 * @param start its start time, {@link ProcessTable#UNKNOWN} if it had ended before it could be read
 * @param launch the value of {@link Tag#LAUNCH} in its environment
 * @param grouped false if the system could not give it a group of its own
 */
public record Target(long pid, long start, String launch, boolean grouped) {}
