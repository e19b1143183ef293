package io.millwright.controller.internal.launch;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.ReservedOptions;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NativeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options of worker types, as their bundles say them. */
public final class TypeOptions {
    private TypeOptions() {}

    /** What a type says of its options, if they can be used; those of all native workers are among them where its workers are. */
    public static List<OptionDefinition> read(WorkerTypes.Provider provider, Map<String, String> environment) {
        List<OptionDefinition> own = List.copyOf(provider.service().options());
        List<String> taken = ReservedOptions.takenBy(own);
        if (!taken.isEmpty()) {
            throw new NodeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    provider.what() + " takes option keys that are reserved for the controller: "
                            + String.join(", ", taken) + "; it must name them otherwise");
        }
        List<OptionDefinition> all = own;
        if (provider.service().isNative()) {
            all = new ArrayList<>(own);
            all.addAll(NativeOptions.definitions());
        }
        CommonOptions.checker(all, environment::get);
        return List.copyOf(all);
    }
}
