package io.millwright.controller.api.worker;

import io.millwright.controller.api.WorkerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker type plans from: the worker's checked options, and what the controller has made of those that every type
 * shares. Immutable.
 */
public final class PlanRequest {
    private final WorkerId id;
    private final OptionValues options;
    private final Path nodeDirectory;
    private final Path directory;
    private final Map<String, String> environment;
    private final Set<String> secretVariables;
    private final LaunchPlan.Input input;

    private PlanRequest(Builder builder) {
        this.id = Objects.requireNonNull(builder.id, "id");
        this.options = Objects.requireNonNull(builder.options, "options");
        this.nodeDirectory = Objects.requireNonNull(builder.nodeDirectory, "nodeDirectory");
        this.directory = Objects.requireNonNull(builder.directory, "directory");
        this.environment = Map.copyOf(builder.environment);
        this.secretVariables = Set.copyOf(builder.secretVariables);
        this.input = Objects.requireNonNull(builder.input, "input");
    }

    /**
     * Begins one.
     *
     * @param id the worker
     * @param options its checked options, the type's own and the shared ones
     * @param nodeDirectory the node directory, absolute
     * @param directory the working directory the options ask for, absolute; it exists
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(WorkerId id, OptionValues options, Path nodeDirectory, Path directory) {
        return new Builder(id, options, nodeDirectory, directory);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(id, options, nodeDirectory, directory);
        builder.environment = environment;
        builder.secretVariables = secretVariables;
        builder.input = input;
        return builder;
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** Its checked options, the type's own and the shared ones. */
    public OptionValues options() {
        return options;
    }

    /** The node directory, absolute. */
    public Path nodeDirectory() {
        return nodeDirectory;
    }

    /** The working directory the options ask for, absolute; it exists. */
    public Path directory() {
        return directory;
    }

    /** The whole environment the options ask for. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Names in {@code environment} whose values must never be shown. */
    public Set<String> secretVariables() {
        return secretVariables;
    }

    /** The standard input the options ask for. */
    public LaunchPlan.Input input() {
        return input;
    }

    /**
     * A plan that runs a command with all that the options ask for.
     *
     * @param commandOption the key of the option that named the program, for error messages
     * @param command the program and its arguments, see {@link LaunchPlan#command()}
     * @return the plan
     */
    public LaunchPlan plan(String commandOption, List<String> command) {
        return LaunchPlan.builder(commandOption, command, directory)
                .environment(environment)
                .secretVariables(secretVariables)
                .input(input)
                .build();
    }

    @Override
    public String toString() {
        return "PlanRequest[" + id + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof PlanRequest that
                        && id.equals(that.id)
                        && options.equals(that.options)
                        && nodeDirectory.equals(that.nodeDirectory)
                        && directory.equals(that.directory)
                        && environment.equals(that.environment)
                        && secretVariables.equals(that.secretVariables)
                        && input.equals(that.input);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, options, nodeDirectory, directory, environment, secretVariables, input);
    }

    /** Makes a {@link PlanRequest}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final WorkerId id;
        private final OptionValues options;
        private final Path nodeDirectory;
        private final Path directory;
        private Map<String, String> environment = Map.of();
        private Set<String> secretVariables = Set.of();
        private LaunchPlan.Input input = LaunchPlan.Input.CLOSED;

        private Builder(WorkerId id, OptionValues options, Path nodeDirectory, Path directory) {
            this.id = id;
            this.options = options;
            this.nodeDirectory = nodeDirectory;
            this.directory = directory;
        }

        /** The whole environment the options ask for. */
        public Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        /** Names in {@code environment} whose values must never be shown. */
        public Builder secretVariables(Set<String> value) {
            secretVariables = value;
            return this;
        }

        /** The standard input the options ask for. */
        public Builder input(LaunchPlan.Input value) {
            input = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public PlanRequest build() {
            return new PlanRequest(this);
        }
    }
}
