package io.millwright.controller.api.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one process is to be launched. Made of JDK and API types only, so nothing of the class loader that made it stays
 * behind. Immutable; its string form shows no environment.
 *
 * <p>What the options of every type decide (output, log, stop, restart) is not in it: the controller reads those itself.
 */
public final class LaunchPlan {
    private final List<String> command;
    private final String commandOption;
    private final Path directory;
    private final Map<String, String> environment;
    private final Set<String> secretVariables;
    private final Input input;
    private final boolean channel;

    private LaunchPlan(Builder builder) {
        this.command = List.copyOf(builder.command);
        this.commandOption = Objects.requireNonNull(builder.commandOption, "commandOption");
        this.directory = Objects.requireNonNull(builder.directory, "directory");
        this.environment = Map.copyOf(builder.environment);
        this.secretVariables = Set.copyOf(builder.secretVariables);
        this.input = Objects.requireNonNull(builder.input, "input");
        this.channel = builder.channel;
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("a launch plan needs a command");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("the working directory must be absolute, is " + directory);
        }
    }

    /**
     * Begins one.
     *
     * @param commandOption the key of the option that named the program, for error messages
     * @param command the program and its arguments; the program is an absolute path, a path relative to {@code
     * directory} if it contains a slash, or a name looked up on {@code PATH} of {@code environment}
     * @param directory the working directory, absolute
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(String commandOption, List<String> command, Path directory) {
        return new Builder(commandOption, command, directory);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(commandOption, command, directory);
        copyTo(builder);
        return builder;
    }

    private void copyTo(Builder builder) {
        builder.environment = environment;
        builder.secretVariables = secretVariables;
        builder.input = input;
        builder.channel = channel;
    }

    /**
     * The program and its arguments; the program is an absolute path, a path relative to {@code directory} if it
     * contains a slash, or a name looked up on {@code PATH} of {@code environment}.
     */
    public List<String> command() {
        return command;
    }

    /** The key of the option that named the program, for error messages. */
    public String commandOption() {
        return commandOption;
    }

    /** The working directory, absolute. */
    public Path directory() {
        return directory;
    }

    /**
     * The whole environment of the process, in no order; a map of {@link Map#copyOf} is kept as it is, so that workers
     * with the same environment share it.
     */
    public Map<String, String> environment() {
        return environment;
    }

    /** Names in {@code environment} whose values must never be shown. */
    public Set<String> secretVariables() {
        return secretVariables;
    }

    /** What the process finds on its standard input. */
    public Input input() {
        return input;
    }

    /**
     * Whether the process gets a control channel to the controller, which then makes its credentials and its first input; true for
     * all workers of native types, see {@link WorkerType#isNative}.
     */
    public boolean channel() {
        return channel;
    }

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

    /**
     * The same plan with another command.
     *
     * @param newCommand program and arguments
     * @return a changed copy
     */
    public LaunchPlan withCommand(List<String> newCommand) {
        Builder builder = new Builder(commandOption, newCommand, directory);
        copyTo(builder);
        return builder.build();
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
        return toBuilder().environment(changed).build();
    }

    /**
     * The same plan with another standard input.
     *
     * @param newInput what the process finds there
     * @return a changed copy
     */
    public LaunchPlan withInput(Input newInput) {
        return toBuilder().input(newInput).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof LaunchPlan that
                        && command.equals(that.command)
                        && commandOption.equals(that.commandOption)
                        && directory.equals(that.directory)
                        && environment.equals(that.environment)
                        && secretVariables.equals(that.secretVariables)
                        && input.equals(that.input)
                        && channel == that.channel;
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, commandOption, directory, environment, secretVariables, input, channel);
    }

    @Override
    public String toString() {
        return "LaunchPlan" + command + " in " + directory;
    }

    /** Makes a {@link LaunchPlan}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final List<String> command;
        private final String commandOption;
        private final Path directory;
        private Map<String, String> environment = Map.of();
        private Set<String> secretVariables = Set.of();
        private Input input = Input.CLOSED;
        private boolean channel;

        private Builder(String commandOption, List<String> command, Path directory) {
            this.commandOption = commandOption;
            this.command = command;
            this.directory = directory;
        }

        /**
         * The whole environment of the process, in no order; a map of {@link Map#copyOf} is kept as it is, so that workers
         * with the same environment share it.
         */
        public Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        /** Names in {@code environment} whose values must never be shown. */
        public Builder secretVariables(Set<String> value) {
            secretVariables = value;
            return this;
        }

        /** What the process finds on its standard input. */
        public Builder input(Input value) {
            input = value;
            return this;
        }

        /**
         * Whether the process gets a control channel to the controller; the controller sets it for workers of native types.
         */
        public Builder channel(boolean value) {
            channel = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public LaunchPlan build() {
            return new LaunchPlan(this);
        }
    }
}
