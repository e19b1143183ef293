package io.millwright.controller.api.worker;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One option as data: from it the controller validates and coerces values, finds the nearest key, masks secrets, tells
 * whether a change needs a restart, and makes forms and completions. Immutable; made with {@link #option}.
 */
public final class OptionDefinition {
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    /** What a change of the option's value does to a running worker. */
    public enum Change {
        /** The worker restarts. */
        RESTART,
        /** It is applied in place, or matters only at the next start. */
        IN_PLACE
    }

    private final String key;
    private final OptionType type;
    private final String description;
    private final @Nullable Object defaultValue;
    private final List<String> allowed;
    private final @Nullable Long minimum;
    private final @Nullable Long maximum;
    private final boolean required;
    private final boolean secret;
    private final Change change;
    private final List<OptionDefinition> members;
    private final @Nullable String shortForm;

    private OptionDefinition(Builder builder) {
        this.key = builder.key;
        this.type = builder.type;
        this.description = builder.description;
        this.defaultValue = builder.defaultValue;
        this.allowed = List.copyOf(builder.allowed);
        this.minimum = builder.minimum;
        this.maximum = builder.maximum;
        this.required = builder.required;
        this.secret = builder.secret;
        this.change = builder.change;
        this.members = List.copyOf(builder.members);
        this.shortForm = builder.shortForm;
        boolean objects = type == OptionType.OBJECTS || type == OptionType.OBJECT_LIST;
        if (objects == members.isEmpty()) {
            throw new IllegalArgumentException(
                    "option '" + key + "' of type " + type + (objects ? " needs members" : " has no members"));
        }
    }

    /**
     * Begins a definition.
     *
     * @param key dotted lower-case name, for example {@code stop.timeout}
     * @param type the type of its values
     * @param description a sentence for forms and help, with the unit where there is one
     * @return a builder whose {@code build()} makes the definition
     * @throws IllegalArgumentException if the key is not dotted lower case
     */
    public static Builder option(String key, OptionType type, String description) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "option key '" + key + "' must be lower-case words of letters, digits and '_', joined by dots");
        }
        return new Builder(key, Objects.requireNonNull(type), Objects.requireNonNull(description));
    }

    /**
     * The same option as a member of a group, where it has no default of its own and need not be given.
     *
     * @param group the group's dotted name
     * @return a definition whose key is the group's name, a dot and this key
     * @throws IllegalArgumentException if the group is not dotted lower case
     */
    public OptionDefinition within(String group) {
        Builder copy = option(group + "." + key, type, description);
        copy.allowed = allowed;
        copy.minimum = minimum;
        copy.maximum = maximum;
        copy.secret = secret;
        copy.change = change;
        copy.members = members;
        copy.shortForm = shortForm == null ? null : group + "." + shortForm;
        return copy.build();
    }

    /**
     * The key.
     *
     * @return dotted lower case
     */
    public String key() {
        return key;
    }

    /**
     * The type of its values.
     *
     * @return the type
     */
    public OptionType type() {
        return type;
    }

    /**
     * What it means.
     *
     * @return a sentence
     */
    public String description() {
        return description;
    }

    /**
     * The value in force where none is given, in a form the type accepts (for example {@code "20s"}).
     *
     * @return the default, {@code null} if there is none
     */
    public @Nullable Object defaultValue() {
        return defaultValue;
    }

    /**
     * The only texts it takes.
     *
     * @return empty if any value of the type will do
     */
    public List<String> allowed() {
        return allowed;
    }

    /**
     * The smallest number, size in bytes, or length of time in milliseconds.
     *
     * @return {@code null} if there is no limit
     */
    public @Nullable Long minimum() {
        return minimum;
    }

    /**
     * The largest number, size in bytes, or length of time in milliseconds.
     *
     * @return {@code null} if there is no limit
     */
    public @Nullable Long maximum() {
        return maximum;
    }

    /**
     * Whether a value must be given.
     *
     * @return true if a worker cannot do without
     */
    public boolean isRequired() {
        return required;
    }

    /**
     * Whether values must never be shown.
     *
     * @return true if they are masked everywhere
     */
    public boolean isSecret() {
        return secret;
    }

    /**
     * What a change does to a running worker.
     *
     * @return the effect
     */
    public Change change() {
        return change;
    }

    /**
     * The options of each object of a value of type {@link OptionType#OBJECTS} or {@link OptionType#OBJECT_LIST}.
     *
     * @return definitions whose keys are those inside an object; empty for all other types
     */
    public List<OptionDefinition> members() {
        return members;
    }

    /**
     * A bare key that stands for this one, as {@code restart: always} for {@code restart.policy}.
     *
     * @return {@code null} if there is none
     */
    public @Nullable String shortForm() {
        return shortForm;
    }

    @Override
    public String toString() {
        return key + " (" + type + ")";
    }

    /** Makes a definition; for one thread. */
    public static final class Builder {
        private final String key;
        private final OptionType type;
        private final String description;
        private @Nullable Object defaultValue;
        private List<String> allowed = List.of();
        private @Nullable Long minimum;
        private @Nullable Long maximum;
        private boolean required;
        private boolean secret;
        private Change change = Change.RESTART;
        private List<OptionDefinition> members = List.of();
        private @Nullable String shortForm;

        private Builder(String key, OptionType type, String description) {
            this.key = key;
            this.type = type;
            this.description = description;
        }

        /**
         * Sets the default.
         *
         * @param value a value the type accepts
         * @return this
         */
        public Builder byDefault(Object value) {
            this.defaultValue = value;
            return this;
        }

        /**
         * Lists the only texts it takes.
         *
         * @param values the texts
         * @return this
         */
        public Builder oneOf(String... values) {
            this.allowed = List.of(values);
            return this;
        }

        /**
         * Limits the value from below.
         *
         * @param value the smallest number, bytes or milliseconds
         * @return this
         */
        public Builder atLeast(long value) {
            this.minimum = value;
            return this;
        }

        /**
         * Limits the value from above.
         *
         * @param value the largest number, bytes or milliseconds
         * @return this
         */
        public Builder atMost(long value) {
            this.maximum = value;
            return this;
        }

        /**
         * Makes it mandatory.
         *
         * @return this
         */
        public Builder required() {
            this.required = true;
            return this;
        }

        /**
         * Makes its values secret.
         *
         * @return this
         */
        public Builder secret() {
            this.secret = true;
            return this;
        }

        /**
         * Lets changes be applied without a restart.
         *
         * @return this
         */
        public Builder inPlace() {
            this.change = Change.IN_PLACE;
            return this;
        }

        /**
         * Defines what is in each object of it.
         *
         * @param definitions one or more
         * @return this
         */
        public Builder members(OptionDefinition... definitions) {
            this.members = List.of(definitions);
            return this;
        }

        /**
         * Lets a bare key stand for this one.
         *
         * @param bare the short key, mostly the group this option is in
         * @return this
         */
        public Builder shortForm(String bare) {
            this.shortForm = bare;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the definition
         * @throws IllegalArgumentException if its type needs members and there are none, or the other way round
         */
        public OptionDefinition build() {
            return new OptionDefinition(this);
        }
    }
}
