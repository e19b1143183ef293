package io.millwright.controller.internal.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Units;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of a worker that give it a group of the kernel's (cgroup v2), and that group its limits. Any of them makes the group;
 * whether there is one changes by a restart, its limits in place.
 */
public final class CgroupOptions {
    public static final String TREES = "trees";
    public static final String PREFIX = "cgroup.";
    public static final String IO_MAX = "io.max";

    private static final String GROUP = "cgroup";
    private static final String MAX = "max";
    private static final String CPU_MAX = "cpu.max";
    private static final String PIDS_MAX = "pids.max";
    private static final List<String> WEIGHTS = List.of("cpu.weight", "io.weight");
    private static final List<String> SIZES = List.of("memory.high", "memory.max", "memory.swap.max");
    private static final List<String> RATES = List.of("rbps", "wbps", "riops", "wiops");

    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,7}(?:\\.[0-9]{1,3})?)%");
    private static final Pattern QUOTA = Pattern.compile("([0-9]{1,12}) ([0-9]{1,12})");
    private static final Pattern DEVICE = Pattern.compile("[0-9]{1,6}:[0-9]{1,6}|/[^\\s]+");
    private static final Pattern RATE = Pattern.compile("(rbps|wbps|riops|wiops)=(\\S+)");
    private static final long PERIOD = 100_000;
    private static final long LEAST_QUOTA = 1000;
    private static final long LONGEST_PERIOD = 1_000_000;

    /** The kernel's files, in the order of forms. */
    private static final List<String> FILES = Stream.of(
                    List.of(CPU_MAX, "cpu.weight"), SIZES, List.of(PIDS_MAX, IO_MAX, "io.weight"))
            .flatMap(List::stream)
            .toList();

    private static final List<String> KEYS = Stream.concat(
                    Stream.of(TREES), FILES.stream().map(file -> PREFIX + file))
            .toList();

    private CgroupOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(OptionDefinition.option(
                        TREES,
                        OptionType.STRING,
                        "How all its processes are known: process (by parents, sessions and marks), or cgroup (by a group of"
                                + " the kernel's, which none can leave without root; Linux with cgroup v2). A limit cgroup.* means"
                                + " cgroup; default process.")
                .oneOf("process", GROUP)
                .byDefault("process")
                .build());
        limit(
                all,
                CPU_MAX,
                "Most processor time of all its processes: 150% (of one processor), QUOTA PERIOD in microseconds, or max; default max.");
        weight(all, "cpu.weight", "processor time");
        limit(
                all,
                "memory.high",
                "Memory of all its processes from which on the kernel slows them down: a size, or max; default max.");
        limit(
                all,
                "memory.max",
                "Most memory of all its processes; the kernel kills what needs more: a size, or max; default max.");
        limit(all, "memory.swap.max", "Most swap space of all its processes: a size, or max; default max.");
        limit(all, PIDS_MAX, "Most processes and threads: a number, or max; default max.");
        all.add(OptionDefinition.option(
                        PREFIX + IO_MAX,
                        OptionType.STRINGS,
                        "Most input and output by device: /dev/sda (or 8:0) rbps=10MiB wbps=max riops=1000 wiops=1000,"
                                + " one or more of them; default none.")
                .inPlace()
                .build());
        weight(all, "io.weight", "disks");
    }

    private static void limit(List<OptionDefinition> all, String file, String description) {
        all.add(OptionDefinition.option(PREFIX + file, OptionType.ANY, description)
                .inPlace()
                .build());
    }

    private static void weight(List<OptionDefinition> all, String file, String what) {
        all.add(OptionDefinition.option(
                        PREFIX + file, OptionType.INTEGER, "Its share of " + what + " beside others'; default 100.")
                .atLeast(1)
                .atMost(10_000)
                .inPlace()
                .build());
    }

    /** What is wrong with the texts of these options, whatever the machine is. */
    static void check(OptionValues values, List<Problem> problems) {
        for (String file : FILES) {
            String key = PREFIX + file;
            if (!values.isGiven(key) || WEIGHTS.contains(file)) {
                continue;
            }
            if (file.equals(IO_MAX)) {
                for (String line : values.strings(key)) {
                    if (ioMax(line) == null) {
                        problems.add(Problem.definition(
                                key,
                                "'" + line
                                        + "' must be a device and its limits, as \"/dev/sda rbps=10MiB wiops=1000\""));
                    }
                }
            } else if (text(file, IdentityOptions.value(values, key)) == null) {
                problems.add(Problem.definition(key, "'" + values.any(key) + "' must be " + form(file)));
            }
        }
    }

    private static String form(String file) {
        return switch (file) {
            case CPU_MAX ->
                "a share of one processor (\"150%\"), \"QUOTA PERIOD\" in microseconds (\"50000 100000\"), or max";
            case PIDS_MAX -> "a number (100), or max";
            default -> "a size (256MiB), or max";
        };
    }

    /** As the kernel's file has it; {@code null} if it is nothing for it. */
    private static @Nullable String text(String file, @Nullable String given) {
        if (given == null) {
            return null;
        } else if (given.equals(MAX)) {
            return MAX;
        } else if (file.equals(CPU_MAX)) {
            return quota(given);
        } else if (file.equals(PIDS_MAX)) {
            return given.matches("[0-9]{1,7}") ? given : null;
        }
        return size(given);
    }

    private static @Nullable String size(String given) {
        Long size = Units.size(given);
        return size == null || size < 0 ? null : size.toString();
    }

    private static @Nullable String quota(String given) {
        Matcher percent = PERCENT.matcher(given);
        if (percent.matches()) {
            long quota = new BigDecimal(percent.group(1))
                    .multiply(BigDecimal.valueOf(PERIOD / 100))
                    .longValue();
            return quota < LEAST_QUOTA ? null : quota + " " + PERIOD;
        }
        Matcher words = QUOTA.matcher(given);
        if (!words.matches()) {
            return null;
        }
        long quota = Long.parseLong(words.group(1));
        long period = Long.parseLong(words.group(2));
        boolean sound = quota >= LEAST_QUOTA && period >= LEAST_QUOTA && period <= LONGEST_PERIOD;
        return sound ? quota + " " + period : null;
    }

    /** A device's line as the kernel has it, with the device as it was given; {@code null} if it is none. */
    private static @Nullable String ioMax(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 2 || !DEVICE.matcher(words[0]).matches()) {
            return null;
        }
        Map<String, String> rates = new LinkedHashMap<>();
        RATES.forEach(rate -> rates.put(rate, MAX));
        List<String> seen = new ArrayList<>();
        for (String word : List.of(words).subList(1, words.length)) {
            Matcher rate = RATE.matcher(word);
            if (!rate.matches() || seen.contains(rate.group(1))) {
                return null;
            }
            String most = rate.group(2);
            boolean bytes = rate.group(1).endsWith("bps");
            String value = most.equals(MAX) ? MAX : bytes ? size(most) : most.matches("[0-9]{1,15}") ? most : null;
            if (value == null) {
                return null;
            }
            seen.add(rate.group(1));
            rates.put(rate.group(1), value);
        }
        StringBuilder text = new StringBuilder(words[0]);
        rates.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }

    /**
     * The limits, as the kernel's files have them; devices as they were given.
     *
     * @param values checked options
     * @return lines to write, by the name of the file
     */
    public static Map<String, List<String>> limits(OptionValues values) {
        Map<String, List<String>> limits = new LinkedHashMap<>();
        for (String file : FILES) {
            String key = PREFIX + file;
            if (!values.isGiven(key)) {
                continue;
            }
            if (file.equals(IO_MAX)) {
                limits.put(
                        file,
                        values.strings(key).stream()
                                .map(line -> String.valueOf(ioMax(line)))
                                .toList());
            } else if (WEIGHTS.contains(file)) {
                String weight = String.valueOf(values.integer(key).orElseThrow());
                limits.put(file, List.of(file.startsWith("io") ? "default " + weight : weight));
            } else {
                limits.put(file, List.of(String.valueOf(text(file, IdentityOptions.value(values, key)))));
            }
        }
        return limits;
    }

    /** All of them. */
    public static List<String> keys() {
        return KEYS;
    }

    /** Whether a group is asked for. */
    public static boolean isAsked(OptionValues values) {
        return firstAsking(values) != null;
    }

    /** The first option that asks for a group, {@code null} if none does. */
    public static @Nullable String firstAsking(OptionValues values) {
        for (String key : KEYS) {
            if (key.equals(TREES) ? GROUP.equals(values.any(key)) : values.isGiven(key)) {
                return key;
            }
        }
        return null;
    }
}
