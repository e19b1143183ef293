/**
 * What workers write: bytes in, lines cut, kept in a ring and a file, told to followers.
 *
 * <p>The file {@code <id>.log} is in one of two formats.
 *
 * <p>{@code stamped}: one record a line, {@code <time> <letter> <bytes>\n}. The time is UTC in ISO form with milliseconds
 * ({@code 2026-03-01T12:00:00.000Z}, 24 bytes), so the worker's bytes begin at byte 27 of every record; they are exactly what
 * it wrote, invalid UTF-8 and {@code \r} included. The letters:
 *
 * <ul>
 *   <li>{@code o}, {@code e}: a line of standard output or standard error; the worker wrote its {@code \n} too.
 *   <li>{@code O}, {@code E}: a piece the worker did not end with {@code \n}. Either the line is longer than 64 KiB and goes
 *       on in the next record of the same stream, or the stream ended here.
 *   <li>{@code n}: a note of the node.
 * </ul>
 *
 * Taking the records of one stream, without stamps, without the {@code \n} of {@code O} and {@code E}, gives that stream's
 * bytes back.
 *
 * <p>{@code raw}: the bytes of both streams as they arrived and nothing else, but for the note that tells of bytes lost on a
 * full disk.
 */
@NullMarked
package io.millwright.controller.internal.log;

import org.jspecify.annotations.NullMarked;
