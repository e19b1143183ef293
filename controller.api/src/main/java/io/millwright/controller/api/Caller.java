package io.millwright.controller.api;

import java.util.regex.Pattern;

/**
 * Who asked for an operation; recorded as {@code who} in results and events. Immutable.
 *
 * @param name {@code shell:<user>}, {@code config:<pid>}, {@code trigger:<name>}, {@code remote:<session>} or
 *     {@code framework}
 */
public record Caller(String name) {
    private static final Pattern VALID = Pattern.compile("framework|(shell|config|trigger|remote|watch|api):\\S.*");

    /** The framework itself: a bundle was stopped, or the process was told to end. */
    public static final Caller FRAMEWORK = new Caller("framework");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the name has none of the documented forms
     */
    public Caller {
        if (!VALID.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "caller '" + name
                            + "' must be 'framework' or start with 'shell:', 'config:', 'trigger:', 'remote:', 'watch:' or 'api:'");
        }
    }

    /**
     * A user at a shell.
     *
     * @param user the user's name
     * @return the caller
     */
    public static Caller shell(String user) {
        return new Caller("shell:" + user);
    }

    /**
     * A configuration.
     *
     * @param pid the configuration's PID
     * @return the caller
     */
    public static Caller config(String pid) {
        return new Caller("config:" + pid);
    }

    /**
     * A shutdown trigger.
     *
     * @param name the trigger's name
     * @return the caller
     */
    public static Caller trigger(String name) {
        return new Caller("trigger:" + name);
    }

    /**
     * Whether a changed file asked.
     *
     * @return true for {@code watch:<id>}
     */
    public boolean isWatch() {
        return name.startsWith("watch:");
    }

    /**
     * Code in the framework that is none of the others.
     *
     * @param name what it calls itself, for example its bundle's symbolic name
     * @return the caller
     */
    public static Caller api(String name) {
        return new Caller("api:" + name);
    }

    @Override
    public String toString() {
        return name;
    }
}
