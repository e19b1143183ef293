package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The options that workers with a control channel have beside those of every worker. Thread-safe. */
public final class NativeOptions {
    public static final String CHANNEL_TIMEOUT = "channel.timeout";
    public static final String EXPOSE_CONTROLLER = "expose_controller";
    public static final String TITLE = "title";
    public static final String EXTRA = "extra";
    public static final String LOG_LEVEL = "log.level";
    public static final String CONNECT_ROUTER = "connect.router";
    public static final String CONNECT_REALM = "connect.realm";
    public static final String CONNECT_ROLE = "connect.role";

    private static final List<OptionDefinition> DEFINITIONS = List.of(
            option(
                            CHANNEL_TIMEOUT,
                            OptionType.DURATION,
                            "How long a worker that has lost its control channel may take to join again while the router is"
                                    + " there; default 30s.")
                    .byDefault("30s")
                    .atLeast(1)
                    .inPlace()
                    .build(),
            option(
                            EXPOSE_CONTROLLER,
                            OptionType.BOOLEAN,
                            "Whether the worker may call what an operator of the node may; default false.")
                    .byDefault(false)
                    .build(),
            option(TITLE, OptionType.STRING, "What the worker is called, for people; default its id.")
                    .build(),
            option(EXTRA, OptionType.ANY, "Any value, given to the worker as it is; default none.")
                    .build(),
            option(LOG_LEVEL, OptionType.STRING, "The least level of log records the worker writes; default info.")
                    .oneOf("trace", "debug", "info", "warn", "error", "off")
                    .byDefault("info")
                    .build(),
            option(
                            CONNECT_ROUTER,
                            OptionType.STRING,
                            "A worker of type router that this one has a session on, by its id; with a realm and a role.")
                    .build(),
            option(CONNECT_REALM, OptionType.STRING, "The realm of that session, by its URI.")
                    .build(),
            option(CONNECT_ROLE, OptionType.STRING, "The role of that session, one of the realm's.")
                    .build());

    private NativeOptions() {}

    /**
     * The options.
     *
     * @return an unmodifiable list in the order forms show
     */
    public static List<OptionDefinition> definitions() {
        return DEFINITIONS;
    }

    /**
     * Whether a type's options are those of native workers.
     *
     * @param options all but those of every worker
     * @return true if {@link #definitions} are among them
     */
    public static boolean areAmong(List<OptionDefinition> options) {
        return options.containsAll(DEFINITIONS);
    }

    /**
     * How long a channel may be lost.
     *
     * @param options of a native worker
     * @return a positive length
     */
    public static Duration channelTimeout(OptionValues options) {
        return options.duration(CHANNEL_TIMEOUT).orElseThrow();
    }

    /** Standard input of a native worker is the controller's. */
    static List<Problem> contradictions(OptionValues values) {
        List<Problem> problems = new ArrayList<>();
        if (!values.has(CHANNEL_TIMEOUT)) {
            return problems;
        }
        connect(values, problems);
        for (String key : CommonOptions.STDIN) {
            if (values.isGiven(key)) {
                problems.add(Problem.definition(
                        key,
                        "is not for native workers: their standard input carries the birth line and stays open for as long as"
                                + " the node lives; give them what they need by 'extra' or options of their type"));
            }
        }
        if (ProbeOptions.isGiven(values)) {
            problems.add(Problem.definition(
                    ProbeOptions.READY, "is not for native workers: they say over their channel that they are ready"));
        }
        return problems;
    }

    /** A session needs all three. */
    private static void connect(OptionValues values, List<Problem> problems) {
        List<String> keys = List.of(CONNECT_ROUTER, CONNECT_REALM, CONNECT_ROLE);
        if (keys.stream().noneMatch(values::has)) {
            return;
        }
        keys.stream()
                .filter(key -> !values.has(key))
                .forEach(key -> problems.add(Problem.definition(
                        key, "is missing; 'connect' needs a router, a realm of it and a role of that realm")));
        values.string(CONNECT_ROUTER).ifPresent(router -> {
            try {
                new WorkerId(router);
            } catch (NodeException e) {
                problems.add(Problem.definition(CONNECT_ROUTER, String.valueOf(e.getMessage())));
            }
        });
        values.string(CONNECT_ROLE)
                .filter(role -> role.indexOf('.') >= 0)
                .ifPresent(role -> problems.add(
                        Problem.definition(CONNECT_ROLE, "'" + role + "' is no name of a role, which has no dot")));
    }
}
