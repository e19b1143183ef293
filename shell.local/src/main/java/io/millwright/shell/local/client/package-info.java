/** The client of the command socket for machines without perl: JDK only, run from the bundle's jar as a plain program. */
@NullMarked
package io.millwright.shell.local.client;

import org.jspecify.annotations.NullMarked;
