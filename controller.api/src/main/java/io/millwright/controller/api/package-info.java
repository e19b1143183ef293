/**
 * What callers use: the {@link io.millwright.controller.api.NodeController} service, its results and its errors. Consumers import {@code [1.1,2)}; the provider imports {@code [1.1,1.2)}.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.millwright.controller.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
