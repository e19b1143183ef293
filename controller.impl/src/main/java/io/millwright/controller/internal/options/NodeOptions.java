package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.OptionChecker;
import io.millwright.options.OptionCoercer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of the node itself, configuration {@value #PID}. Thread-safe. */
public final class NodeOptions {
    /** The persistent identity of the node's configuration. */
    public static final String PID = "io.millwright.controller";

    public static final String NODE_ID = "node.id";
    public static final String TITLE = "title";
    public static final String URI_PREFIX = "uri_prefix";
    public static final String SHUTDOWN_TRIGGERS = "shutdown.triggers";
    public static final String SHUTDOWN_SCOPE = "shutdown.scope";
    public static final String SHUTDOWN_COUNT_REQUESTED = "shutdown.count_requested";
    public static final String BOOT_STRICT = "boot.strict";
    public static final String BOOT_PARALLEL = "boot.parallel";
    public static final String HISTORY_SIZE = "history.size";

    /** The group of options that every worker has which does not say otherwise. */
    public static final String WORKER_DEFAULTS = "worker.defaults";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
    private static final Pattern TRIGGER = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

    private static final List<OptionDefinition> OWN = List.of(
            option(NODE_ID, OptionType.STRING, "The node's name; default: the name of the host.")
                    .inPlace()
                    .build(),
            option(TITLE, OptionType.STRING, "The product's name in the status; default: Millwright.")
                    .inPlace()
                    .build(),
            option(URI_PREFIX, OptionType.STRING, "What error codes and remote names begin with; default millwright.")
                    .byDefault("millwright")
                    .inPlace()
                    .build(),
            option(
                            SHUTDOWN_TRIGGERS,
                            OptionType.STRINGS,
                            "Names of the triggers that may shut the node down when a worker has ended; a bare shutdown"
                                    + " means this; default none.")
                    .byDefault(List.of())
                    .shortForm("shutdown")
                    .inPlace()
                    .build(),
            option(
                            SHUTDOWN_SCOPE,
                            OptionType.STRING,
                            "What a shutdown stops: workers, or the framework too; default: framework for a standalone"
                                    + " node, workers where the framework is shared.")
                    .oneOf("workers", "framework")
                    .inPlace()
                    .build(),
            option(
                            SHUTDOWN_COUNT_REQUESTED,
                            OptionType.BOOLEAN,
                            "Whether a worker that was told to stop counts for shutdown_on_last_worker_exit; default"
                                    + " false.")
                    .byDefault(false)
                    .inPlace()
                    .build(),
            option(
                            BOOT_STRICT,
                            OptionType.BOOLEAN,
                            "Whether a worker that cannot be started at boot ends the node; default false.")
                    .byDefault(false)
                    .inPlace()
                    .build(),
            option(
                            BOOT_PARALLEL,
                            OptionType.INTEGER,
                            "How many workers are started at the same time at boot, 0 for all that nothing holds back;"
                                    + " default 0.")
                    .byDefault(0)
                    .atLeast(0)
                    .atMost(10_000)
                    .inPlace()
                    .build(),
            option(HISTORY_SIZE, OptionType.INTEGER, "How many ended workers are remembered; default 100.")
                    .byDefault(100)
                    .atLeast(0)
                    .atMost(100_000)
                    .inPlace()
                    .build());

    private static final List<OptionDefinition> DEFINITIONS = Stream.concat(
                    OWN.stream(),
                    // How many instances there are is said of one worker only.
                    CommonOptions.definitions().stream()
                            .filter(option -> !option.key().equals(InstanceOptions.INSTANCES))
                            .map(option -> option.within(WORKER_DEFAULTS)))
            .toList();

    private NodeOptions() {}

    /**
     * The node's options.
     *
     * @return an unmodifiable list in the order forms show
     */
    public static List<OptionDefinition> definitions() {
        return DEFINITIONS;
    }

    /**
     * A checker for the node's configuration; a bare {@code shutdown} means {@code shutdown.triggers}.
     *
     * @param environment looks a name up in the node's own environment
     * @return the checker
     */
    public static OptionChecker checker(Function<String, @Nullable String> environment) {
        OptionChecker workers = CommonOptions.checker(List.of(), environment);
        return new OptionChecker(DEFINITIONS, (values, noTexts) -> problems(values, workers), environment);
    }

    /**
     * The options that every worker has which does not say otherwise.
     *
     * @param values the node's own, checked
     * @return values by the keys that workers know
     */
    public static OptionValues workerDefaults(OptionValues values) {
        Map<String, Object> defaults = new HashMap<>();
        for (OptionDefinition option : CommonOptions.definitions()) {
            Object value = values.any(WORKER_DEFAULTS + "." + option.key());
            if (value != null) {
                defaults.put(option.key(), value);
            }
        }
        return new OptionValues(defaults, defaults.keySet());
    }

    private static List<Problem> problems(OptionValues values, OptionChecker workers) {
        List<Problem> problems = forms(values);
        for (Problem problem : workers.check(Map.of(), workerDefaults(values)).problems()) {
            problems.add(problem.at(WORKER_DEFAULTS + "." + problem.path(), problem.line()));
        }
        return problems;
    }

    private static List<Problem> forms(OptionValues values) {
        List<Problem> problems = new ArrayList<>();
        values.string(NODE_ID)
                .filter(id -> !ID.matcher(id).matches())
                .ifPresent(id -> problems.add(Problem.definition(
                        NODE_ID, "'" + id + "' is no node id; use up to 63 letters, digits, '_', '.' and '-'")));
        values.string(URI_PREFIX)
                .filter(prefix -> !PREFIX.matcher(prefix).matches())
                .ifPresent(prefix -> problems.add(Problem.definition(
                        URI_PREFIX,
                        "'" + prefix
                                + "' is no URI prefix; use lower-case words joined by dots, such as com.example")));
        for (String trigger : values.strings(SHUTDOWN_TRIGGERS)) {
            Boolean meant = OptionCoercer.looksLike(trigger);
            if (meant != null) {
                problems.add(Problem.definition(
                        SHUTDOWN_TRIGGERS,
                        "'" + trigger + "' looks like " + meant + ", not like the name of a trigger; "
                                + (meant
                                        ? "write a name, such as \"shutdown_on_worker_exit\""
                                        : "leave the key out, or write an empty list: []")));
            } else if (!TRIGGER.matcher(trigger).matches()) {
                problems.add(Problem.definition(
                        SHUTDOWN_TRIGGERS,
                        "'" + trigger + "' is no name of a trigger; give one name, or a list of names, such as"
                                + " [\"shutdown_on_worker_exit\"]"));
            }
        }
        return problems;
    }
}
