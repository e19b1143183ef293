/**
 * The monitoring seam: a {@link io.millwright.controller.api.monitor.SystemMonitor} samples the machine and processes.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.controller.api.monitor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
