package io.millwright.testkit;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Samples.Kind;
import io.millwright.testkit.Samples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Checks of the plans a type makes: what is in them. */
final class PlanChecks {
    private final TypeUnderTest subject;

    PlanChecks(TypeUnderTest subject) {
        this.subject = subject;
    }

    List<Check> all() {
        return List.of(
                new Check("good options are planned", plans((request, plan, sample) -> List.of())),
                new Check("a plan keeps what the shared options ask for", plans(this::kept)),
                new Check("a plan shows no secret", plans(this::secrets)),
                new Check("a plan is made of JDK and API types only", plans(this::foreign)),
                new Check("a plan names the option that named the program", plans(this::blame)));
    }

    private interface Judge {
        List<String> judge(PlanRequest request, LaunchPlan plan, Sample sample) throws Broken, InterruptedException;
    }

    private Check.Body plans(Judge judge) {
        return findings -> {
            for (Sample sample : subject.samples.of(Kind.VALID)) {
                judge(sample, judge, findings);
            }
        };
    }

    private void judge(Sample sample, Judge judge, List<String> findings)
            throws Broken, InterruptedException, IOException {
        try (Requests requests = new Requests(subject)) {
            PlanRequest request = requests.of(sample);
            for (String sentence : judge.judge(request, subject.plan(request), sample)) {
                findings.add("For '" + sample.name() + "', " + sentence);
            }
        }
    }

    private List<String> kept(PlanRequest request, LaunchPlan plan, Sample sample) {
        List<String> findings = new ArrayList<>();
        if (!plan.directory().equals(request.directory())) {
            findings.add("the plan runs in " + plan.directory() + " and not in the request's directory.");
        }
        for (String variable : List.of("PATH", "LANG", "CONFORMANCE", Requests.SECRET_NAME)) {
            if (!plan.environment().containsKey(variable)) {
                findings.add("the plan drops the variable " + variable
                        + " of the request's environment; begin with request.plan().");
            }
        }
        return findings;
    }

    private List<String> secrets(PlanRequest request, LaunchPlan plan, Sample sample)
            throws Broken, InterruptedException {
        List<String> secrets = new ArrayList<>(List.of(Requests.SECRET));
        OptionValues values = request.options();
        for (OptionDefinition option : subject.options()) {
            if (option.isSecret() && values.any(option.key()) instanceof String secret && secret.length() > 3) {
                secrets.add(secret);
            }
        }
        List<String> findings = new ArrayList<>();
        if (!plan.secretVariables().containsAll(request.secretVariables())) {
            findings.add("the plan forgets which variables are secret; begin with request.plan().");
        }
        for (String secret : secrets) {
            if (plan.command().stream().anyMatch(argument -> argument.contains(secret))) {
                findings.add("the command holds a secret, which everyone on the machine can see; use a variable of the"
                        + " environment or the standard input.");
            }
            for (Map.Entry<String, String> variable : plan.environment().entrySet()) {
                if (variable.getValue().contains(secret)
                        && !plan.secretVariables().contains(variable.getKey())) {
                    findings.add("the variable " + variable.getKey()
                            + " holds a secret and is not among the plan's secret variables.");
                }
            }
        }
        return findings;
    }

    private List<String> foreign(PlanRequest request, LaunchPlan plan, Sample sample) {
        List<Object> parts =
                new ArrayList<>(List.of(plan.directory(), plan.directory().getFileSystem()));
        parts.addAll(raw(plan.command()));
        parts.addAll(raw(plan.secretVariables()));
        Map<?, ?> environment = plan.environment();
        parts.addAll(environment.keySet());
        parts.addAll(environment.values());
        List<String> findings = new ArrayList<>();
        for (Object part : parts) {
            ClassLoader loader = part.getClass().getClassLoader();
            if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
                findings.add("the plan holds a " + part.getClass().getName()
                        + ", which would keep the class loader of the type's bundle; use JDK types.");
            }
        }
        return findings;
    }

    /** Seen without their element type, which a careless cast may have made a lie. */
    private static Collection<?> raw(Collection<?> elements) {
        return elements;
    }

    private List<String> blame(PlanRequest request, LaunchPlan plan, Sample sample)
            throws Broken, InterruptedException {
        String key = plan.commandOption();
        boolean known = key.equals("type")
                || subject.options().stream().anyMatch(option -> option.key().equals(key));
        return known
                ? List.of()
                : List.of("the plan's command option is '" + key
                        + "', which is no option of the type; a missing program would be blamed on it (use 'type' if no"
                        + " option names the program).");
    }
}
