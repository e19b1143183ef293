/** The program of a native worker's JVM. */
@NullMarked
package io.millwright.worker.runtime.internal;

import org.jspecify.annotations.NullMarked;
