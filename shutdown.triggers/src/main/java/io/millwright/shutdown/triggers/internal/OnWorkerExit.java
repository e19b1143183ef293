package io.millwright.shutdown.triggers.internal;

import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Shuts the node down when any worker has ended, whatever the exit; only an exit that was asked for does not count.
 * Called by the controller; stateless.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = ShutdownTrigger.TRIGGER_NAME + "=" + OnWorkerExit.NAME)
public final class OnWorkerExit implements ShutdownTrigger {
    static final String NAME = "shutdown_on_worker_exit";

    @Override
    public Optional<Verdict> onExit(WorkerRun run, Workers node) {
        ExitClass exitClass = run.exit().exitClass();
        return exitClass == ExitClass.REQUESTED
                ? Optional.empty()
                : Optional.of(Verdict.of(Sentences.of(run), exitClass == ExitClass.ERROR));
    }
}
