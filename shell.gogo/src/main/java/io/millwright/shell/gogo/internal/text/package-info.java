/** How values look for people: tables, times, durations, and the Gogo converter that prints them. */
@NullMarked
package io.millwright.shell.gogo.internal.text;

import org.jspecify.annotations.NullMarked;
