package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What changes of remote management's configurations would do: whether it is installed or not, it is those that it follows. Stateless. */
final class RemotePlans {
    private static final String PREFIX = "io.millwright.";
    private static final String LIMITS = PREFIX + "remote";
    /** Of what there are several: the beginning of a PID, its name, what happens when one is made, and when one is deleted. */
    private static final List<Part> PARTS = List.of(
            new Part(
                    LIMITS + ".listener~", "a listener is opened", "the listener is changed", "the listener is closed"),
            new Part(
                    LIMITS + ".principal~",
                    "a principal is made",
                    "the principal is changed",
                    "the principal is no longer known"),
            new Part(LIMITS + ".role~", "a role is made", "the role is changed", "the role is no longer known"),
            new Part(LIMITS, "limits are set", "limits are changed", "the limits are the defaults again"));

    private record Part(String begin, String made, String changed, String deleted) {}

    private RemotePlans() {}

    static boolean isRemote(String pid) {
        return pid.equals(LIMITS) || pid.startsWith(LIMITS + ".");
    }

    static PlannedChange plan(ConfigurationChange change) {
        Part part = PARTS.stream()
                .filter(one -> change.pid().startsWith(one.begin()))
                .findFirst()
                .orElseThrow();
        Map<String, Object> before = change.before();
        Map<String, Object> after = change.properties();
        String id = change.pid().substring(PREFIX.length());
        if (after == null) {
            return PlannedChange.of(id, null, Action.REMOVE, List.of(), part.deleted(), List.of());
        }
        List<String> keys = keys(before == null ? Map.of() : before, after);
        if (keys.isEmpty() && before != null) {
            return PlannedChange.of(id, null, Action.UNCHANGED, keys, null, List.of());
        }
        return PlannedChange.of(
                id, null, Action.IN_PLACE, keys, before == null ? part.made() : part.changed(), List.of());
    }

    /** The options that differ. */
    private static List<String> keys(Map<String, Object> before, Map<String, Object> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<String> differ = new ArrayList<>();
        for (String key : keys) {
            @Nullable Object old = before.get(key);
            if (!key.startsWith("millwright.") && !Objects.deepEquals(old, after.get(key))) {
                differ.add(key);
            }
        }
        return differ;
    }
}
