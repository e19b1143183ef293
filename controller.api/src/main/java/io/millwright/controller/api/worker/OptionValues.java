package io.millwright.controller.api.worker;

import io.millwright.controller.api.Signal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checked option values: coerced to the types of their definitions, with defaults filled in. Made by the controller,
 * read by worker types. Immutable; two are equal if they hold equal values. Its string form shows keys only.
 */
public final class OptionValues {
    private final Map<String, Object> values;
    private final Set<String> given;

    /**
     * Holds values; a worker type meets them as an argument and makes its own only in tests.
     *
     * @param values values by key, of the types {@link OptionType} names
     * @param given the keys that were given, the others hold defaults
     */
    public OptionValues(Map<String, ?> values, Set<String> given) {
        this.values = Map.copyOf(values);
        this.given = Set.copyOf(given);
    }

    /**
     * All values.
     *
     * @return a new map, unmodifiable, sorted by key; secrets are in it
     */
    public Map<String, Object> asMap() {
        return Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Whether the key was given by the caller or configuration.
     *
     * @param key an option's key
     * @return false if there is only a default, or nothing
     */
    public boolean isGiven(String key) {
        return given.contains(key);
    }

    /**
     * Whether there is a value, given or by default.
     *
     * @param key an option's key
     * @return true if one of the typed methods would find it
     */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("option '" + key + "' holds a "
                    + value.getClass().getSimpleName() + ", asked for as " + type.getSimpleName());
        }
        return Optional.of(type.cast(value));
    }

    /**
     * A {@link OptionType#STRING} value.
     *
     * @param key an option's key
     * @return the value, empty if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public Optional<String> string(String key) {
        return find(key, String.class);
    }

    /**
     * A {@link OptionType#BOOLEAN} value.
     *
     * @param key an option's key
     * @return the value, false if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public boolean flag(String key) {
        return find(key, Boolean.class).orElse(false);
    }

    /**
     * An {@link OptionType#INTEGER} or {@link OptionType#SIZE} value.
     *
     * @param key an option's key
     * @return the value, empty if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public Optional<Long> integer(String key) {
        return find(key, Long.class);
    }

    /**
     * A {@link OptionType#NUMBER} value.
     *
     * @param key an option's key
     * @return the value, empty if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public Optional<Double> number(String key) {
        return find(key, Double.class);
    }

    /**
     * A {@link OptionType#DURATION} value.
     *
     * @param key an option's key
     * @return the value, empty if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public Optional<Duration> duration(String key) {
        return find(key, Duration.class);
    }

    /**
     * A {@link OptionType#SIGNAL} value.
     *
     * @param key an option's key
     * @return the value, empty if there is none
     * @throws IllegalArgumentException if the option is of another type
     */
    public Optional<Signal> signal(String key) {
        return find(key, Signal.class);
    }

    /**
     * A {@link OptionType#STRINGS} value.
     *
     * @param key an option's key
     * @return the texts, empty if there is no value
     * @throws IllegalArgumentException if the option is of another type
     */
    @SuppressWarnings("unchecked")
    public List<String> strings(String key) {
        return find(key, List.class).map(list -> (List<String>) list).orElse(List.of());
    }

    /**
     * An {@link OptionType#INTEGERS} value.
     *
     * @param key an option's key
     * @return the numbers, empty if there is no value
     * @throws IllegalArgumentException if the option is of another type
     */
    @SuppressWarnings("unchecked")
    public List<Long> integers(String key) {
        return find(key, List.class).map(list -> (List<Long>) list).orElse(List.of());
    }

    /**
     * A {@link OptionType#VARIABLES} value.
     *
     * @param key an option's key
     * @return the variables in the order given, empty if there are none
     * @throws IllegalArgumentException if the option is of another type
     */
    @SuppressWarnings("unchecked")
    public Map<String, Variable> variables(String key) {
        return find(key, Map.class).map(map -> (Map<String, Variable>) map).orElse(Map.of());
    }

    /**
     * An {@link OptionType#OBJECTS} value.
     *
     * @param key an option's key
     * @return the values of each object, by name; empty if there is no value
     * @throws IllegalArgumentException if the option is of another type
     */
    @SuppressWarnings("unchecked")
    public Map<String, OptionValues> objects(String key) {
        return find(key, Map.class).map(map -> (Map<String, OptionValues>) map).orElse(Map.of());
    }

    /**
     * An {@link OptionType#OBJECT_LIST} value.
     *
     * @param key an option's key
     * @return the values of each object, in their order; empty if there is no value
     * @throws IllegalArgumentException if the option is of another type
     */
    @SuppressWarnings("unchecked")
    public List<OptionValues> objectList(String key) {
        return find(key, List.class).map(list -> (List<OptionValues>) list).orElse(List.of());
    }

    /**
     * A value of any type.
     *
     * @param key an option's key
     * @return the value, {@code null} if there is none
     */
    public @Nullable Object any(String key) {
        return values.get(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OptionValues that && values.equals(that.values) && given.equals(that.given);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, given);
    }

    @Override
    public String toString() {
        return "OptionValues" + asMap().keySet();
    }
}
