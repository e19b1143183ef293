package io.millwright.controller.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A configuration as it would be after a change. Immutable; its string form shows no values. */
public final class ConfigurationChange {
    private final String pid;
    private final @Nullable Map<String, Object> properties;

    private final @Nullable Map<String, Object> before;

    private ConfigurationChange(
            String pid, @Nullable Map<String, Object> properties, @Nullable Map<String, Object> before) {
        this.pid = Objects.requireNonNull(pid, "pid");
        this.properties = copy(properties);
        this.before = copy(before);
    }

    private static @Nullable Map<String, Object> copy(@Nullable Map<String, Object> map) {
        return map == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * Makes one.
     *
     * @param pid its PID
     * @param properties what it would hold, {@code null} if it would be deleted
     * @return the value
     */
    public static ConfigurationChange of(String pid, @Nullable Map<String, Object> properties) {
        return new ConfigurationChange(pid, properties, null);
    }

    /**
     * The same change of a configuration that the controller does not know: with those of its workers it compares itself.
     *
     * @param old what it holds now, {@code null} if there is none
     * @return the value
     */
    public ConfigurationChange replacing(@Nullable Map<String, Object> old) {
        return new ConfigurationChange(pid, properties, old);
    }

    /** Its PID. */
    public String pid() {
        return pid;
    }

    /** What it would hold, {@code null} if it would be deleted. */
    public @Nullable Map<String, Object> properties() {
        return properties;
    }

    /** What it holds now, {@code null} if there is none, or if that was not said. */
    public @Nullable Map<String, Object> before() {
        return before;
    }

    @Override
    public String toString() {
        return properties == null ? "delete " + pid : "write " + pid + " " + properties.keySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ConfigurationChange that
                        && pid.equals(that.pid)
                        && Objects.equals(properties, that.properties)
                        && Objects.equals(before, that.before);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, properties, before);
    }
}
