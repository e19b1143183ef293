package io.millwright.worker.natives.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/** The worker type for bundles and classes that run as components in a JVM of their own. Called by the controller's plug-in pool; thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = WorkerType.WORKER_TYPE + "=" + ContainerWorkerType.NAME)
@ProvidesWorkerType(ContainerWorkerType.NAME)
public final class ContainerWorkerType implements WorkerType {
    static final String NAME = "container";
    static final String COMPONENTS = "components";

    private static final String LAUNCHER = "io.millwright.worker.runtime.container.Container";

    private static final List<OptionDefinition> OPTIONS = JvmOptions.with(
            option(COMPONENTS, OptionType.OBJECT_LIST, "What runs in the container.")
                    .members(
                            option("id", OptionType.STRING, "The component's id.")
                                    .required()
                                    .inPlace()
                                    .build(),
                            option(
                                            "bundle",
                                            OptionType.STRING,
                                            "A bundle: a file, relative to the node directory, mvn:GROUP/ARTIFACT/VERSION of the local"
                                                    + " Maven repository, node:SYMBOLIC-NAME of the node's own bundles, or https:"
                                                    + " with 'sha256'; this or 'class'.")
                                    .inPlace()
                                    .build(),
                            option(
                                            "sha256",
                                            OptionType.STRING,
                                            "The hash that the bundle's file must have, in hex digits.")
                                    .inPlace()
                                    .build(),
                            option("class", OptionType.STRING, "A class of the class path; this or 'bundle'.")
                                    .inPlace()
                                    .build(),
                            option(
                                            "config",
                                            OptionType.ANY,
                                            "For a bundle, an object of PIDs, each with an object of its properties; for a class, the"
                                                    + " object that its constructor gets.")
                                    .inPlace()
                                    .build(),
                            option(
                                            "restart.policy",
                                            OptionType.STRING,
                                            "When it is started again by itself; default: as 'components_restart' says.")
                                    .oneOf("never", "on-failure", "always")
                                    .shortForm("restart")
                                    .inPlace()
                                    .build(),
                            option("restart.delay", OptionType.DURATION, "Before it is started again.")
                                    .byDefault("1s")
                                    .inPlace()
                                    .build())
                    .inPlace()
                    .build(),
            option(
                            "components_exit",
                            OptionType.STRING,
                            "When the container ends because of its components: never, with the last that has ended, with any that has"
                                    + " ended, or, with code 1, with any that has failed.")
                    .oneOf(
                            "shutdown-manual",
                            "shutdown-on-last-component-stopped",
                            "shutdown-on-any-component-stopped",
                            "shutdown-on-any-component-failed")
                    .shortForm("shutdown")
                    .byDefault("shutdown-manual")
                    .build(),
            option(
                            "components_restart",
                            OptionType.STRING,
                            "When components are started again that do not say so themselves: never, when they have failed, or"
                                    + " always.")
                    .oneOf("restart-manual", "restart-on-failed", "restart-always")
                    .byDefault("restart-manual")
                    .build());

    private final RuntimeCopies runtimes = new RuntimeCopies();
    private final NodeBundles bundles;
    private @Nullable BundleContext context;
    private final BundleListener updates = this::changed;

    /**
     * Made by the framework.
     *
     * @param context knows the bundles of the node
     */
    @Activate
    public ContainerWorkerType(BundleContext context) {
        this(new NodeBundles(() -> List.of(context.getBundles())));
        this.context = context;
        context.addBundleListener(updates);
    }

    private void changed(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED
                || event.getType() == BundleEvent.UPDATED
                || event.getType() == BundleEvent.UNINSTALLED) {
            bundles.changed(event.getBundle());
        }
    }

    ContainerWorkerType(NodeBundles bundles) {
        this.bundles = bundles;
    }

    @Deactivate
    void close() {
        BundleContext there = context;
        if (there != null) {
            there.removeBundleListener(updates);
        }
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
        Set<String> ids = new HashSet<>();
        int place = 0;
        for (OptionValues one : options.objectList(COMPONENTS)) {
            String key = COMPONENTS + "." + place++;
            if (one.has("bundle") == one.has("class")) {
                problems.add(
                        Problem.definition(key, "give 'bundle' or 'class', and not both: one of them says what runs"));
            }
            String sha256 = one.string("sha256").orElse(null);
            one.string("bundle")
                    .map(location -> Locations.trouble(location, sha256))
                    .ifPresent(trouble -> problems.add(Problem.definition(key + ".bundle", trouble)));
            if (sha256 != null && !one.has("bundle")) {
                problems.add(Problem.definition(key + ".sha256", "is the hash of a bundle's file; this is a class"));
            }
            one.string("id")
                    .filter(id -> !ids.add(id))
                    .ifPresent(id ->
                            problems.add(Problem.definition(key + ".id", "there is a component '" + id + "' already")));
        }
        return problems;
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        RuntimeCopy runtime = runtimes.in(request.nodeDirectory());
        for (OptionValues one : request.options().objectList(COMPONENTS)) {
            one.string("bundle").ifPresent(location -> bundles.provide(location, request.nodeDirectory()));
        }
        bundles.provideSaved(request.id(), request.nodeDirectory());
        List<String> command = JvmOptions.command(
                request,
                runtime.archive(
                        Path.of(request.options().string(JvmOptions.JAVA).orElseThrow()), RuntimeCopy.Part.CONTAINER),
                defaults(request.options().strings(JvmOptions.JVM_OPTIONS)),
                runtime.classPath(RuntimeCopy.Part.CONTAINER),
                List.of());
        command.add(LAUNCHER);
        return request.plan(JvmOptions.JAVA, command);
    }

    /**
     * A start has twenty threads, each with a piece of the young generation of its own. With pieces of the JVM's choice a small heap is full
     * once before the container is ready, which takes a collection of eight milliseconds. After the first one the JVM sizes them as it likes.
     */
    private static List<String> defaults(List<String> own) {
        return own.stream().anyMatch(one -> one.contains("TLABSize=")) ? List.of() : List.of("-XX:TLABSize=32k");
    }

    @Override
    public Fingerprint fingerprint() {
        return NativeOptions.fingerprint(WorkerCapability.JVM, WorkerCapability.COMPONENTS);
    }
}
