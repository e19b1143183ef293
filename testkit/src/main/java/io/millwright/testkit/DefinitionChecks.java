package io.millwright.testkit;

import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.ReservedOptions;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.testkit.Check.Broken;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of what a type says about itself: name, option definitions, fingerprint. */
final class DefinitionChecks {
    private final TypeUnderTest subject;

    DefinitionChecks(TypeUnderTest subject) {
        this.subject = subject;
    }

    List<Check> all() {
        return List.of(
                new Check("the type's name is well formed", this::name),
                new Check("the fingerprint tells whether the type is usable, and why not", this::fingerprint),
                new Check("each option has a key of its own", this::uniqueKeys),
                new Check("no option hides one that every type has", this::sharedKeys),
                new Check("each option is described in a sentence", this::descriptions),
                new Check("defaults are values of their own options", this::defaults),
                new Check("the options are the same at every call", this::stable));
    }

    private void name(List<String> findings) {
        if (!subject.name.matches(WorkerType.NAME_PATTERN)) {
            findings.add("The name '" + subject.name + "' does not match " + WorkerType.NAME_PATTERN + ".");
        }
    }

    private void fingerprint(List<String> findings) throws Broken, InterruptedException {
        Fingerprint first = subject.fingerprint();
        String reason = first.reason();
        if (!first.usable() && (reason == null || !Sentences.isSaid(reason))) {
            findings.add("The type says it is unusable and gives no reason; say why and what would help.");
        }
        if (first.usable() && reason != null) {
            findings.add("The type says it is usable, and a reason why not: '" + reason + "'.");
        }
        if (subject.isNative() && first.capabilities().contains(WorkerCapability.STDIN)) {
            findings.add(
                    "The type is native and says that the standard input of its workers can be written to; it is the"
                            + " controller's.");
        }
        if (!first.equals(subject.fingerprint())) {
            findings.add("Two calls of fingerprint() gave different answers.");
        }
    }

    private void uniqueKeys(List<String> findings) throws Broken, InterruptedException {
        Set<String> seen = new HashSet<>();
        for (OptionDefinition option : subject.options()) {
            if (!seen.add(option.key())) {
                findings.add("The option '" + option.key() + "' is defined twice.");
            }
        }
    }

    private void sharedKeys(List<String> findings) throws Broken, InterruptedException {
        for (String key : ReservedOptions.takenBy(subject.options())) {
            findings.add("The option '" + key + "' makes the type unavailable: keys of '" + key.split("\\.", 2)[0]
                    + "' belong to the controller. Choose another word.");
        }
    }

    private void descriptions(List<String> findings) throws Broken, InterruptedException {
        for (OptionDefinition option : subject.options()) {
            String text = option.description();
            if (!Sentences.isSaid(text) || !text.endsWith(".")) {
                findings.add("The description of '" + option.key() + "' is no sentence that forms could show: '" + text
                        + "'.");
            }
        }
    }

    private void defaults(List<String> findings) throws Broken, InterruptedException {
        for (OptionDefinition option : subject.options()) {
            Object value = option.defaultValue();
            if (value == null) {
                continue;
            }
            if (option.isRequired()) {
                findings.add("The option '" + option.key() + "' is required and has a default, which is never used.");
            }
            try {
                OptionReader.value(option, value);
            } catch (IllegalArgumentException e) {
                findings.add("The default of '" + option.key() + "' is not a value of it: " + e.getMessage() + ".");
            }
        }
    }

    private void stable(List<String> findings) throws Broken, InterruptedException {
        List<String> first =
                subject.options().stream().map(DefinitionChecks::text).toList();
        List<String> second =
                subject.options().stream().map(DefinitionChecks::text).toList();
        if (!first.equals(second)) {
            findings.add("Two calls of options() gave different definitions: " + first + ", then " + second + ".");
        }
    }

    private static String text(OptionDefinition option) {
        return String.join(
                " ",
                option.key(),
                option.type().name(),
                option.description(),
                String.valueOf(option.defaultValue()),
                option.allowed().toString(),
                String.valueOf(option.minimum()),
                String.valueOf(option.maximum()),
                option.isRequired() + "",
                option.isSecret() + "",
                option.change().name());
    }
}
