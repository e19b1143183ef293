/**
 * WAMP v2: what messages, serializers, router and client share. URIs and their patterns, ids, the exceptions, the protocol's own error URIs. Knows no I/O.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
