package io.millwright.shutdown.triggers.internal;

import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Shuts the node down when a worker has ended with an error or could not be started. Called by the controller; stateless.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = ShutdownTrigger.TRIGGER_NAME + "=" + OnWorkerExitWithError.NAME)
public final class OnWorkerExitWithError implements ShutdownTrigger {
    static final String NAME = "shutdown_on_worker_exit_with_error";

    @Override
    public Optional<Verdict> onExit(WorkerRun run, Workers node) {
        return run.exit().exitClass() == ExitClass.ERROR
                ? Optional.of(Verdict.of(Sentences.of(run), true))
                : Optional.empty();
    }
}
