/**
 * A WAMP v2 router without I/O: messages in, messages out. A transport calls {@link io.millwright.wamp.router.Router#connect} for each
 * connection, hands each message to the {@link io.millwright.wamp.router.Connection} and gets those for its peer through an {@link
 * io.millwright.wamp.router.Outbound}. Code of the same process takes part through a {@link io.millwright.wamp.router.LocalSession}.
 *
 * <p>All of a router's state belongs to its turns, which run one after the other on the executor that the router was made with; there is no
 * lock. Whatever is thread-safe here only puts a turn in the queue.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.router;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
