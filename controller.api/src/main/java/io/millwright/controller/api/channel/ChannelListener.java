package io.millwright.controller.api.channel;

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
     * The run says what has become of one of its components.
     *
     * @param change what
     */
    void component(ComponentChange change);

    /**
     * The channel is lost; the worker goes on and may join again.
     *
     * @param reason why, for people
     */
    void lost(String reason);

    /**
     * What went through the present session so far; told now and then.
     *
     * @param received from the worker
     * @param sent to the worker
     */
    void traffic(ChannelTraffic received, ChannelTraffic sent);
}
