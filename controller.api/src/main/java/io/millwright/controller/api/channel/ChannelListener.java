package io.millwright.controller.api.channel;

import io.millwright.controller.api.Traffic;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Told by a {@link ChannelHost} how the channel of one run does. Thread-safe; does not block. What comes late is ignored. */
@ProviderType
public interface ChannelListener {
    /**
     * The run has joined, or joined again.
     *
     * @param session the id of its session
     * @param rejoinSecret what lets this run in again; {@code null} if the host does not give one
     */
    void up(String session, @Nullable Credentials rejoinSecret);

    /**
     * The run says that it is ready.
     *
     * @param info what it said of itself
     */
    void ready(ReadyInfo info);

    /**
     * The channel is lost; the worker goes on and may join again.
     *
     * @param reason why, for people
     */
    void lost(String reason);

    /**
     * What went through the channel so far; told now and then.
     *
     * @param received from the worker: messages and bytes
     * @param sent to the worker: messages and bytes
     */
    void traffic(Traffic received, Traffic sent);
}
