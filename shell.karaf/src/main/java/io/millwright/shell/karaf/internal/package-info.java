/** Completion of Millwright's Gogo commands in Karaf's shell. */
@NullMarked
package io.millwright.shell.karaf.internal;

import org.jspecify.annotations.NullMarked;
