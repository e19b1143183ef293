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

/** Notes the changes that a file would make in Config Admin instead of making them. For one thread. */
final class ChangeRecorder implements ConfigurationTarget {
    private final List<ConfigurationChange> changes = new ArrayList<>();

    @Override
    public boolean delete(Configuration configuration) {
        changes.add(ConfigurationChange.of(configuration.getPid(), null));
        return true;
    }

    @Override
    public boolean write(NodeDocument.@Nullable Worker worker, Dictionary<String, Object> properties) {
        Map<String, Object> values = new LinkedHashMap<>();
        Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        changes.add(ConfigurationChange.of(
                worker == null
                        ? ConfigurationStore.CONTROLLER_PID
                        : ConfigurationStore.WORKER_FACTORY + worker.type() + "~" + worker.id(),
                values));
        return true;
    }

    List<ConfigurationChange> changes() {
        return changes;
    }
}
