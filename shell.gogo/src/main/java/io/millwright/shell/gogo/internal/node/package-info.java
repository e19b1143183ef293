/** The commands of the scope {@code node}. */
@NullMarked
package io.millwright.shell.gogo.internal.node;

import org.jspecify.annotations.NullMarked;
