/**
 * What a worker type's bundle implements: {@link io.millwright.controller.api.worker.WorkerType} turns options into a {@link io.millwright.controller.api.worker.LaunchPlan}; the controller does the rest. Implementers import {@code [1.0,2)}.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.millwright.controller.api.worker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
