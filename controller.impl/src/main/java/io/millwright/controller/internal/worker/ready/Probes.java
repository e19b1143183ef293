package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.options.ProbeOptions.Address;
import io.millwright.controller.internal.process.Enclosure;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the probe that options ask for. */
final class Probes {
    private Probes() {}

    /**
     * The probe of a group of options.
     *
     * @param group {@link ProbeOptions#READY} or {@link ProbeOptions#HEALTH}
     * @param enclosure what holds the processes of the run, {@code null} if nothing does
     * @param owner says whether a port is the program's own, {@code null} if that does not matter
     * @return {@code null} if the options name no port, page or command
     */
    static @Nullable Probe of(
            String group,
            OptionValues options,
            LaunchPlan plan,
            @Nullable Enclosure enclosure,
            @Nullable PortOwner owner) {
        Address address = ProbeOptions.tcp(options, group);
        if (address != null) {
            return new TcpProbe(address, owner);
        }
        URI url = ProbeOptions.url(options, group);
        if (url != null) {
            return new HttpProbe(
                    url,
                    ProbeOptions.statuses(options, group),
                    ProbeOptions.headers(options, group),
                    ProbeOptions.contains(options, group),
                    owner);
        }
        List<String> command = ProbeOptions.exec(options, group);
        return command.isEmpty() ? null : new ExecProbe(plan, command, LaunchStep.of(options), enclosure);
    }
}
