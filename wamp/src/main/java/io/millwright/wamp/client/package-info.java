/**
 * A WAMP client: {@link io.millwright.wamp.client.WampClient}. One thread of its own connects, reads and connects again. The application's code runs
 * elsewhere, on as many threads as there are subscriptions, registrations and answers with something to do at the same moment; each of these gets its
 * calls one after the other. Whatever happens, each future completes.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
