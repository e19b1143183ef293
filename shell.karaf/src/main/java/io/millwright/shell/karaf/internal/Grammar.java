package io.millwright.shell.karaf.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the commands take, as far as it can be completed. Immutable.
 *
 * @param flags options without a value
 * @param options options with one, and what it is
 * @param operands what the words are, one after another; the last is also all that follow
 * @param isEndless whether more words may follow than there are operands
 */
record Grammar(List<String> flags, Map<String, Operand> options, List<Operand> operands, boolean isEndless) {
    /** What a word is. */
    enum Operand {
        /** Nothing that could be completed. */
        OTHER,
        /** A worker in a live state. */
        LIVE,
        /** A worker that is known and not in a live state. */
        NOT_LIVE,
        /** A worker that is known. */
        KNOWN,
        /** A worker type. */
        TYPE,
        /** A worker type, or another worker to start. */
        TYPE_OR_NOT_LIVE,
        /** {@code KEY=VALUE} of the type before, or another worker to start. */
        OPTION,
        /** A signal's name. */
        SIGNAL
    }

    private static final String JSON = "--json";
    private static final String ALL = "--all";

    private static final Map<String, Grammar> COMMANDS = Map.ofEntries(
            Map.entry("node:doctor", of(JSON)),
            Map.entry("node:events", of(JSON, "-f").option("-n", Operand.OTHER)),
            Map.entry("node:process", of(JSON, "--relative")),
            Map.entry("node:shutdown", of(JSON, "--restart").option("--mode", Operand.OTHER)),
            Map.entry("node:stats", of(JSON, "--once")),
            Map.entry("node:status", of(JSON)),
            Map.entry(
                    "worker:check",
                    of().option(JSON, Operand.OTHER).endless(Operand.KNOWN, Operand.TYPE, Operand.OPTION)),
            Map.entry("worker:delete", of().endless(Operand.KNOWN)),
            Map.entry("worker:forget", of().endless(Operand.NOT_LIVE)),
            Map.entry("worker:history", of(JSON).words(Operand.KNOWN)),
            Map.entry("worker:info", of(JSON, "--stats").words(Operand.KNOWN)),
            Map.entry("worker:input", of("--eof").words(Operand.LIVE)),
            Map.entry("worker:kill", of(JSON, ALL).endless(Operand.LIVE)),
            Map.entry("worker:list", of(JSON, ALL).option("--type", Operand.TYPE)),
            Map.entry("worker:log", of(JSON, "-f").option("-n", Operand.OTHER).words(Operand.KNOWN)),
            Map.entry(
                    "worker:plan",
                    of().option(JSON, Operand.OTHER)
                            .option("--node", Operand.OTHER)
                            .endless(Operand.KNOWN, Operand.TYPE, Operand.OPTION)),
            Map.entry(
                    "worker:restart",
                    of(JSON, ALL)
                            .option("--type", Operand.TYPE)
                            .option("--at-once", Operand.OTHER)
                            .endless(Operand.LIVE)),
            Map.entry("worker:signal", of().words(Operand.LIVE, Operand.SIGNAL)),
            Map.entry(
                    "worker:start",
                    of(ALL, "--dry-run", "--save")
                            .option(JSON, Operand.OTHER)
                            .endless(Operand.NOT_LIVE, Operand.TYPE_OR_NOT_LIVE, Operand.OPTION)),
            Map.entry("worker:stop", of(JSON, ALL).endless(Operand.LIVE)),
            Map.entry("worker:types", of(JSON)),
            Map.entry("worker:wait", of(JSON).words(Operand.LIVE)));

    /**
     * What a command takes.
     *
     * @param scope its scope
     * @param name its name
     * @return {@code null} if it is none of ours
     */
    static @Nullable Grammar find(String scope, String name) {
        return COMMANDS.get(scope + ":" + name);
    }

    private static Grammar of(String... flags) {
        return new Grammar(List.of(flags), Map.of(), List.of(), false);
    }

    private Grammar option(String name, Operand value) {
        Map<String, Operand> all = new java.util.TreeMap<>(options);
        all.put(name, value);
        return new Grammar(flags, Map.copyOf(all), operands, isEndless);
    }

    private Grammar words(Operand... words) {
        return new Grammar(flags, options, List.of(words), false);
    }

    private Grammar endless(Operand... words) {
        return new Grammar(flags, options, List.of(words), true);
    }

    /**
     * What the word at a place is.
     *
     * @param index from 0, options not counted
     * @return what it is
     */
    Operand operand(int index) {
        if (index < operands.size()) {
            return operands.get(index);
        }
        return isEndless ? operands.get(operands.size() - 1) : Operand.OTHER;
    }
}
