package io.millwright.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks raw options against definitions: all problems at once, values coerced, defaults filled in. Make one per list of
 * definitions and use it often. Immutable and thread-safe; does not block.
 */
public final class OptionChecker {
    private static final List<String> RESERVED = List.of(
            "worker.",
            "millwright.",
            "service.",
            "felix.fileinstall.",
            "component.",
            "osgi.",
            ":configurator:",
            "org.apache.karaf.",
            ".");

    /** Types whose values may be given in parts. */
    private static final Set<OptionType> HOLDERS = EnumSet.of(
            OptionType.VARIABLES, OptionType.ANY, OptionType.JSON_TEXT, OptionType.OBJECTS, OptionType.OBJECT_LIST);

    private static final OptionValues NONE = new OptionValues(Map.of(), Set.of());

    /** Options of the node that begin like a reserved word. */
    private static final String WORKER_DEFAULTS = "worker.defaults.";

    private static final Pattern INDEX = Pattern.compile("\\[([0-9]{1,9})\\]");

    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*=");

    private final Map<String, OptionDefinition> definitions = new LinkedHashMap<>();
    private final Map<String, String> shortForms = new HashMap<>();
    /** What checks the objects of an option, by its key. */
    private final Map<String, OptionChecker> inner = new HashMap<>();

    private final BiFunction<OptionValues, Set<String>, List<Problem>> crossCheck;
    private final OptionCoercer coercer;
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> groups = new HashSet<>();

    /**
     * A checker of options that do not depend on each other.
     *
     * @param definitions the options there are; of two with one key the first counts
     * @param environment looks a name up in the node's own environment
     * @throws IllegalArgumentException if a definition's default is not a value of it
     */
    public OptionChecker(Collection<OptionDefinition> definitions, Function<String, @Nullable String> environment) {
        this(definitions, (values, noTexts) -> List.of(), environment);
    }

