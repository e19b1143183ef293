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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The worker type for a Java program in a JVM of its own, with the worker runtime first on its class path. Called by the controller's plug-in
 * pool; thread-safe. Beside planning it keeps a copy of the runtime in the node directory, and has its class-data archive made.
 */
@Component(property = WorkerType.WORKER_TYPE + "=" + JavaWorkerType.NAME)
@ProvidesWorkerType(JavaWorkerType.NAME)
public final class JavaWorkerType implements WorkerType {
    static final String NAME = "java";
    static final String JAVA = "java";
    static final String JVM_OPTIONS = "jvm.options";
    static final String CLASSPATH = "classpath";
    static final String MAIN = "main";
    static final String JAR = "jar";
    static final String READINESS = "readiness";

    private static final String LAUNCHER = "io.millwright.worker.runtime.Main";
    private static final List<String> CLASS_PATH_OPTIONS =
            List.of("-cp", "-classpath", "--class-path", "-jar", "-m", "--module");

    /**
     * What a supervised JVM is better off with; a worker's own options come later and win. Without memory it ends and is restarted; it writes
     * no files outside its node; a class-data archive that does not fit is passed over without a word.
     */
    private static final List<String> DEFAULT_JVM_OPTIONS =
            List.of("-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-Xlog:cds*=off");

    private static final List<OptionDefinition> OPTIONS = NativeOptions.with(
            option(JAVA, OptionType.STRING, "The Java program, absolute; default: the node's own. Java 17 or later.")
                    .byDefault(Path.of(System.getProperty("java.home"), "bin", "java")
                            .toString())
                    .build(),
            option(JVM_OPTIONS, OptionType.STRINGS, "Options of the JVM, as -Xmx64m; default none.")
                    .byDefault(List.of())
                    .build(),
            option(
                            CLASSPATH,
                            OptionType.STRINGS,
                            "Jars, folders of classes, and FOLDER/* for all jars in a folder; relative to the node directory.")
                    .byDefault(List.of())
                    .build(),
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
                    .build());

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
        options.string(JAVA)
                .filter(java -> !Path.of(java).isAbsolute())
                .ifPresent(java -> problems.add(Problem.definition(JAVA, "'" + java + "' must be an absolute path")));
        for (String one : options.strings(JVM_OPTIONS)) {
            String word = one.indexOf('=') < 0 ? one : one.substring(0, one.indexOf('='));
            if (!one.startsWith("-")) {
                problems.add(Problem.definition(
                        JVM_OPTIONS,
                        "'" + one + "' is no option of a JVM: these begin with '-', as -Xmx64m; one text an option"));
            } else if (CLASS_PATH_OPTIONS.contains(word)) {
                problems.add(Problem.definition(JVM_OPTIONS, "'" + word + "' belongs in 'classpath', 'main' or 'jar'"));
            }
        }
        return problems;
    }

    @Override
    public LaunchPlan plan(PlanRequest request) {
        OptionValues options = request.options();
        Path java = Path.of(options.string(JAVA).orElseThrow());
        RuntimeCopy runtime = runtimes.in(request.nodeDirectory());
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        runtime.archive(java).ifPresent(archive -> command.add("-XX:SharedArchiveFile=" + archive));
        command.addAll(DEFAULT_JVM_OPTIONS);
        command.addAll(options.strings(JVM_OPTIONS));
        command.add("-cp");
        command.add(classPath(request, runtime.jar()));
        command.add(LAUNCHER);
        if (options.string(READINESS).filter("main"::equals).isPresent()) {
            command.add("--ready");
        }
        options.string(MAIN).ifPresent(command::add);
        options.string(JAR).ifPresent(jar -> {
            command.add("-jar");
            command.add(request.nodeDirectory().resolve(jar).toString());
        });
        command.addAll(options.strings(NativeOptions.ARGUMENTS));
        return request.plan(JAVA, command);
    }

    /** The runtime first: only so its class-data archive is good for every worker. */
    private static String classPath(PlanRequest request, Path runtime) {
        List<String> parts = new ArrayList<>(List.of(runtime.toString()));
        for (String one : request.options().strings(CLASSPATH)) {
            boolean all = one.equals("*") || one.endsWith("/*");
            String part = all ? one.substring(0, one.length() - 1) : one;
            parts.add(existing(request, CLASSPATH, part) + (all ? "/*" : ""));
        }
        request.options()
                .string(JAR)
                .ifPresent(jar -> parts.add(existing(request, JAR, jar).toString()));
        return String.join(":", parts);
    }

    private static Path existing(PlanRequest request, String option, String path) {
        Path absolute = request.nodeDirectory().resolve(path).normalize();
        if (!Files.exists(absolute)) {
            throw new IllegalArgumentException("option '" + option + "': there is no " + absolute);
        }
        return absolute;
    }

    @Override
    public Fingerprint fingerprint() {
        return NativeOptions.fingerprint(WorkerCapability.JVM);
    }
}
