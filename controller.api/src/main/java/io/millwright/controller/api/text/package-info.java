/** The text forms of values that every front shares: JSON, and text that is harmless on a terminal. */
@NullMarked
@Export
@Version("1.0.0")
package io.millwright.controller.api.text;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
