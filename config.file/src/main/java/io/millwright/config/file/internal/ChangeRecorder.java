package io.millwright.config.file.internal;

import io.millwright.controller.api.ConfigurationChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;

/** Notes the changes that a file would make in the configurations of workers and node instead of making them. For one thread. */
final class ChangeRecorder implements ConfigurationTarget {
    private final List<ConfigurationChange> changes = new ArrayList<>();
    private final Map<String, Map<String, Object>> before;

    /**
     * Starts empty.
     *
     * @param before the configurations of remote management that there are, by PID: of these, unlike of workers, only the file's side knows
     *     what they were
     */
    ChangeRecorder(Map<String, Map<String, Object>> before) {
        this.before = before;
    }

    @Override
    public boolean delete(Configuration configuration) {
        String pid = configuration.getPid();
        changes.add(ConfigurationChange.of(pid, null).replacing(before.get(pid)));
        return true;
    }

    @Override
    public boolean write(String factory, @Nullable String name, Dictionary<String, Object> properties) {
        Map<String, Object> values = values(properties);
        String pid = name == null ? factory : factory + "~" + name;
        Map<String, Object> old = before.get(pid);
        if (old != null && same(old, values)) {
            return false;
        }
        changes.add(ConfigurationChange.of(pid, values).replacing(old));
        return true;
    }

    /** What a configuration says, without what Config Admin adds. */
    static Map<String, Object> values(Dictionary<String, Object> properties) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key : Collections.list(properties.keys())) {
            if (!key.startsWith("service.")) {
                values.put(key, properties.get(key));
            }
        }
        return values;
    }

    private static boolean same(Map<String, Object> old, Map<String, Object> values) {
        return old.keySet().equals(values.keySet())
                && old.keySet().stream().allMatch(key -> Objects.deepEquals(old.get(key), values.get(key)));
    }

    List<ConfigurationChange> changes() {
        return changes;
    }
}
