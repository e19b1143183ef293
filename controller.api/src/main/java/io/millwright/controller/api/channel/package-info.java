/**
 * The seam between the controller and the router that carries the control channels of native workers: a type says that its workers
 * are native, the controller makes the credentials of each run and tells a {@link io.millwright.controller.api.channel.ChannelHost},
 * which lets the run in and tells how its channel does. While there is no host, configured native workers wait for one.
 */
@Export
@Version("2.0.0")
@NullMarked
package io.millwright.controller.api.channel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
