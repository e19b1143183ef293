package io.millwright.testkit;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Samples.Sample;
import java.util.List;
import java.util.Objects;

/**
 * The type as the checks see it: every call bounded by the five seconds a node gives it, and whatever it throws or returns
 * amiss told as a sentence. Used by one thread.
 */
final class TypeUnderTest {
    final String name;
    final WorkerType type;
    final Samples samples;

    TypeUnderTest(String name, WorkerType type, Samples samples) {
        this.name = name;
        this.type = type;
        this.samples = samples;
    }

    List<OptionDefinition> options() throws Broken, InterruptedException {
        List<OptionDefinition> options = BoundedCall.of("options()", type::options);
        if (options.stream().anyMatch(Objects::isNull)) {
            throw new Broken("options() has a null among its definitions.");
        }
        return options;
    }

    OptionReader.Reading read(Sample sample) throws Broken, InterruptedException {
        return OptionReader.read(options(), sample.options());
    }

    /** The values of a sample that has to be good. */
    OptionValues values(Sample sample) throws Broken, InterruptedException {
        OptionReader.Reading reading = read(sample);
        if (!reading.problems().isEmpty()) {
            throw new Broken("The options of '" + sample.name() + "' are refused by the definitions: "
                    + reading.problems() + ".");
        }
        return reading.values();
    }

    List<Problem> check(OptionValues values) throws Broken, InterruptedException {
        List<Problem> problems = BoundedCall.of("check()", () -> type.check(values));
        if (problems.stream().anyMatch(Objects::isNull)) {
            throw new Broken("check() has a null among its problems.");
        }
        return problems;
    }

    LaunchPlan plan(PlanRequest request) throws Broken, InterruptedException {
        return BoundedCall.of("plan()", () -> type.plan(request));
    }

    boolean isNative() throws Broken, InterruptedException {
        return BoundedCall.of("isNative()", type::isNative);
    }

    Fingerprint fingerprint() throws Broken, InterruptedException {
        return BoundedCall.of("fingerprint()", type::fingerprint);
    }
}
