package io.millwright.testkit;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import java.util.List;
import java.util.Map;

/** A type in order, for tests to break. */
class Sleeper implements WorkerType {
    static final Samples SAMPLES = Samples.running(Map.of("label", "a", "words", List.of("x", "y")))
            .valid("a secret", Map.of("label", "a", "token", "hunter2hunter2"))
            .refused("no label", Map.of(), "label")
            .refused("a blank label", Map.of("label", " "), "label");

    static WorkerTypeConformance kit(WorkerType type) {
        return WorkerTypeConformance.of("sleeper", type, SAMPLES);
    }

    @Override
    public List<OptionDefinition> options() {
        return List.of(
                option("seconds", OptionType.DURATION, "How long to sleep.")
                        .byDefault("1h")
                        .atLeast(1000)
                        .build(),
                option("label", OptionType.STRING, "What to say first.")
                        .required()
                        .build(),
                option("words", OptionType.STRINGS, "What to say then.").build(),
                option("token", OptionType.STRING, "What nobody must see.")
                        .secret()
                        .build());
    }

    @Override
    public List<Problem> check(OptionValues options) {
        return options.string("label").orElseThrow().isBlank()
                ? List.of(Problem.definition("label", "is blank; give it a visible character"))
                : List.of();
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        String script = "echo " + request.options().string("label").orElseThrow() + "; exec sleep "
                + request.options().duration("seconds").orElseThrow().toSeconds();
        LaunchPlan plan = request.plan("type", List.of("/bin/sh", "-c", script));
        return plan;
    }
}
