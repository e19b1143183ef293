/** The options of a worker of type {@code router}: checked by the node before a start, and by the worker when something is started in it. */
@NullMarked
package io.millwright.worker.router.options;

import org.jspecify.annotations.NullMarked;
