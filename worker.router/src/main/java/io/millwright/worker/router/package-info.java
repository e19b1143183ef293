/** Where the JVM of a worker of type {@code router} begins. */
@NullMarked
package io.millwright.worker.router;

import org.jspecify.annotations.NullMarked;
