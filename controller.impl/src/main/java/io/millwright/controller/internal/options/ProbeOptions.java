package io.millwright.controller.internal.options;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.OptionChanges;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options that say when a worker is ready, and whether it still is well. */
public final class ProbeOptions {
    public static final String READY = "ready";
    public static final String START_TIMEOUT = "start.timeout";
    public static final String LOG = "ready.log";
    public static final String FILE = "ready.file";
    public static final String READY_INTERVAL = "ready.interval";
    public static final String NOTIFY = "ready.notify";
    public static final String HEALTH = "health";
    public static final String HEALTH_WATCHDOG = "health.watchdog";
    public static final String HEALTH_INTERVAL = "health.interval";
    public static final String HEALTH_TIMEOUT = "health.timeout";
    public static final String HEALTH_FAILURES = "health.failures";
    public static final String HEALTH_START_PERIOD = "health.start_period";
    public static final String HEALTH_ACTION = "health.action";
    public static final String HEALTH_SIGNAL = "health.signal";

    private static final String TCP = ".tcp";
    private static final String EXEC = ".exec";
    private static final String URL = ".http.url";
    private static final String STATUS = ".http.status";
    private static final String HEADER = ".http.header";
    private static final String CONTAINS = ".http.contains";
    private static final List<String> KINDS = List.of(LOG, READY + TCP, READY + URL, FILE, READY + EXEC, NOTIFY);
    private static final List<String> HEALTH_KINDS =
            List.of(HEALTH + TCP, HEALTH + URL, HEALTH + EXEC, HEALTH_WATCHDOG);
    /** They mean nothing unless something is asked; so they have no defaults that would show at each worker. */
    private static final List<String> HEALTH_RULES = List.of(
            HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_FAILURES, HEALTH_START_PERIOD, HEALTH_ACTION, HEALTH_SIGNAL);

    private static final List<OptionDefinition> OF_READINESS = ofReadiness();
    private static final int MOST_PORTS = 65_535;

    private ProbeOptions() {}

