package io.millwright.worker.natives.internal;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.worker.router.options.RouterCheck;
import io.millwright.worker.router.options.RouterOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/** The worker type for a WAMP router of applications in a JVM of its own. Called by the controller's plug-in pool; thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = WorkerType.WORKER_TYPE + "=" + RouterWorkerType.NAME)
@ProvidesWorkerType(RouterWorkerType.NAME)
public final class RouterWorkerType implements WorkerType {
    static final String NAME = "router";

    private static final String LAUNCHER = "io.millwright.worker.runtime.Main";
    private static final String PROGRAM = "io.millwright.worker.router.RouterMain";

    private static final List<OptionDefinition> OPTIONS =
            JvmOptions.with(RouterOptions.definitions().toArray(OptionDefinition[]::new));

    private final RuntimeCopies runtimes = new RuntimeCopies();

    /** Made by the framework. */
    @Activate
    public RouterWorkerType() {}

    @Deactivate
    void close() {
        runtimes.close();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public List<OptionDefinition> options() {
        return OPTIONS;
    }

    @Override
    public List<Problem> check(OptionValues options) {
        List<Problem> problems = new ArrayList<>(JvmOptions.check(options));
        problems.addAll(RouterCheck.of(options));
        return problems;
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        RuntimeCopy runtime = runtimes.in(request.nodeDirectory());
        List<String> command = JvmOptions.command(
                request,
                runtime.archive(
                        Path.of(request.options().string(JvmOptions.JAVA).orElseThrow()), RuntimeCopy.Part.ROUTER),
                List.of(),
                runtime.classPath(RuntimeCopy.Part.ROUTER),
                List.of());
        command.add(LAUNCHER);
        command.add(PROGRAM);
        return request.plan(JvmOptions.JAVA, command);
    }

    @Override
    public Fingerprint fingerprint() {
        return NativeOptions.fingerprint(WorkerCapability.JVM);
    }
}
