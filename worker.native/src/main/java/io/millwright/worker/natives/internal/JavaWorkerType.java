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
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The worker type for a Java program in a JVM of its own, with the worker runtime first on its class path. Called by the controller's plug-in
 * pool; thread-safe. Beside planning it keeps a copy of the runtime in the node directory, and has its class-data archive made.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = WorkerType.WORKER_TYPE + "=" + JavaWorkerType.NAME)
@ProvidesWorkerType(JavaWorkerType.NAME)
public final class JavaWorkerType implements WorkerType {
    static final String NAME = "java";
    static final String MAIN = "main";
    static final String JAR = "jar";
    static final String READINESS = "readiness";

    private static final String LAUNCHER = "io.millwright.worker.runtime.Main";
    private static final List<OptionDefinition> OPTIONS = NativeOptions.with(JvmOptions.with(
            option(MAIN, OptionType.STRING, "The class whose main method is run; this or 'jar'.")
                    .build(),
            option(
                            JAR,
                            OptionType.STRING,
                            "A jar whose manifest names its main class, relative to the node directory; this or 'main'.")
                    .build(),
            option(
                            READINESS,
                            OptionType.STRING,
                            "When the worker is started: 'program', when the program says so by Worker.ready(), or, if it has"
                                    + " nothing to do with the node, when its main method has returned; 'main', as soon as its"
                                    + " main method is called.")
                    .oneOf("program", "main")
                    .byDefault("program")
                    .build()));

    private final RuntimeCopies runtimes;

    /** Made by the framework. */
    @Activate
    public JavaWorkerType() {
        this(new RuntimeCopies());
    }

    JavaWorkerType(RuntimeCopies runtimes) {
        this.runtimes = runtimes;
    }

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
        List<Problem> problems = new ArrayList<>();
        if (options.has(MAIN) == options.has(JAR)) {
            problems.add(Problem.definition(MAIN, "give 'main' or 'jar', and not both: one of them says what is run"));
        }
        problems.addAll(JvmOptions.check(options));
        return problems;
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        OptionValues options = request.options();
        Path java = Path.of(options.string(JvmOptions.JAVA).orElseThrow());
        RuntimeCopy runtime = runtimes.in(request.nodeDirectory());
        List<Path> jars = options.string(JAR)
                .map(jar -> JvmOptions.existing(request, JAR, jar))
                .map(List::of)
                .orElse(List.of());
        List<String> command = JvmOptions.command(
                request,
                runtime.archive(java, RuntimeCopy.Part.PROGRAM),
                List.of(),
                runtime.classPath(RuntimeCopy.Part.PROGRAM),
                jars);
        command.add(LAUNCHER);
        if (options.string(READINESS).filter("main"::equals).isPresent()) {
            command.add("--ready");
        }
        options.string(MAIN).ifPresent(command::add);
        jars.forEach(jar -> {
            command.add("-jar");
            command.add(jar.toString());
        });
        command.addAll(options.strings(NativeOptions.ARGUMENTS));
        return request.plan(JvmOptions.JAVA, command);
    }

    @Override
    public Fingerprint fingerprint() {
        return NativeOptions.fingerprint(WorkerCapability.JVM);
    }
}