    /** Where a program is to listen. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    static void addTo(List<OptionDefinition> all) {
        addReadiness(all);
        addHealth(all);
    }

    private static List<OptionDefinition> ofReadiness() {
        List<OptionDefinition> all = new ArrayList<>();
        addReadiness(all);
        return List.copyOf(all);
    }

    private static void addReadiness(List<OptionDefinition> all) {
        all.add(any(
                        LOG,
                        OptionType.STRING,
                        "Ready when a line of its output matches this pattern (RE2), on either stream; default: it is ready when its process is there.")
                .build());
        addProbes(all, READY, "Ready when ", "; default: not asked.");
        all.add(any(
                        FILE,
                        OptionType.STRING,
                        "Ready when this file is there; relative to the working directory; default: not"
                                + " looked for.")
                .build());
        all.add(any(
                        NOTIFY,
                        OptionType.BOOLEAN,
                        "Whether it is ready when it says READY=1 by sd_notify; Linux backend only; default false.")
                .build());
        all.add(any(READY_INTERVAL, OptionType.DURATION, "How often it is asked whether it is ready; default 100ms.")
                .byDefault("100ms")
                .atLeast(10)
                .build());
        all.add(any(
                        START_TIMEOUT,
                        OptionType.DURATION,
                        "How long a start may take, from the making of the process until it is ready; default 90s.")
                .byDefault("90s")
                .atLeast(1)
                .build());
    }

    private static void addHealth(List<OptionDefinition> all) {
        addProbes(all, HEALTH, "Healthy while ", "; default: not asked.");
        all.add(OptionDefinition.option(
                        HEALTH_WATCHDOG,
                        OptionType.DURATION,
                        "Healthy while it says WATCHDOG=1 by sd_notify at least this often; it finds the time in WATCHDOG_USEC;"
                                + " Linux backend only; default: not asked.")
                .atLeast(10)
                .build());
        all.add(any(
                        HEALTH_INTERVAL,
                        OptionType.DURATION,
                        "How often it is asked how it is, the first time at a random part of this; default 10s.")
                .atLeast(10)
                .build());
        all.add(any(HEALTH_TIMEOUT, OptionType.DURATION, "How long an answer may take; default 2s.")
                .atLeast(1)
                .build());
        all.add(any(
                        HEALTH_FAILURES,
                        OptionType.INTEGER,
                        "After how many bad answers in a row it is unhealthy; default 3.")
                .atLeast(1)
                .atMost(1000)
                .build());
        all.add(any(
                        HEALTH_START_PERIOD,
                        OptionType.DURATION,
                        "How long after its start bad answers do not count, unless a good one came before; default 0s.")
                .build());
        all.add(any(
                        HEALTH_ACTION,
                        OptionType.STRING,
                        "What is done with one that is unhealthy: restart (whatever restart.policy says, after the delays"
                                + " of restart.*), stop, signal (sends health.signal) or none (only tells); default restart.")
                .oneOf("restart", "stop", "signal", "none")
                .build());
        all.add(any(HEALTH_SIGNAL, OptionType.SIGNAL, "Signal for health.action signal; default HUP.")
                .build());
    }

    private static void addProbes(List<OptionDefinition> all, String group, String when, String end) {
        all.add(any(group + TCP, OptionType.ANY, when + "it takes a connection: PORT (of 127.0.0.1) or HOST:PORT" + end)
                .build());
        all.add(any(
                        group + URL,
                        OptionType.STRING,
                        when + "it answers a GET of this URL (http or https) with a good status" + end)
                .shortForm(group + ".http")
                .build());
        all.add(any(group + STATUS, OptionType.INTEGERS, "The statuses that are good; default 200 to 399.")
                .build());
        all.add(any(group + HEADER, OptionType.STRINGS, "Headers of the request, NAME: VALUE each; default none.")
                .build());
        all.add(any(
                        group + CONTAINS,
                        OptionType.STRING,
                        "A text that the first 64KiB of the answer must have; default any.")
                .build());
        all.add(any(
                        group + EXEC,
                        OptionType.STRINGS,
                        when + "this command (program, arguments) ends with 0; it runs as the worker does" + end)
                .build());
    }

    private static OptionDefinition.Builder any(String key, OptionType type, String description) {
        return OptionDefinition.option(key, type, description).inPlace();
    }

    /** What is wrong with these options together. */
    static void check(OptionValues values, List<Problem> problems) {
        one(values, problems, KINDS, "to be ready");
        one(values, problems, HEALTH_KINDS, "to be healthy");
        if (values.isGiven(LOG)) {
            checkPattern(values, problems);
        }
        for (String group : List.of(READY, HEALTH)) {
            if (values.isGiven(group + TCP) && tcp(values, group) == null) {
                problems.add(Problem.definition(
                        group + TCP, "'" + values.any(group + TCP) + "' must be PORT (1 to 65535) or HOST:PORT"));
            }
            checkHttp(values, problems, group);
        }
        if (!isHealthAsked(values)) {
            for (String key : HEALTH_RULES) {
                if (values.isGiven(key)) {
                    problems.add(Problem.definition(
                            key,
                            "needs health.tcp, health.http, health.exec or health.watchdog, by which it is known how the"
                                    + " worker is"));
                }
            }
        }
        for (String key : List.of(HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_FAILURES)) {
            if (values.isGiven(key) && values.isGiven(HEALTH_WATCHDOG)) {
                problems.add(Problem.definition(
                        key, "has no meaning with health.watchdog, for nothing is asked; leave it out"));
            }
        }
        if (isHealthAsked(values) && values.isGiven(HEALTH_SIGNAL) && !"signal".equals(values.any(HEALTH_ACTION))) {
            problems.add(
                    Problem.definition(HEALTH_SIGNAL, "is sent by health.action: signal alone; give that as well"));
        }
    }

    private static void one(OptionValues values, List<Problem> problems, List<String> kinds, String end) {
        List<String> given = new ArrayList<>();
        for (String kind : kinds) {
            if (asks(values, kind)) {
                given.add(kind);
            }
        }
        if (given.size() > 1) {
            problems.add(Problem.definition(
                    given.get(1), "contradicts " + given.get(0) + ": there is one way " + end + "; keep one"));
        }
    }

    private static void checkPattern(OptionValues values, List<Problem> problems) {
        try {
            Pattern.compile(values.string(LOG).orElse(""));
        } catch (PatternSyntaxException e) {
            problems.add(
                    Problem.definition(LOG, "is no pattern: " + e.getDescription() + " at '" + e.getPattern() + "'"));
        }
        if (!"log".equals(values.any(CommonOptions.STDOUT)) && !"log".equals(values.any(CommonOptions.STDERR))) {
            problems.add(Problem.definition(
                    LOG, "sees no line: neither stdout nor stderr goes through the node; let one of them be log"));
        }
    }

