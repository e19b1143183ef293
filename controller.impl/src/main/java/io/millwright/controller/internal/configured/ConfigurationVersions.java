package io.millwright.controller.internal.configured;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of each configuration, by PID: how many came, and which is the last. Belongs to the controller loop, but for
 * {@link #isNewest}.
 */
final class ConfigurationVersions {
    /** Also read by threads that tell the audit log of an end. */
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    /** What each configuration asked for last, refused or not; of a group that of its instances. */
    private final Map<String, Configured> newest = new HashMap<>();
    /** The version that came last, that of a group too. */
    private final Map<String, Configured> latest = new HashMap<>();

    /** Counts a version, or the end of a configuration; what waits for an older one is void. */
    int next(String pid) {
        return numbers.merge(pid, 1, Integer::sum);
    }

    /** The number of the version to come, for a caller that hands it over. */
    int following(String pid) {
        return numbers.getOrDefault(pid, 0) + 1;
    }

    /** How often a configuration has been taken or deleted. */
    int number(Configured configured) {
        return Objects.requireNonNull(numbers.get(configured.pid()));
    }

    /** Whether no other version, and no end, came since. Any thread. */
    boolean isNewest(Configured configured, int version) {
        return Objects.equals(numbers.get(configured.pid()), version);
    }

    void came(Configured configured) {
        latest.put(configured.pid(), configured);
    }

    /** A worker, or an instance, is asked for. */
    void asked(Configured configured) {
        newest.put(configured.pid(), configured);
    }

    /** The version that came last, {@code null} if the configuration is gone. */
    @Nullable
    Configured latest(String pid) {
        return latest.get(pid);
    }

    /** What a configuration asks for of its one worker, or of an instance; {@code null} if of none. */
    @Nullable
    Configured newest(String pid) {
        return newest.get(pid);
    }

    /** What the configurations ask for. */
    List<Configured> all() {
        return List.copyOf(newest.values());
    }

    void forget(String pid) {
        newest.remove(pid);
        latest.remove(pid);
    }
}