    /**
     * A checker of options that depend on each other.
     *
     * @param definitions the options there are; of two with one key the first counts
     * @param crossCheck finds contradictions between checked values; is also told the keys of JSON values that were given as
     *     numbers, truth values, lists or objects, and not as texts
     * @param environment looks a name up in the node's own environment
     * @throws IllegalArgumentException if a definition's default is not a value of it
     */
    public OptionChecker(
            Collection<OptionDefinition> definitions,
            BiFunction<OptionValues, Set<String>, List<Problem>> crossCheck,
            Function<String, @Nullable String> environment) {
        this.crossCheck = crossCheck;
        this.coercer = new OptionCoercer(environment);
        for (OptionDefinition option : definitions) {
            if (this.definitions.putIfAbsent(option.key(), option) == null) {
                addDefault(option);
                if (option.shortForm() != null) {
                    shortForms.put(option.shortForm(), option.key());
                }
                if (!option.members().isEmpty()) {
                    inner.put(option.key(), new OptionChecker(option.members(), environment));
                }
            }
        }
        known.addAll(this.definitions.keySet());
        known.addAll(shortForms.keySet());
        for (String key : known) {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                groups.add(key.substring(0, dot));
            }
        }
    }

    private void addDefault(OptionDefinition option) {
        Object value = option.defaultValue();
        if (value == null) {
            return;
        }
        try {
            defaults.put(option.key(), coercer.coerce(option, value));
        } catch (OptionCoercer.BadValue e) {
            throw new IllegalArgumentException("default of option '" + option.key() + "': " + e.sentence(), e);
        }
    }

    /**
     * The options there are.
     *
     * @return the definitions in their order, each key once; unmodifiable
     */
    public Collection<OptionDefinition> definitions() {
        return Collections.unmodifiableCollection(definitions.values());
    }

    /**
     * Drops the keys of a Config Admin dictionary that are not options but about the configuration itself.
     *
     * @param properties the dictionary as a map
     * @return the options in it, in the same order
     */
    public static Map<String, @Nullable Object> stripReserved(Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(WORKER_DEFAULTS) || RESERVED.stream().noneMatch(key::startsWith)) {
                options.put(key, value);
            }
        });
        return options;
    }

    /**
     * Checks options.
     *
     * @param raw keys dotted or nested, values typed or plain text
     * @return good values, defaults, and all problems in the order of the keys, then what is missing, then what
     *     contradicts
     */
    public Checked check(Map<String, ? extends @Nullable Object> raw) {
        return check(raw, NONE);
    }

    /**
     * Checks options where some have other defaults than their definitions say.
     *
     * @param raw keys dotted or nested, values typed or plain text
     * @param defaults checked values that count as given where the options do not say otherwise; variables are added one by one
     * @return good values, defaults, and all problems in the order of {@link #check(Map)}
     */
    public Checked check(Map<String, ? extends @Nullable Object> raw, OptionValues defaults) {
        Run run = new Run("", defaults);
        raw.forEach(run::walk);
        return run.finish();
    }

    /** The option whose value has a part of that path. */
    private @Nullable OptionDefinition holder(String path) {
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            OptionDefinition option = definitions.get(path.substring(0, dot));
            if (option != null && HOLDERS.contains(option.type())) {
                return option;
            }
        }
        return null;
    }

    /** Dotted parts of a JSON value put together; a type of its own, for the caller's maps are not to be changed. */
    private static final class Tree extends LinkedHashMap<String, Object> {}

    /** One check; for one thread. */
    private final class Run {
        /** What stands before each key in problems. */
        private final String prefix;

        private final OptionValues preset;
        private final Map<String, ObjectParts> objects = new LinkedHashMap<>();
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final Map<String, Map<String, Variable>> variables = new LinkedHashMap<>();
        private final Map<String, Tree> trees = new LinkedHashMap<>();
        /** Each option or part of one that was written, and how. */
        private final Map<String, String> written = new LinkedHashMap<>();

        /** The JSON values that were given, but not as texts. */
        private final Set<String> noTexts = new HashSet<>();

        private final List<Problem> problems = new ArrayList<>();
        /** What was advised, and with which problem. */
        private final Map<String, Integer> advised = new HashMap<>();

        Run(String prefix, OptionValues preset) {
            this.prefix = prefix;
            this.preset = preset;
        }

        void walk(String path, @Nullable Object value) {
            OptionDefinition option = definitions.get(path);
            OptionDefinition holder = option == null ? holder(path) : null;
            OptionDefinition longForm = definitions.get(shortForms.getOrDefault(path, ""));
            boolean group = groups.contains(path);
            if (holder != null && inner.containsKey(holder.key())) {
                parts(holder).part(path.substring(holder.key().length() + 1), value);
            } else if (option != null && inner.containsKey(path)) {
                parts(option).whole(value);
            } else if (option == null && holder == null && INDEX.matcher(path).find()) {
                // The spelling of problems: components[0].id.
                walk(INDEX.matcher(path).replaceAll(".$1"), value);
            } else if (holder != null) {
                part(holder, path, value);
            } else if (option != null && option.type() == OptionType.VARIABLES && value instanceof Map<?, ?> map) {
                map.forEach((name, text) -> variable(option, path + "." + name, text));
            } else if (option != null && option.type() == OptionType.VARIABLES) {
                assignments(option, path, value);
            } else if (group && value instanceof Map<?, ?> map) {
                map.forEach((key, inner) -> walk(path + "." + key, inner));
            } else if (option != null) {
                leaf(option, path, value);
            } else if (longForm != null) {
                leaf(longForm, path, value);
            } else if (group) {
                advise(
                        NearestKey.shown(path),
                        "is a group of options and takes an object",
                        NearestKey.advice(path + ".", known));
            } else {
                advise(NearestKey.shown(path), "is not an option", NearestKey.advice(path, known));
            }
        }

        private ObjectParts parts(OptionDefinition option) {
            written.putIfAbsent(option.key(), option.key());
            OptionChecker elements = Objects.requireNonNull(inner.get(option.key()));
            return objects.computeIfAbsent(
                    option.key(),
                    key -> new ObjectParts(
                            option,
                            place -> {
                                Run run = elements.new Run(prefix + place + ".", NONE);
                                return new ObjectParts.Element(prefix + place, run::walk, run::finish, run::given);
                            },
                            (place, sentence) -> problem(place, sentence)));
        }

        private boolean given(String key) {
            return written.containsKey(key);
        }

        private void leaf(OptionDefinition option, String path, @Nullable Object value) {
            if (!once(option.key(), path)) {
                return;
            }
            if (value == null) {
                problem(path, "has no value (null); give one, or leave the key out");
                return;
            }
            try {
                values.put(option.key(), coercer.coerce(option, value));
                if (option.type() == OptionType.JSON_TEXT && !(value instanceof String)) {
                    noTexts.add(option.key());
                }
            } catch (OptionCoercer.BadValue e) {
                problems.add(e.problem(prefix + path));
            }
        }

        /** A list of NAME=text: forms that know no objects have no other way to give variables. */
        private void assignments(OptionDefinition option, String path, @Nullable Object value) {
            Object list = value instanceof String text ? TextArray.read(text) : value;
            Collection<?> elements = list == null ? List.of() : OptionCoercer.elements(list);
            // What is no assignment is not shown, nor is a part of it: it may be a secret.
            boolean good = elements.stream().allMatch(element -> element instanceof String text && isAssignment(text));
            if (list == null || !good) {
                leaf(option, path, value);
                return;
            }
            written.putIfAbsent(option.key(), option.key());
            for (Object element : elements) {
                String text = (String) element;
                int sign = text.indexOf('=');
                variable(option, path + "." + text.substring(0, sign), text.substring(sign + 1));
            }
        }

        private boolean isAssignment(String text) {
            return ASSIGNMENT.matcher(text).lookingAt();
        }

        private void part(OptionDefinition holder, String path, @Nullable Object value) {
            if (holder.type() == OptionType.VARIABLES) {
                variable(holder, path, value);
            } else if (written.containsKey(holder.key()) && !trees.containsKey(holder.key())) {
                problem(path, "is given twice, also as '" + holder.key() + "'; keep one");
            } else if (once(path, path)) {
                written.put(holder.key(), holder.key());
                if (!plant(holder, path, value)) {
                    problem(path, "contradicts another key that is a part of it; write one object");
                }
            }
        }

        /** Puts a dotted part of a JSON value where it belongs. */
        private boolean plant(OptionDefinition holder, String path, @Nullable Object value) {
            Tree tree = trees.computeIfAbsent(holder.key(), key -> new Tree());
            String[] names = path.substring(holder.key().length() + 1).split("\\.", -1);
            for (int i = 0; i < names.length - 1; i++) {
                if (!(tree.computeIfAbsent(names[i], key -> new Tree()) instanceof Tree inner)) {
                    return false;
                }
                tree = inner;
            }
            if (value == null) {
                problem(path, "has no value (null); give one, or leave the key out");
                return true;
            }
            Object structure = value instanceof String text ? JsonSyntax.structure(text) : null;
            return tree.putIfAbsent(names[names.length - 1], structure == null ? value : structure) == null;
        }

        private void variable(OptionDefinition holder, String path, @Nullable Object value) {
            written.putIfAbsent(holder.key(), holder.key());
            Map<String, Variable> named = variables.computeIfAbsent(holder.key(), key -> new LinkedHashMap<>());
            try {
                VariableReader.Named read =
                        VariableReader.read(path.substring(holder.key().length() + 1), value);
                if (once(holder.key() + "." + read.name(), path)) {
                    named.put(read.name(), read.variable());
                }
            } catch (OptionCoercer.BadValue e) {
                problems.add(e.problem(prefix + path));
            }
        }

        private boolean once(String key, String path) {
            String before = written.putIfAbsent(key, path);
            if (before == null) {
                return true;
            }
            String how = before.equals(path) ? "once dotted and once nested" : "also as '" + prefix + before + "'";
            problem(path, "is given twice, " + how + "; keep one");
            return false;
        }

        /** A problem with advice; what was advised before in the same words is said at the last such key alone. */
        private void advise(String path, String message, String advice) {
            Integer before = advised.put(advice, problems.size());
            if (before != null && advice.startsWith("known ")) {
                Problem earlier = problems.get(before);
                String said = earlier.message();
                problems.set(
                        before,
                        Problem.definition(
                                String.valueOf(earlier.path()),
                                said.substring(0, said.length() - advice.length() - 2)));
            }
            problem(path, message + "; " + advice);
        }

        private void problem(String path, String message) {
            problems.add(Problem.definition(prefix + path, message));
        }

        Checked finish() {
            values.putAll(variables);
            objects.forEach((key, parts) -> values.put(key, parts.finish(problems)));
            trees.forEach((key, tree) -> {
                written.remove(key);
                leaf(Objects.requireNonNull(definitions.get(key)), key, tree);
            });
            // A bad value was given too: what depends on it must not be reported as missing.
            Set<String> given = new HashSet<>(written.keySet());
            given.retainAll(definitions.keySet());
            for (OptionDefinition option : definitions.values()) {
                Object byDefault = defaults.get(option.key());
                Object others = preset.any(option.key());
                if (!written.containsKey(option.key()) && others != null) {
                    values.put(option.key(), others);
                    given.add(option.key());
                } else if (others != null && option.type() == OptionType.VARIABLES) {
                    Map<String, Variable> both = new LinkedHashMap<>(preset.variables(option.key()));
                    both.putAll(variables.getOrDefault(option.key(), Map.of()));
                    values.put(option.key(), both);
                } else if (!written.containsKey(option.key()) && byDefault != null) {
                    values.put(option.key(), byDefault);
                } else if (!written.containsKey(option.key()) && option.isRequired()) {
                    problem(option.key(), "is required and missing: " + option.description());
                }
            }
            OptionValues checked = new OptionValues(values, given);
            problems.addAll(crossCheck.apply(checked, noTexts));
            return new Checked(checked, problems);
        }
    }
}
