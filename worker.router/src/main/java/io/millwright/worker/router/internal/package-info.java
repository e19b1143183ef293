/** The application router of a worker: its realms and transports, changed one by one. */
@NullMarked
package io.millwright.worker.router.internal;

import org.jspecify.annotations.NullMarked;
