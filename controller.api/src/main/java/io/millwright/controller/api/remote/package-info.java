/**
 * Sessions that reach the node from other processes and machines. Consumers import {@code [1.0,2)}; the provider imports {@code [1.0,1.1)}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.controller.api.remote;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
