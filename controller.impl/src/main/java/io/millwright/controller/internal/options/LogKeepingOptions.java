package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.util.List;

/** The options of what is done with the files of a worker's log besides rotation by size. */
public final class LogKeepingOptions {
    public static final String MAX_AGE = "log.max.age";
    public static final String COMPRESS = "log.compress";
    public static final String RETAIN_SIZE = "log.retain.size";
    public static final String RETAIN_AGE = "log.retain.age";

    private LogKeepingOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        MAX_AGE,
                        OptionType.DURATION,
                        "Age of its first line at which the file is rotated, when the next line comes; default any.")
                .atLeast(1000)
                .inPlace()
                .build());
        all.add(option(
                        COMPRESS,
                        OptionType.BOOLEAN,
                        "Whether rotated files are compressed (gzip), in the background; worker:log reads them all the same;"
                                + " default false.")
                .byDefault(false)
                .inPlace()
                .build());
        all.add(option(
                        RETAIN_SIZE,
                        OptionType.SIZE,
                        "Most bytes of all rotated files together, as they lie on the disk; the oldest are deleted; default any.")
                .atLeast(1024)
                .inPlace()
                .build());
        all.add(option(
                        RETAIN_AGE,
                        OptionType.DURATION,
                        "Age of its last line at which a rotated file is deleted (30d for thirty days), even if its worker is"
                                + " silent; default any.")
                .atLeast(1000)
                .inPlace()
                .build());
    }
}
