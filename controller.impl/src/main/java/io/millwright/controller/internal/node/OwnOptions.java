package io.millwright.controller.internal.node;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of the node itself, and the settings that follow from them. Thread-safe. */
final class OwnOptions {
    private static final Logger LOG = LoggerFactory.getLogger(OwnOptions.class);

    private final OptionChecker checker;
    private volatile NodeSettings settings = NodeSettings.DEFAULT;
    private volatile OptionValues values;

    /**
     * The defaults.
     *
     * @param environment the node's own environment
     */
    OwnOptions(Map<String, String> environment) {
        checker = NodeOptions.checker(environment::get);
        values = checker.check(Map.of()).values();
    }

    NodeSettings settings() {
        return settings;
    }

    OptionValues values() {
        return values;
    }

    Checked check(Map<String, ?> options) {
        return checker.check(options);
    }

    /**
     * Takes options; bad ones are reported and change nothing.
     *
     * @param options as given
     * @return their problems, none if they are in force
     */
    List<Problem> take(Map<String, ?> options) {
        Checked checked = checker.check(options);
        for (Problem problem : checked.problems()) {
            LOG.error("configuration {} is refused, what was in force stays: {}", NodeOptions.PID, problem);
        }
        if (checked.problems().isEmpty()) {
            if (!checked.values().equals(values)) {
                LOG.info("configuration {} is taken", NodeOptions.PID);
            }
            settings = NodeSettings.of(checked.values());
            values = checked.values();
        }
        return checked.problems();
    }

    /** The options of every worker that does not say otherwise. */
    OptionValues workerDefaults() {
        return NodeOptions.workerDefaults(values);
    }
}
