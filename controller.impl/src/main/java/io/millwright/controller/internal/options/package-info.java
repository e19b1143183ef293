/** Options as data: checking, defaults, masking, and what of a launch follows from them alone. Knows no OSGi. */
@NullMarked
package io.millwright.controller.internal.options;

import org.jspecify.annotations.NullMarked;
