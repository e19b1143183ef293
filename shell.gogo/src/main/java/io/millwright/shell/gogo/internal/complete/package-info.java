/** What a word of a command line may become; one source for all shells. */
@NullMarked
package io.millwright.shell.gogo.internal.complete;

import org.jspecify.annotations.NullMarked;
