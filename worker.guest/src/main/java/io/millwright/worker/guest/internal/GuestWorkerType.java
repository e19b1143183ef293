package io.millwright.worker.guest.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * The worker type for any executable: the program and its arguments are options, everything else is the controller's.
 * Called by the controller's plug-in pool; thread-safe, for it has no state.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = WorkerType.WORKER_TYPE + "=" + GuestWorkerType.NAME)
@ProvidesWorkerType(GuestWorkerType.NAME)
public final class GuestWorkerType implements WorkerType {
    static final String NAME = "guest";
    static final String EXECUTABLE = "executable";
    static final String ARGUMENTS = "arguments";

    private static final List<OptionDefinition> OPTIONS = List.of(
            option(
                            EXECUTABLE,
                            OptionType.STRING,
                            "The program: an absolute path, a path with a '/' relative to the working directory, or a"
                                    + " name looked up on PATH of the worker's own environment.")
                    .required()
                    .build(),
            option(
                            ARGUMENTS,
                            OptionType.STRINGS,
                            "The program's arguments, each handed over as it is, without a shell; default none.")
                    .byDefault(List.of())
                    .build());

    @Override
    public List<OptionDefinition> options() {
        return OPTIONS;
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        List<String> command = new ArrayList<>();
        command.add(request.options()
                .string(EXECUTABLE)
                .orElseThrow(() -> new IllegalArgumentException("option 'executable' is missing")));
        command.addAll(request.options().strings(ARGUMENTS));
        return request.plan(EXECUTABLE, command);
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.ok(
                WorkerCapability.ARGUMENTS,
                WorkerCapability.ENVIRONMENT,
                WorkerCapability.STDIN,
                WorkerCapability.SIGNALS);
    }
}
