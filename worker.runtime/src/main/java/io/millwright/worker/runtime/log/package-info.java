/** Log records as marked lines on standard error, for SLF4J and {@code java.util.logging}. */
@NullMarked
package io.millwright.worker.runtime.log;

import org.jspecify.annotations.NullMarked;
