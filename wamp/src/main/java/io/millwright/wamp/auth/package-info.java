/** The proofs of WAMP's authentication methods, for clients and routers alike, with the JDK's own cryptography. */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.auth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
