package org.example.node;

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
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * The native worker type {@code node}: runs a Node.js program that joins its node. The controller hands the program its birth line, waits
 * until it is ready, and asks it to end; the type only says so. Thread-safe, for it has no state.
 */
@Component(property = WorkerType.WORKER_TYPE + "=node")
@ProvidesWorkerType("node")
public final class NodeWorkerType implements WorkerType {
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("script", OptionType.STRING, "The program, relative to the working directory.")
                    .required()
                    .build(),
            option("interpreter", OptionType.STRING, "The Node.js to run it with; default node, found on PATH.")
                    .byDefault("node")
                    .build());

    /** This makes it native: the options of channels, {@code start.timeout} and the like come with it. */
    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public List<OptionDefinition> options() {
        return OPTIONS;
    }

    @Override
    public List<Problem> check(OptionValues options) {
        String script = options.string("script").orElse("");
        return script.isBlank() || script.startsWith("-")
                ? List.of(Problem.definition("script", "'" + script + "' is no file; name a program, worker.js for example"))
                : List.of();
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        OptionValues options = request.options();
        return request.plan(
                "interpreter",
                List.of(options.string("interpreter").orElse("node"), options.string("script").orElseThrow()));
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.ok(WorkerCapability.ENVIRONMENT, WorkerCapability.SIGNALS, WorkerCapability.CHANNEL);
    }
}
