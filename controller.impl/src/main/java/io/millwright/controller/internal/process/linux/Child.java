package io.millwright.controller.internal.process.linux;

/**
 * A process that was just made, with the node's ends; -1 where there is none. Immutable.
 *
 * @param pid the process
 * @param pidfd tells of its end
 * @param in the write end of its standard input
 * @param out the read end of its standard output
 * @param err the read end of its standard error
 */
record Child(int pid, int pidfd, int in, int out, int err) {}
