/** A container: bundles in an OSGi framework, and plain classes, each started, stopped and restarted as a component of its own. */
@NullMarked
package io.millwright.worker.runtime.container;

import org.jspecify.annotations.NullMarked;
