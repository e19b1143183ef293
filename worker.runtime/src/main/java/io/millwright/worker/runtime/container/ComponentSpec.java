package io.millwright.worker.runtime.container;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a component is to be. Immutable.
 *
 * @param id its id, none other in the container has it
 * @param kind whether it is a bundle or a class
 * @param location the bundle's location or the class's name
 * @param sha256 the hash that the bundle's file must have, {@code null} for any
 * @param config what it is configured by; empty for nothing
 * @param restart when it is started again after it has failed or ended
 */
record ComponentSpec(
        String id,
        Kind kind,
        String location,
        @Nullable String sha256,
        Map<String, @Nullable Object> config,
        Restart restart) {
    private static final String ID = "[A-Za-z][A-Za-z0-9_-]{0,62}";
    private static final Set<String> KEYS =
            Set.of("id", "bundle", "sha256", "class", "config", "restart", "restart.policy", "restart.delay");

    /** What a component is. */
    enum Kind {
        BUNDLE,
        CLASS
    }

    /**
     * When a component is started again.
     *
     * @param policy {@code never}, {@code on-failure} or {@code always}
     * @param delay before it is
     */
    record Restart(String policy, Duration delay) {
        boolean applies(boolean failed) {
            return policy.equals("always") || failed && policy.equals("on-failure");
        }
    }

    /**
     * Reads one, as JSON has it; what is not given is as if it were {@code null}.
     *
     * @param policy when it is started again if it does not say
     * @throws IllegalArgumentException if it cannot be, with a sentence
     */
    static ComponentSpec of(@Nullable Object json, String policy) {
        if (!(json instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("a component is an object with id, and bundle or class");
        }
        for (Object key : map.keySet()) {
            if (!(key instanceof String text) || !KEYS.contains(text)) {
                throw new IllegalArgumentException("a component has no '" + key + "'; it has "
                        + KEYS.stream().sorted().toList());
            }
        }
        String id = text(map, "id");
        if (id == null || !isId(id)) {
            throw new IllegalArgumentException("the id of a component must match " + ID + ", is " + id);
        }
        String bundle = text(map, "bundle");
        String type = text(map, "class");
        if ((bundle == null) == (type == null)) {
            throw new IllegalArgumentException("component '" + id + "': give 'bundle' or 'class', and not both");
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        if (map.get("config") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> config.put(String.valueOf(key), value));
        } else if (map.get("config") != null) {
            throw new IllegalArgumentException("component '" + id + "': 'config' must be an object");
        }
        String sha256 = text(map, "sha256");
        String trouble = bundle != null
                ? BundleFiles.trouble(bundle, sha256)
                : sha256 == null ? null : "'sha256' is the hash of a bundle's file";
        if (trouble != null) {
            throw new IllegalArgumentException("component '" + id + "': " + trouble);
        }
        return new ComponentSpec(
                id,
                bundle != null ? Kind.BUNDLE : Kind.CLASS,
                bundle != null ? bundle : String.valueOf(type),
                sha256,
                config,
                restart(id, map, policy));
    }

    /** As {@link #ID} says, without what a regular expression costs a start. */
    private static boolean isId(String text) {
        boolean first = true;
        for (char c : text.toCharArray()) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (first || !(c >= '0' && c <= '9' || c == '_' || c == '-'))) {
                return false;
            }
            first = false;
        }
        return !text.isEmpty() && text.length() <= 63;
    }

    /** As JSON, from which {@link #of} makes the same. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put(kind == Kind.BUNDLE ? "bundle" : "class", location);
        if (sha256 != null) {
            map.put("sha256", sha256);
        }
        if (!config.isEmpty()) {
            map.put("config", config);
        }
        map.put("restart.policy", restart.policy());
        map.put("restart.delay", restart.delay().toMillis() / 1000.0);
        return map;
    }

    private static Restart restart(String id, Map<?, ?> map, String otherwise) {
        String policy = text(map, "restart.policy");
        policy = policy == null ? text(map, "restart") : policy;
        policy = policy == null ? otherwise : policy;
        if (!Set.of("never", "on-failure", "always").contains(policy)) {
            throw new IllegalArgumentException(
                    "component '" + id + "': restart is '" + policy + "'; it must be never, on-failure or always");
        }
        double seconds = map.get("restart.delay") instanceof Number number ? number.doubleValue() : 1;
        return new Restart(policy, Duration.ofMillis((long) (seconds * 1000)));
    }

    private static @Nullable String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("'" + key + "' of a component must be a text, is " + value);
        }
        return (String) value;
    }
}
