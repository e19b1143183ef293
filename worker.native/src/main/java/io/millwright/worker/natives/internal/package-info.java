/** The worker types {@code java} and {@code process}, whose workers have a control channel to the node. */
@NullMarked
package io.millwright.worker.natives.internal;

import org.jspecify.annotations.NullMarked;
