/** What every Gogo command of the node shares: usage, arguments, output, errors. */
@NullMarked
package io.millwright.shell.gogo.internal;

import org.jspecify.annotations.NullMarked;
