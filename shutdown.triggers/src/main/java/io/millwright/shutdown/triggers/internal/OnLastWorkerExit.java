package io.millwright.shutdown.triggers.internal;

import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Shuts the node down when no worker is left and none waits for a restart. An exit that was asked for counts here: the
 * controller asks about one only if {@code shutdown.count_requested} is on. Called by the controller; stateless.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = {
            ShutdownTrigger.TRIGGER_NAME + "=" + OnLastWorkerExit.NAME,
            ShutdownTrigger.TRIGGER_REQUESTED + ":Boolean=true"
        })
public final class OnLastWorkerExit implements ShutdownTrigger {
    static final String NAME = "shutdown_on_last_worker_exit";

    @Override
    public Optional<Verdict> onExit(WorkerRun run, Workers node) {
        return node.live() == 0
                ? Optional.of(Verdict.of(
                        Sentences.of(run) + ", and no worker is left",
                        run.exit().exitClass() == ExitClass.ERROR))
                : Optional.empty();
    }
}
