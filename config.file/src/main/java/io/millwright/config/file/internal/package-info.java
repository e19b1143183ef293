/** Turns {@code node.json} or {@code node.yaml} into Config Admin configurations. */
@NullMarked
package io.millwright.config.file.internal;

import org.jspecify.annotations.NullMarked;
