package io.millwright.karaf.nap;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import java.util.List;

/** The smallest worker type there can be; the test drops it into a running Karaf. */
public final class NapWorkerType implements WorkerType {
    @Override
    public List<OptionDefinition> options() {
        return List.of();
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        return request.plan("executable", List.of("/bin/sleep", "900"));
    }
}
