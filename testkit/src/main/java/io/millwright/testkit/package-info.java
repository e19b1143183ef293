/**
 * The conformance kit for worker types: {@link io.millwright.testkit.WorkerTypeConformance} drives a type through what a
 * node will do with it and tells what is wrong in sentences. Needs no test framework.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
