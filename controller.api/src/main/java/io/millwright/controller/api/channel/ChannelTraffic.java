package io.millwright.controller.api.channel;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What went through a control channel so far, one way. Immutable. */
public final class ChannelTraffic implements Document {
    /** Nothing yet. */
    public static final ChannelTraffic NONE = new ChannelTraffic(0, 0);

    private final long messages;
    private final long bytes;

    private ChannelTraffic(long messages, long bytes) {
        this.messages = messages;
        this.bytes = bytes;
    }

    /**
     * Makes one.
     *
     * @param messages whole messages
     * @param bytes their bytes, without what frames them
     * @return the value
     */
    public static ChannelTraffic of(long messages, long bytes) {
        return new ChannelTraffic(messages, bytes);
    }

    /** Whole messages. */
    public long messages() {
        return messages;
    }

    /** Their bytes, without what frames them. */
    public long bytes() {
        return bytes;
    }

    /**
     * With what went through another channel.
     *
     * @param other the other's
     * @return the sum
     */
    public ChannelTraffic plus(ChannelTraffic other) {
        return new ChannelTraffic(messages + other.messages, bytes + other.bytes);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("messages", messages, "bytes", bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ChannelTraffic that && messages == that.messages && bytes == that.bytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(messages, bytes);
    }

    @Override
    public String toString() {
        return "ChannelTraffic" + toMap();
    }
}
