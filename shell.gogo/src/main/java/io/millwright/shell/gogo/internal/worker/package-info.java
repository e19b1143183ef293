/** The commands of the scope {@code worker}. */
@NullMarked
package io.millwright.shell.gogo.internal.worker;

import org.jspecify.annotations.NullMarked;
