package io.millwright.worker.natives.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** The worker type for a program in any language that joins the node itself. Thread-safe, for it has no state. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = WorkerType.WORKER_TYPE + "=" + ProcessWorkerType.NAME)
@ProvidesWorkerType(ProcessWorkerType.NAME)
public final class ProcessWorkerType implements WorkerType {
    static final String NAME = "process";
    static final String EXECUTABLE = "executable";

    private static final List<OptionDefinition> OPTIONS = NativeOptions.with(List.of(option(
                    EXECUTABLE,
                    OptionType.STRING,
                    "The program, which joins the node as docs/native-protocol.md says: an absolute path, a path with a"
                            + " '/' relative to the working directory, or a name looked up on PATH of the worker's own"
                            + " environment.")
            .required()
            .build()));

    @Override
    public boolean isNative() {
        return true;
    }

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
        command.addAll(request.options().strings(NativeOptions.ARGUMENTS));
        return request.plan(EXECUTABLE, command);
    }

    @Override
    public Fingerprint fingerprint() {
        return NativeOptions.fingerprint();
    }
}
