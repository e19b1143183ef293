package io.millwright.config.file.internal;

import io.millwright.controller.api.ConfigurationChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;

/** Notes the changes that a file would make in the configurations of workers and node instead of making them. For one thread. */
final class ChangeRecorder implements ConfigurationTarget {
    private final List<ConfigurationChange> changes = new ArrayList<>();

    @Override
    public boolean delete(Configuration configuration) {
        if (!configuration.getPid().startsWith(ConfigurationStore.REMOTE)) {
            changes.add(ConfigurationChange.of(configuration.getPid(), null));
        }
        return true;
    }

    @Override
    public boolean write(String factory, @Nullable String name, Dictionary<String, Object> properties) {
        if (factory.startsWith(ConfigurationStore.REMOTE)) {
            return true;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        changes.add(ConfigurationChange.of(name == null ? factory : factory + "~" + name, values));
        return true;
    }

    List<ConfigurationChange> changes() {
        return changes;
    }
}
