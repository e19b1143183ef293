package io.millwright.controller.api.worker;

import io.millwright.controller.api.WorkerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a worker type plans from: the worker's checked options, and what the controller has made of those that every type
 * shares. Immutable.
 *
 * @param id the worker
 * @param options its checked options, the type's own and the shared ones
 * @param nodeDirectory the node directory, absolute
 * @param directory the working directory the options ask for, absolute; it exists
 * @param environment the whole environment the options ask for
 * @param secretVariables names in {@code environment} whose values must never be shown
 * @param input the standard input the options ask for
 */
public record PlanRequest(
        WorkerId id,
        OptionValues options,
        Path nodeDirectory,
        Path directory,
        Map<String, String> environment,
        Set<String> secretVariables,
        LaunchPlan.Input input) {
    /**
     * A plan that runs a command with all that the options ask for.
     *
     * @param commandOption the key of the option that named the program, for error messages
     * @param command the program and its arguments, see {@link LaunchPlan#command()}
     * @return the plan
     */
    public LaunchPlan plan(String commandOption, List<String> command) {
        return new LaunchPlan(command, commandOption, directory, environment, secretVariables, input);
    }

    @Override
    public String toString() {
        return "PlanRequest[" + id + "]";
    }
}
