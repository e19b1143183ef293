/**
 * The methods of authentication: anonymous, by ticket, WAMP-CRA, cryptosign (Ed25519), and by the user of a local connection. Each asks an
 * interface for the principals there are. Secrets are compared in constant time, and a name that is not known is asked for its proof like any
 * other.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.router.auth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
