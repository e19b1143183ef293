/**
 * Options as data: checking, coercing, units, the nearest key, masking, the flat form. Embedded by each bundle that needs it, so that
 * a typo has one answer and a length of time one reader; no bundle of its own. Knows no OSGi and nothing of a node.
 */
@NullMarked
package io.millwright.options;

import org.jspecify.annotations.NullMarked;