    private static void checkHttp(OptionValues values, List<Problem> problems, String group) {
        String text = values.string(group + URL).orElse(null);
        if (text != null) {
            try {
                URI uri = new URI(text);
                if (uri.getHost() == null || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                    problems.add(Problem.definition(
                            group + URL, "'" + text + "' must be a URL such as http://127.0.0.1:8080/health"));
                }
            } catch (URISyntaxException e) {
                problems.add(Problem.definition(group + URL, "'" + text + "' is no URL: " + e.getReason()));
            }
        }
        for (String header : values.strings(group + HEADER)) {
            if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+: *[^\\r\\n]*")) {
                problems.add(Problem.definition(group + HEADER, "'" + header + "' must be NAME: VALUE"));
            }
        }
        for (String key : List.of(group + STATUS, group + HEADER, group + CONTAINS)) {
            if (values.isGiven(key) && text == null) {
                problems.add(Problem.definition(key, "needs " + group + ".http.url"));
            }
        }
    }

    /** Where a connection is tried, {@code null} if none is, or if the text is wrong. */
    public static @Nullable Address tcp(OptionValues values, String group) {
        Object given = values.any(group + TCP);
        String text = given instanceof String || given instanceof Number
                ? given.toString().strip()
                : "";
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon).replaceAll("^\\[|]$", "");
        String port = text.substring(colon + 1);
        boolean good = !host.isEmpty() && port.matches("[0-9]{1,5}");
        int number = good ? Integer.parseInt(port) : 0;
        return number >= 1 && number <= MOST_PORTS ? new Address(host, number) : null;
    }

    /** The URL that is asked, {@code null} if none is. */
    public static @Nullable URI url(OptionValues values, String group) {
        return values.string(group + URL).map(URI::create).orElse(null);
    }

    /** The statuses that are good; empty for 200 to 399. */
    public static List<Long> statuses(OptionValues values, String group) {
        return values.any(group + STATUS) instanceof List<?> list
                ? list.stream().map(Long.class::cast).toList()
                : List.of();
    }

    /** Headers of the request, {@code NAME: VALUE} each. */
    public static List<String> headers(OptionValues values, String group) {
        return values.strings(group + HEADER);
    }

    /** What the answer must have, {@code null} for nothing. */
    public static @Nullable String contains(OptionValues values, String group) {
        return values.string(group + CONTAINS).orElse(null);
    }

    /**
     * How long a start may take.
     *
     * @param options checked
     * @return a positive length
     */
    public static Duration startTimeout(OptionValues options) {
        return options.duration(START_TIMEOUT).orElseThrow();
    }

    /** Whether two values of the options ask the same of a run that is not ready yet, in the same time. */
    public static boolean isSameReadiness(OptionValues one, OptionValues other) {
        return OptionChanges.keys(OF_READINESS, one, other, false).isEmpty();
    }

    /** Whether anything but its process makes a worker ready. */
    public static boolean isGiven(OptionValues values) {
        return KINDS.stream().anyMatch(kind -> asks(values, kind));
    }

    private static boolean asks(OptionValues values, String kind) {
        return values.isGiven(kind) && (!kind.equals(NOTIFY) || values.flag(NOTIFY));
    }

    /** Whether a line of its log says that a worker is ready. */
    public static boolean isLogged(OptionValues values) {
        return values.string(LOG).isPresent();
    }

    /** Whether its program says when it is ready. */
    public static boolean isNotified(OptionValues values) {
        return asks(values, NOTIFY);
    }

    /** How often its program says that it lives, {@code null} if it need not. */
    public static @Nullable Duration watchdog(OptionValues values) {
        return values.duration(HEALTH_WATCHDOG).orElse(null);
    }

    /** The option by which a program is to be heard, {@code null} if none asks for that. */
    public static @Nullable String hears(OptionValues values) {
        return isNotified(values) ? NOTIFY : watchdog(values) != null ? HEALTH_WATCHDOG : null;
    }

    /** Whether a worker that runs is asked how it is. */
    public static boolean isHealthAsked(OptionValues values) {
        return HEALTH_KINDS.stream().anyMatch(values::isGiven);
    }

    /** All that options say of a worker's health, to compare it. */
    public static Map<String, Object> health(OptionValues values) {
        Map<String, Object> all = new HashMap<>();
        List<String> details = List.of(HEALTH + STATUS, HEALTH + HEADER, HEALTH + CONTAINS);
        for (List<String> keys : List.of(HEALTH_KINDS, HEALTH_RULES, details)) {
            for (String key : keys) {
                if (values.isGiven(key)) {
                    all.put(key, String.valueOf(values.any(key)));
                }
            }
        }
        return all;
    }

    /** The command that is run; empty for none. */
    public static List<String> exec(OptionValues values, String group) {
        return values.strings(group + EXEC);
    }
}
