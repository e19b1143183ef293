/**
 * EventAdmin topics and property names of the node's events. Consumers import {@code [1.0,2)}.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.millwright.controller.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
