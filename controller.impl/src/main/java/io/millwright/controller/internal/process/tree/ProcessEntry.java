package io.millwright.controller.internal.process.tree;

/**
 * One process at one moment. Immutable.
 *
 * @param pid its pid
 * @param parent its parent's pid
 * @param group its process group
 * @param session its session, 0 where the system does not tell
 * @param start its start time, in the unit of {@link ProcessTable#startTime}
 * @param zombie whether it has ended and only waits for its parent
 */
public record ProcessEntry(long pid, long parent, long group, long session, long start, boolean zombie) {}
