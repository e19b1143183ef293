package io.millwright.wamp.client;

import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something to be published. Immutable: each method gives a new one. */
public final class Publication {
    private final String topic;
    private final Payload payload;
    private final Map<String, Object> options;

    private Publication(String topic, Payload payload, Map<String, Object> options) {
        this.topic = topic;
        this.payload = payload;
        this.options = options;
    }

    /** A publication to a topic without arguments. */
    public static Publication of(String topic) {
        return new Publication(topic, Payload.EMPTY, Map.of());
    }

    /** With these positional arguments in place of the ones before. */
    public Publication args(@Nullable Object... args) {
        return payload(Payload.of(Payload.args(args).args(), payload.kwargs()));
    }

    /** With these arguments by name in place of the ones before. */
    public Publication kwargs(Map<String, ?> kwargs) {
        return payload(Payload.of(payload.args(), kwargs));
    }

    /** With this payload. */
    public Publication payload(Payload all) {
        return new Publication(topic, all, options);
    }

    /** To be acknowledged by the router. */
    public Publication acknowledge() {
        return option("acknowledge", true);
    }

    /** Kept by the router for those that subscribe later. */
    public Publication retain() {
        return option("retain", true);
    }

    /** Whether the client itself gets it too, if it has subscribed. */
    public Publication toMyself(boolean too) {
        return option("exclude_me", !too);
    }

    /** With an option of PUBLISH. */
    public Publication option(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new Publication(topic, payload, Collections.unmodifiableMap(more));
    }

    /** The topic. */
    public String topic() {
        return topic;
    }

    /** What is sent along. */
    public Payload payload() {
        return payload;
    }

    /** The options of PUBLISH that were set. */
    public Map<String, Object> options() {
        return options;
    }

    /** Whether the router acknowledges it. */
    public boolean isAcknowledged() {
        return Options.flag(options, "acknowledge");
    }
}
