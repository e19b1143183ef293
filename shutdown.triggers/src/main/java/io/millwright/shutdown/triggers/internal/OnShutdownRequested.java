package io.millwright.shutdown.triggers.internal;

import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Never shuts the node down by itself: it names the wish that only a shutdown someone asks for ends the node. Called by
 * the controller; stateless.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = ShutdownTrigger.TRIGGER_NAME + "=" + OnShutdownRequested.NAME)
public final class OnShutdownRequested implements ShutdownTrigger {
    static final String NAME = "shutdown_on_shutdown_requested";

    @Override
    public Optional<Verdict> onExit(WorkerRun run, Workers node) {
        return Optional.empty();
    }
}
