package io.millwright.testkit;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Check.Skipped;
import io.millwright.testkit.Samples.Kind;
import io.millwright.testkit.Samples.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of what a type says to options: good ones pass, bad ones get problems that help, and nothing throws. */
final class ProblemChecks {
    private final TypeUnderTest subject;

    ProblemChecks(TypeUnderTest subject) {
        this.subject = subject;
    }

    List<Check> all() {
        return List.of(
                new Check("good options are accepted", this::accepted),
                new Check("bad options are refused, blaming the right key", this::refused),
                new Check("problems have a path and a sentence", this::wellFormed),
                new Check("odd values never make check() throw", this::oddValues),
                new Check("check() gives the same answer again", this::repeatable));
    }

    private void accepted(List<String> findings) throws Broken, InterruptedException {
        for (Sample sample : subject.samples.of(Kind.VALID)) {
            List<Problem> problems = subject.check(subject.values(sample));
            if (!problems.isEmpty()) {
                findings.add("The good options of '" + sample.name() + "' are refused: " + problems + ".");
            }
        }
    }

    private void refused(List<String> findings) throws Broken, InterruptedException, Skipped {
        List<Sample> samples = subject.samples.of(Kind.REFUSED);
        if (samples.isEmpty()) {
            throw new Skipped("there are no samples to be refused");
        }
        for (Sample sample : samples) {
            OptionReader.Reading reading = subject.read(sample);
            List<Problem> problems =
                    reading.problems().isEmpty() ? subject.check(reading.values()) : reading.problems();
            String path = String.valueOf(sample.path());
            if (problems.isEmpty()) {
                findings.add("The bad options of '" + sample.name() + "' are accepted.");
            } else if (problems.stream().noneMatch(problem -> blames(problem, path))) {
                findings.add("The problems of '" + sample.name() + "' do not blame '" + path + "': " + problems + ".");
            }
        }
    }

    static boolean blames(Problem problem, String path) {
        return problem.path().equals(path) || problem.path().startsWith(path + ".");
    }

    private void wellFormed(List<String> findings) throws Broken, InterruptedException {
        for (Sample sample : subject.samples.of(Kind.REFUSED)) {
            OptionReader.Reading reading = subject.read(sample);
            if (reading.problems().isEmpty()) {
                judge(subject.check(reading.values()), "'" + sample.name() + "'", findings);
            }
        }
        for (Odd odd : odds()) {
            try {
                judge(subject.check(odd.values), odd.name, findings);
            } catch (Broken thrown) {
                // The check of odd values tells.
                continue;
            }
        }
    }

    private void judge(List<Problem> problems, String what, List<String> findings) throws Broken, InterruptedException {
        Set<String> keys = new HashSet<>();
        subject.options().forEach(option -> keys.add(option.key()));
        for (Problem problem : problems) {
            if (keys.stream().noneMatch(key -> blames(problem, key))) {
                findings.add("A problem of " + what + " has the path '" + problem.path()
                        + "', which is no option of the type: " + problem + ".");
            }
            if (!Sentences.isSaid(problem.message())) {
                findings.add("A problem of " + what + " is no sentence: '" + problem.message() + "'.");
            }
        }
    }

    private void oddValues(List<String> findings) throws Broken, InterruptedException {
        for (Odd odd : odds()) {
            try {
                subject.check(odd.values);
            } catch (Broken broken) {
                findings.add("With " + odd.name + ", " + broken.sentence());
            }
        }
    }

    private void repeatable(List<String> findings) throws Broken, InterruptedException {
        List<Sample> samples = new ArrayList<>(subject.samples.of(Kind.VALID));
        samples.addAll(subject.samples.of(Kind.REFUSED));
        for (Sample sample : samples) {
            if (!subject.read(sample).problems().isEmpty()) {
                continue;
            }
            List<Problem> first = subject.check(subject.read(sample).values());
            List<Problem> second = subject.check(subject.read(sample).values());
            if (!first.equals(second)) {
                findings.add("check() says " + first + ", then " + second + ", to the same options of '" + sample.name()
                        + "'.");
            }
        }
    }

    private record Odd(String name, OptionValues values) {}

    /** The running sample with one option after another set to values its type allows and nobody thinks of. */
    private List<Odd> odds() throws Broken, InterruptedException {
        OptionValues good = subject.values(subject.samples.running());
        List<Odd> odds = new ArrayList<>();
        for (OptionDefinition option : subject.options()) {
            for (Object value : oddValuesOf(option)) {
                Map<String, Object> values = new HashMap<>(good.asMap());
                values.put(option.key(), value);
                Set<String> given = new HashSet<>(values.keySet());
                odds.add(new Odd("'" + option.key() + "' = " + shown(value), new OptionValues(values, given)));
            }
            if (!option.isRequired()) {
                Map<String, Object> values = new HashMap<>(good.asMap());
                if (values.remove(option.key()) != null && option.defaultValue() == null) {
                    odds.add(new Odd("no '" + option.key() + "'", new OptionValues(values, Set.of())));
                }
            }
        }
        return odds;
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 40 ? "'" + text + "'" : "a text of " + text.length() + " characters";
    }

    private static List<Object> oddValuesOf(OptionDefinition option) {
        List<Object> raw =
                switch (option.type()) {
                    case STRING ->
                        option.allowed().isEmpty()
                                ? List.of(
                                        " ",
                                        "-",
                                        "/",
                                        "..",
                                        "a\nb",
                                        "\u00e4\u2603",
                                        "${HOME}",
                                        "%s",
                                        "x".repeat(100_000))
                                : List.copyOf(option.allowed());
                    case STRINGS, BOOLEAN_OR_STRINGS ->
                        option.allowed().isEmpty()
                                ? List.of(List.of(), List.of(""), List.of("a\nb", "\u2603"))
                                : List.of(List.of());
                    case BOOLEAN -> List.of(true, false);
                    case INTEGER, SIZE -> List.of(0L, -1L, 1L, Long.MAX_VALUE, Long.MIN_VALUE);
                    case NUMBER -> List.of(0, -1, 0.5, 1e300);
                    case DURATION -> List.of("PT0S", "1ms", "P100000D");
                    case SIGNAL -> List.of("TERM", "KILL");
                    case INTEGERS -> List.of(List.of(), List.of(0), List.of(-1, Long.MAX_VALUE));
                    case ANY -> List.of("", 0, true, List.of(), Map.of(), Map.of("", List.of(Map.of())));
                    case JSON_TEXT -> List.of("", "{", 0, true, List.of(), Map.of("", List.of(Map.of())));
                    case VARIABLES, OBJECTS -> List.of(Map.of());
                    case OBJECT_LIST -> List.of(List.of());
                };
        List<Object> possible = new ArrayList<>();
        for (Object value : raw) {
            try {
                possible.add(OptionReader.value(option, value));
            } catch (IllegalArgumentException refused) {
                // The definitions keep it from the type.
                continue;
            }
        }
        return possible;
    }
}
