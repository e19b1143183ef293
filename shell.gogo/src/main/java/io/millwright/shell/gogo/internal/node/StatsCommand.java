package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:stats}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=stats", Command.OWN_STREAMS})
public final class StatsCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public StatsCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "node:stats",
                                "[--once] [--json]",
                                """
                        Shows the machine's processors, memory, disks and networks, and how long the poll took.
                        Polls twice, a second apart, so that there are rates.
                          --once  polls once; there are no rates then""")
                        .flags("--once"),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        SystemSampler sampler = node(call).newSystemSampler();
        SystemStats stats = sampler.sample();
        if (!call.arguments().has("--once")) {
            TimeUnit.SECONDS.sleep(1);
            stats = sampler.sample();
        }
        return call.result(stats);
    }
}
