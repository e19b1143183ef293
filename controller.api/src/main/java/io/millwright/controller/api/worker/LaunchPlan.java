package io.millwright.controller.api.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one process is to be launched. Made of JDK and API types only, so nothing of the class loader that made it stays
 * behind. Immutable; its string form shows no environment.
 *
 * <p>What the options of every type decide (output, log, stop, restart) is not in it: the controller reads those itself.
 *
 * @param command the program and its arguments; the program is an absolute path, a path relative to {@code directory}
 *     if it contains a slash, or a name looked up on {@code PATH} of {@code environment}
 * @param commandOption the key of the option that named the program, for error messages
 * @param directory the working directory, absolute
 * @param environment the whole environment of the process, in no order; a map of {@link Map#copyOf} is kept as it is, so that
 *     workers with the same environment share it
 * @param secretVariables names in {@code environment} whose values must never be shown
 * @param input what the process finds on its standard input
 */
public record LaunchPlan(
        List<String> command,
        String commandOption,
        Path directory,
        Map<String, String> environment,
        Set<String> secretVariables,
        Input input) {
    /** What a process finds on its standard input. Immutable. */
    public static final class Input {
        /** At its end at once. */
        public static final Input CLOSED = new Input(new byte[0], false);
        /** Open, and empty so far. */
        public static final Input OPEN = new Input(new byte[0], true);

        private final byte[] data;
        private final boolean keepOpen;

        private Input(byte[] data, boolean keepOpen) {
            this.data = data;
            this.keepOpen = keepOpen;
        }

        /**
         * Some bytes, then perhaps more.
         *
         * @param data written as soon as the process runs; copied
         * @param keepOpen whether it stays open for more; otherwise it is at its end after {@code data}
         * @return the input
         */
        public static Input of(byte[] data, boolean keepOpen) {
            return new Input(data.clone(), keepOpen);
        }

        /**
         * The first bytes.
         *
         * @return a copy, may be empty
         */
        public byte[] data() {
            return data.clone();
        }

        /**
         * Whether it stays open for more.
         *
         * @return true if the caller may write to it while the process runs
         */
        public boolean keepOpen() {
            return keepOpen;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Input that && keepOpen == that.keepOpen && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(data) * 2 + (keepOpen ? 1 : 0);
        }
    }

    /** Keeps unmodifiable copies and checks the form. */
    public LaunchPlan {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        secretVariables = Set.copyOf(secretVariables);
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("a launch plan needs a command");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("the working directory must be absolute, is " + directory);
        }
    }

    /**
     * The same plan with another command.
     *
     * @param newCommand program and arguments
     * @return a changed copy
     */
    public LaunchPlan withCommand(List<String> newCommand) {
        return new LaunchPlan(newCommand, commandOption, directory, environment, secretVariables, input);
    }

    /**
     * The same plan with one more, or another value of a, variable.
     *
     * @param name the variable
     * @param value its value
     * @return a changed copy
     */
    public LaunchPlan withVariable(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(name, value);
        return new LaunchPlan(command, commandOption, directory, changed, secretVariables, input);
    }

    /**
     * The same plan with another standard input.
     *
     * @param newInput what the process finds there
     * @return a changed copy
     */
    public LaunchPlan withInput(Input newInput) {
        return new LaunchPlan(command, commandOption, directory, environment, secretVariables, newInput);
    }

    @Override
    public String toString() {
        return "LaunchPlan" + command + " in " + directory;
    }
}
