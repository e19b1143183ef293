package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.OptionChecker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options that make several workers, instances, of one specification, and what each of them is. Thread-safe. */
public final class InstanceOptions {
    public static final String INSTANCES = "instances";
    public static final String RELOAD_MODE = "reload.mode";
    public static final String RELOAD_SHARED = "reload.shared";
    public static final String RELOAD_AT_ONCE = "reload.at_once";

    /** Most instances of one worker. */
    public static final int MOST = 1000;

    private static final String OVERLAP = "overlap";
    private static final OptionDefinition COUNT = option(
                    INSTANCES,
                    OptionType.INTEGER,
                    "How many workers ID-1, ID-2, ... are run of this one, whose group ID is; %i stands for the number in"
                            + " arguments, workdir, env, ready, health, exec, stop.command and sockets, %% for a percent sign;"
                            + " default: one worker ID without a number.")
            .atLeast(1)
            .atMost(MOST)
            .inPlace()
            .build();
    private static final OptionChecker CHECKER = new OptionChecker(List.of(COUNT), name -> null);

    /** The first words of the options in which the number may stand. */
    private static final Set<String> NUMBERED =
            Set.of("arguments", "workdir", "env", "ready", "health", "exec", "stop", "sockets");

    private static final Pattern MARK = Pattern.compile("%([i%])");

    private InstanceOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(COUNT);
        all.add(option(
                        RELOAD_MODE,
                        OptionType.STRING,
                        "How a restart replaces the process: replace (the old one ends, then the new one starts) or overlap (the"
                                + " new one starts beside the old one, which ends when the new one is ready; needs sockets or"
                                + " reload.shared); default replace.")
                .oneOf("replace", OVERLAP)
                .byDefault("replace")
                .inPlace()
                .build());
        all.add(option(
                        RELOAD_SHARED,
                        OptionType.BOOLEAN,
                        "Whether the program can run twice at the same time without sockets that the node holds: it has no port, or"
                                + " shares it (SO_REUSEPORT); for reload.mode overlap; default false.")
                .byDefault(false)
                .inPlace()
                .build());
        all.add(option(
                        RELOAD_AT_ONCE,
                        OptionType.INTEGER,
                        "How many instances are restarted at the same time when the group is, or when its configuration or its watched files change;"
                                + " the next begins when one is ready, the first failure ends it; default 1.")
                .byDefault(1)
                .atLeast(1)
                .atMost(MOST)
                .inPlace()
                .build());
    }

    static void check(OptionValues values, List<Problem> problems) {
        if (isOverlap(values) && !SocketOptions.isGiven(values) && !values.flag(RELOAD_SHARED)) {
            problems.add(Problem.definition(
                    RELOAD_MODE,
                    "overlap needs sockets, which the node holds for both processes, or reload.shared true for a program that can run"
                            + " twice at the same time; give one of them, or write replace"));
        }
    }

    /** Whether a restart begins the next run beside the current one. */
    public static boolean isOverlap(OptionValues values) {
        return OVERLAP.equals(values.any(RELOAD_MODE));
    }

    /** Whether a specification asks for a group of instances, be the number good or not. */
    public static boolean isGroup(WorkerSpec spec) {
        return spec.options().containsKey(INSTANCES);
    }

    /**
     * What is wrong with the number of instances that a specification asks for.
     *
     * @param spec one that asks for a group
     * @return empty if nothing is
     */
    public static List<Problem> problems(WorkerSpec spec) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put(INSTANCES, spec.options().get(INSTANCES));
        List<Problem> problems = CHECKER.check(given).problems();
        if (problems.isEmpty() && idProblem(spec.id(), count(spec)) != null) {
            return List.of(Problem.definition(INSTANCES, String.valueOf(idProblem(spec.id(), count(spec)))));
        }
        return problems;
    }

    /** Why instances of a worker cannot be named, {@code null} if they can. */
    public static @Nullable String idProblem(WorkerId id, int count) {
        try {
            instance(id, count);
            return null;
        } catch (NodeException tooLong) {
            return "makes an id that is too long, " + id + "-" + count + "; shorten the id";
        }
    }

    /** How many instances a specification asks for, whose number is good. */
    public static int count(WorkerSpec spec) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put(INSTANCES, spec.options().get(INSTANCES));
        return CHECKER.check(given)
                .values()
                .integer(INSTANCES)
                .map(Long::intValue)
                .orElse(1);
    }

    /** How many instances of a group are restarted at the same time. */
    public static int atOnce(@Nullable OptionValues options) {
        return options == null
                ? 1
                : options.integer(RELOAD_AT_ONCE).map(Long::intValue).orElse(1);
    }

    /** The id of one instance. */
    public static WorkerId instance(WorkerId group, int number) {
        return new WorkerId(group + "-" + number);
    }

    /** The number of an instance. */
    public static int number(WorkerId instance) {
        return Integer.parseInt(instance.value().substring(instance.value().lastIndexOf('-') + 1));
    }

    /** A specification with another number of instances. */
    public static WorkerSpec with(WorkerSpec spec, int count) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>(spec.options());
        options.put(INSTANCES, count);
        return WorkerSpec.of(spec.id(), spec.type(), options);
    }

    /**
     * One instance as a worker of its own.
     *
     * @param spec what asks for the group
     * @param number from 1
     * @return with its own id, its number in the texts, and without the option {@code instances}, unless that is wrong
     */
    public static WorkerSpec instance(WorkerSpec spec, int number) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        boolean good = problems(spec).isEmpty();
        spec.options().forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (!good || !key.equals(INSTANCES)) {
                boolean numbered = NUMBERED.contains(dot < 0 ? key : key.substring(0, dot));
                options.put(key, numbered && !isSecret(key) ? numbered(value, number) : value);
            }
        });
        return WorkerSpec.of(instance(spec.id(), number), spec.type(), options);
    }

    /** All instances that a specification asks for, whose number is good, in the order of their numbers. */
    public static List<WorkerSpec> all(WorkerSpec spec) {
        List<WorkerSpec> all = new ArrayList<>();
        for (int number = 1; number <= count(spec); number++) {
            all.add(instance(spec, number));
        }
        return all;
    }

    /** What stands for all instances where one is checked: the first of a group, or the worker itself. */
    public static WorkerSpec first(WorkerSpec spec) {
        return isGroup(spec) && problems(spec).isEmpty() ? instance(spec, 1) : spec;
    }

    /** A secret is taken as it is. */
    private static boolean isSecret(String key) {
        return key.equals("secret") || key.endsWith(".secret");
    }

    private static @Nullable Object numbered(@Nullable Object value, int number) {
        if (value instanceof String text) {
            return text.indexOf('%') < 0
                    ? text
                    : MARK.matcher(text).replaceAll(match -> replaced(match.group(1), number));
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, isSecret(String.valueOf(key)) ? inner : numbered(inner, number)));
            return copy;
        } else if (value instanceof Collection<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(numbered(element, number)));
            return copy;
        } else if (value instanceof String[] texts) {
            String[] copy = new String[texts.length];
            for (int i = 0; i < texts.length; i++) {
                copy[i] = String.valueOf(numbered(texts[i], number));
            }
            return copy;
        }
        return value;
    }

    private static String replaced(String mark, int number) {
        return Matcher.quoteReplacement(mark.equals("i") ? Integer.toString(number) : "%");
    }
}
