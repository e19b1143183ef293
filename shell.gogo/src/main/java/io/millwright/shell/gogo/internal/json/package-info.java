/** Reading and writing JSON without a data binder. */
@NullMarked
package io.millwright.shell.gogo.internal.json;

import org.jspecify.annotations.NullMarked;
