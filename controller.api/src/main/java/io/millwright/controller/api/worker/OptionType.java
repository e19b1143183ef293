package io.millwright.controller.api.worker;

/**
 * The type of an option's value: what is accepted (from JSON, from typed configurations, and as plain text from
 * files that know only text) and what {@link OptionValues} hands out.
 */
public enum OptionType {
    /** Text; handed out as {@link String}. */
    STRING,
    /**
     * {@code true} or {@code false}, or {@code ${NAME}}, which must be one of them in the node's own environment; handed
     * out as {@link Boolean}.
     */
    BOOLEAN,
    /** A whole number; handed out as {@link Long}. */
    INTEGER,
    /** A number; handed out as {@link Double}. */
    NUMBER,
    /**
     * A length of time: {@code 500ms}, {@code 20s}, {@code 5m}, {@code 2h}, {@code 1d}, ISO-8601, or a number of seconds;
     * handed out as {@link java.time.Duration}.
     */
    DURATION,
    /** A size: {@code 64KiB}, {@code 10MiB}, {@code 1GB}, or a number of bytes; handed out as {@link Long} bytes. */
    SIZE,
    /** A signal name, with or without {@code SIG}; handed out as {@link io.millwright.controller.api.Signal}. */
    SIGNAL,
    /**
     * A list of texts and numbers as they are written (a JSON array, {@code String[]}, a collection, or one text);
     * {@code List<String>}.
     */
    STRINGS,
    /** A list of whole numbers; {@code List<Long>}. */
    INTEGERS,
    /** {@code true}, {@code false} or a list of texts; handed out as {@link Boolean} or {@code List<String>}. */
    BOOLEAN_OR_STRINGS,
    /**
     * A map from names to texts or secrets, in dotted form {@code key.NAME}, {@code key.NAME.secret} or
     * {@code key.NAME.secretFile}, or a list of {@code NAME=text}; handed out as {@code Map<String, Variable>}.
     */
    VARIABLES,
    /**
     * Any JSON value, or a text that is a JSON object or array and stands for it; handed out as texts, {@link Boolean},
     * {@link Long}, {@link Double}, lists and maps.
     */
    ANY,
    /**
     * A text, or any other JSON value, which stands for its text; handed out as {@link String}, a text as it is.
     */
    JSON_TEXT,
    /**
     * Objects by name, each with the definition's members: {@code key.NAME.member}; handed out as
     * {@code Map<String, OptionValues>}, sorted by name.
     */
    OBJECTS,
    /**
     * A list of objects, each with the definition's members: {@code key.0.member}, or {@code key.ID.member} if there is a
     * member {@code id}; handed out as {@code List<OptionValues>}.
     */
    OBJECT_LIST
}
