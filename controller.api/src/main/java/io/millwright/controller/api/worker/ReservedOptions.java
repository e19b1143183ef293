package io.millwright.controller.api.worker;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which option keys a worker type may not take: the first words of the options that every worker has or will have, and of what a
 * configuration says of itself. A type that takes one is not available. More will come; a type that prefixes its keys with a word of
 * its own is safe from them.
 */
public final class ReservedOptions {
    /** The first words of reserved keys; {@code log} reserves {@code log} and {@code log.level}. */
    public static final Set<String> WORDS = Set.of(
            "after",
            "cgroup",
            "channel",
            "component",
            "connect",
            "cpu_affinity",
            "detach",
            "disabled",
            "env",
            "exec",
            "exit",
            "expose_controller",
            "felix",
            "group",
            "groups",
            "health",
            "instances",
            "ionice",
            "limits",
            "log",
            "millwright",
            "nice",
            "oom_score_adj",
            "osgi",
            "ready",
            "reload",
            "requires",
            "restart",
            "schedule",
            "service",
            "sockets",
            "start",
            "stderr",
            "stdin",
            "stdout",
            "stop",
            "trees",
            "umask",
            "user",
            "watch",
            "workdir",
            "worker");

    private ReservedOptions() {}

    /**
     * Whether a key is reserved.
     *
     * @param key dotted
     * @return true if a type may not take it
     */
    public static boolean isReserved(String key) {
        int dot = key.indexOf('.');
        return WORDS.contains(dot < 0 ? key : key.substring(0, dot));
    }

    /**
     * The reserved keys that options take.
     *
     * @param options the options of a worker type
     * @return their keys, sorted; empty if none is reserved
     */
    public static List<String> takenBy(Collection<OptionDefinition> options) {
        TreeSet<String> taken = new TreeSet<>();
        for (OptionDefinition option : options) {
            if (isReserved(option.key())) {
                taken.add(option.key());
            }
            if (option.shortForm() != null && isReserved(option.shortForm())) {
                taken.add(option.shortForm());
            }
        }
        return List.copyOf(taken);
    }
}
