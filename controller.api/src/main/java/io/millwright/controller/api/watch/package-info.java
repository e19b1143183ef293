/**
 * The file watching seam: a {@link io.millwright.controller.api.watch.FileWatcher} reports settled bursts of changes below directories.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.controller.api.watch;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
