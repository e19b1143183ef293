/**
 * The node's local command socket: a Unix socket in the node directory on which the node's own user and root run Gogo
 * commands. Its clients are {@code lib/client} of the distribution and
 * {@link io.millwright.shell.local.client.Client}.
 *
 * <h2>Protocol, version 1</h2>
 *
 * <p>The client opens with the four bytes {@code M W S 0x01}. All else, both ways, is frames: one byte type, four bytes
 * length (big endian), payload. One connection carries one request.
 *
 * <table>
 * <caption>Frames</caption>
 * <tr><th>from</th><th>type</th><th>payload</th><th>meaning</th></tr>
 * <tr><td>client</td><td>{@code R}</td><td>request</td><td>run a command; its strings after the first are the command and its arguments</td></tr>
 * <tr><td>client</td><td>{@code S}</td><td>request</td><td>an interactive session: lines of input are Gogo lines</td></tr>
 * <tr><td>client</td><td>{@code L}</td><td>request</td><td>list the names of all commands, one a line</td></tr>
 * <tr><td>client</td><td>{@code P}</td><td>request</td><td>answer with exit code 0</td></tr>
 * <tr><td>client</td><td>{@code I}</td><td>bytes</td><td>standard input, one frame for each {@code N}; empty: the end of it</td></tr>
 * <tr><td>client</td><td>{@code C}</td><td>none</td><td>interrupt what runs in the interactive session</td></tr>
 * <tr><td>server</td><td>{@code O}, {@code E}</td><td>bytes</td><td>standard output, standard error</td></tr>
 * <tr><td>server</td><td>{@code N}</td><td>none</td><td>the command wants input: send one {@code I}</td></tr>
 * <tr><td>server</td><td>{@code X}</td><td>int32</td><td>the exit code; the last frame</td></tr>
 * </table>
 *
 * <p>A request is: columns of the terminal (uint16, 0: none), flags (uint8, bit 0: standard output is a terminal,
 * bit 1: standard input is one), then strings, each four bytes length and UTF-8: the working directory, then the command
 * and its arguments. Input is asked for and never sent ahead, so that a command that reads none leaves it to the next
 * program of a script. A client that closes the connection ends its command.
 */
@NullMarked
package io.millwright.shell.local.internal;

import org.jspecify.annotations.NullMarked;
