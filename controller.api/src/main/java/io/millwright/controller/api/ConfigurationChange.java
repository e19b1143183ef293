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

    private ConfigurationChange(String pid, @Nullable Map<String, Object> properties) {
        this.pid = Objects.requireNonNull(pid, "pid");
        this.properties = properties == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /**
     * Makes one.
     *
     * @param pid its PID
     * @param properties what it would hold, {@code null} if it would be deleted
     * @return the value
     */
    public static ConfigurationChange of(String pid, @Nullable Map<String, Object> properties) {
        return new ConfigurationChange(pid, properties);
    }

    /** Its PID. */
    public String pid() {
        return pid;
    }

    /** What it would hold, {@code null} if it would be deleted. */
    public @Nullable Map<String, Object> properties() {
        return properties;
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
                        && Objects.equals(properties, that.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, properties);
    }
}
