/** The conformance kit as JUnit 5 tests: extend {@link io.millwright.testkit.junit.WorkerTypeConformanceTests}. */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.testkit.junit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
