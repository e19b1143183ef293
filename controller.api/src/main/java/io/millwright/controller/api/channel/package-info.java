/**
 * The seam between the controller and the router that carries the control channels of native workers: a plan asks for a channel, the
 * controller makes the credentials of each run, a {@link io.millwright.controller.api.channel.ChannelHost} lets the run in and tells how
 * its channel does. No bundle offers a host yet; a plan that asks for a channel is refused.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.controller.api.channel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
