package io.millwright.controller.internal.configured;

import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Configurations that were refused because what they need would close a circle. Another configuration of the same change may open it:
 * they are taken again as soon as some worker needs less. Belongs to the controller loop.
 */
final class Circles {
    private final ConfigurationVersions versions;
    private final Consumer<Configured> apply;
    private final Map<String, Configured> refused = new LinkedHashMap<>();

    /**
     * Begins empty.
     *
     * @param rules tells when a worker needs less
     * @param apply takes a configuration
     */
    Circles(ControllerLoop loop, DependencyRules rules, ConfigurationVersions versions, Consumer<Configured> apply) {
        this.versions = versions;
        this.apply = apply;
        rules.onRelaxed(() -> {
            if (!refused.isEmpty()) {
                loop.execute(this::again);
            }
        });
    }

    /** A configuration closes a circle as things are now. */
    void refused(Configured configured) {
        refused.put(configured.pid(), configured);
    }

    /** A configuration is taken, changed or deleted. */
    void forget(String pid) {
        refused.remove(pid);
    }

    private void again() {
        List<Configured> all = List.copyOf(refused.values());
        refused.clear();
        for (Configured configured : all) {
            if (versions.latest(configured.pid()) == configured) {
                apply.accept(configured);
            }
        }
    }
}
