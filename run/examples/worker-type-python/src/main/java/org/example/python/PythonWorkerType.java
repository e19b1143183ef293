package org.example.python;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The worker type {@code python}: runs a Python script. The controller does everything else. Thread-safe, for it has no state. */
@Component(property = WorkerType.WORKER_TYPE + "=python")
@ProvidesWorkerType("python")
public final class PythonWorkerType implements WorkerType {
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("script", OptionType.STRING, "The script, relative to the working directory.")
                    .required()
                    .build(),
            option("arguments", OptionType.STRINGS, "The script's arguments; default none.")
                    .byDefault(List.of())
                    .build(),
            option("interpreter", OptionType.STRING, "The Python to run it with; default python3, found on PATH.")
                    .byDefault("python3")
                    .build());

    @Override
    public List<OptionDefinition> options() {
        return OPTIONS;
    }

    @Override
    public List<Problem> check(OptionValues options) {
        String script = options.string("script").orElse("");
        if (script.isBlank() || script.startsWith("-")) {
            return List.of(Problem.definition(
                    "script", "'" + script + "' would be an option of the interpreter; name a script, ./" + script.trim() + " for example"));
        }
        return List.of();
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        OptionValues options = request.options();
        List<String> command = new ArrayList<>();
        command.add(options.string("interpreter").orElse("python3"));
        // Unbuffered: a line is in the log when it is printed.
        command.add("-u");
        command.add(options.string("script").orElseThrow());
        command.addAll(options.strings("arguments"));
        return request.plan("interpreter", command);
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
