package io.millwright.worker.natives.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.WorkerCapability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the native types share. */
final class NativeOptions {
    static final String ARGUMENTS = "arguments";

    private static final OptionDefinition OF_ARGUMENTS = option(
                    ARGUMENTS,
                    OptionType.STRINGS,
                    "The program's arguments, each handed over as it is, without a shell; default none.")
            .byDefault(List.of())
            .build();

    private NativeOptions() {}

    /** A type's own options, then that of its program's arguments. */
    static List<OptionDefinition> with(List<OptionDefinition> own) {
        List<OptionDefinition> all = new ArrayList<>(own);
        all.add(OF_ARGUMENTS);
        return List.copyOf(all);
    }

    /** A type that can be used, and what it can do beside that which all native types can. */
    static Fingerprint fingerprint(WorkerCapability... more) {
        List<WorkerCapability> all = new ArrayList<>(List.of(
                WorkerCapability.ARGUMENTS,
                WorkerCapability.ENVIRONMENT,
                WorkerCapability.SIGNALS,
                WorkerCapability.CHANNEL));
        all.addAll(Arrays.asList(more));
        return Fingerprint.ok(all.toArray(new WorkerCapability[0]));
    }
}
