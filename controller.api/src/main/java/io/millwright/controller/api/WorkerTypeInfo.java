package io.millwright.controller.api;

import io.millwright.controller.api.worker.OptionDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker type the node knows. Immutable.
 *
 * @param type its name
 * @param bundle the symbolic name of the bundle that offers it
 * @param version that bundle's version
 * @param capabilities short words for what it can do, for example {@code stdin}
 * @param usable whether workers of it can be started now
 * @param reason why it cannot be used, or that it is shadowed and by which bundle; {@code null} if all is well
 * @param shadowed whether another bundle offers the same type and serves instead
 * @param options the options it takes: its own and those of every type
 */
public record WorkerTypeInfo(
        String type,
        String bundle,
        String version,
        List<String> capabilities,
        boolean usable,
        @Nullable String reason,
        boolean shadowed,
        List<OptionDefinition> options)
        implements Document {
    /** Keeps unmodifiable lists. */
    public WorkerTypeInfo {
        capabilities = List.copyOf(capabilities);
        options = List.copyOf(options);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "type", type,
                "bundle", bundle,
                "version", version,
                "capabilities", capabilities,
                "health", usable ? "usable" : "unusable",
                "reason", reason,
                "shadowed", shadowed);
    }
}
