/**
 * What makes a Java program a native worker of a Millwright node: {@link io.millwright.worker.runtime.Worker}. A native worker is a
 * process that the node has started and that talks with it: it says when it is ready, offers procedures that others call through the
 * node, publishes events, and is asked to end before it is told to.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.worker.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
