package io.millwright.wamp.router;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** To whom a local session publishes. Immutable. */
public final class PublishTo {
    /** To all but the publisher. */
    public static final PublishTo ALL = new PublishTo(Map.of());

    private final Map<String, Object> options;

    private PublishTo(Map<String, Object> options) {
        this.options = options;
    }

    /** The same; these sessions do not get it. */
    public PublishTo without(Set<Long> sessions) {
        return with("exclude", List.copyOf(sessions));
    }

    /** The same; only these sessions get it. */
    public PublishTo only(Set<Long> sessions) {
        return with("eligible", List.copyOf(sessions));
    }

    /** The same; only sessions of these roles get it. */
    public PublishTo onlyRoles(Set<String> roles) {
        return with("eligible_authrole", List.copyOf(roles));
    }

    /** The same; it is kept for those that subscribe later and ask for it, until the next one that is to be kept. */
    public PublishTo retained() {
        return with("retain", true);
    }

    private PublishTo with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        more.put(key, value);
        return new PublishTo(Map.copyOf(more));
    }

    /** The options of PUBLISH. */
    public Map<String, Object> options() {
        return options;
    }
}
