/**
 * Services that take part in the shutdown of a node: triggers that decide on it, participants that release what they hold. Implementers import {@code [1.0,2)}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.controller.api.shutdown;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
