package io.millwright.controller.api.channel;

import io.millwright.controller.api.Traffic;
import org.osgi.annotation.versioning.ProviderType;

/** Told by a {@link ChannelHost} how the channel of one run does. Thread-safe; does not block. What comes late is ignored. */
@ProviderType
public interface ChannelListener {
    /**
     * The run has joined, or joined again.
     *
     * @param session the id of its session
     */
    void up(String session);

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
