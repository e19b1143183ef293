package io.millwright.worker.natives.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the types share that run a JVM with the worker runtime first on its class path. */
final class JvmOptions {
    static final String JAVA = "java";
    static final String JVM_OPTIONS = "jvm.options";
    static final String CLASSPATH = "classpath";

    private static final List<String> CLASS_PATH_OPTIONS =
            List.of("-cp", "-classpath", "--class-path", "-jar", "-m", "--module");

    /**
     * What a supervised JVM is better off with; a worker's own options come later and win. Without memory it ends and is restarted; it writes
     * no files outside its node; a class-data archive that does not fit is passed over without a word.
     */
    private static final List<String> DEFAULTS =
            List.of("-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-Xlog:cds*=off");

    private static final OptionDefinition OF_JAVA = option(
                    JAVA, OptionType.STRING, "The Java program, absolute; default: the node's own. Java 17 or later.")
            .byDefault(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .build();
    private static final OptionDefinition OF_JVM_OPTIONS = option(
                    JVM_OPTIONS, OptionType.STRINGS, "Options of the JVM, as -Xmx64m; default none.")
            .byDefault(List.of())
            .build();
    private static final OptionDefinition OF_CLASSPATH = option(
                    CLASSPATH,
                    OptionType.STRINGS,
                    "Jars, folders of classes, and FOLDER/* for all jars in a folder; relative to the node directory.")
            .byDefault(List.of())
            .build();

    private JvmOptions() {}

    /** A type's own options, then those of every JVM. */
    static List<OptionDefinition> with(OptionDefinition... own) {
        List<OptionDefinition> all = new ArrayList<>(List.of(OF_JAVA, OF_JVM_OPTIONS, OF_CLASSPATH));
        all.addAll(List.of(own));
        return List.copyOf(all);
    }

    /** What is wrong with them. */
    static List<Problem> check(OptionValues options) {
        List<Problem> problems = new ArrayList<>();
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

    /**
     * The beginning of a command, up to the class path.
     *
     * @param archive the class-data archive of what is first on the class path, if there is one
     * @param defaults options of the JVM for workers of the type; the worker's own come later and win
     * @param first what the class path begins with: only so the archive is good for every worker
     * @param more what it ends with
     */
    static List<String> command(
            PlanRequest request, Optional<Path> archive, List<String> defaults, List<Path> first, List<Path> more) {
        OptionValues options = request.options();
        List<String> command = new ArrayList<>();
        command.add(options.string(JAVA).orElseThrow());
        if (ArchiveOptions.allowedBy(options.strings(JVM_OPTIONS))) {
            archive.ifPresent(file -> command.addAll(ArchiveOptions.use(file)));
        }
        command.addAll(DEFAULTS);
        command.addAll(defaults);
        command.addAll(options.strings(JVM_OPTIONS));
        command.add("-cp");
        List<String> parts = new ArrayList<>();
        first.forEach(one -> parts.add(one.toString()));
        for (String one : options.strings(CLASSPATH)) {
            boolean all = one.equals("*") || one.endsWith("/*");
            String part = all ? one.substring(0, one.length() - 1) : one;
            parts.add(existing(request, CLASSPATH, part) + (all ? "/*" : ""));
        }
        more.forEach(one -> parts.add(one.toString()));
        command.add(String.join(":", parts));
        return command;
    }

    /**
     * A file that an option names, absolute.
     *
     * @throws IllegalArgumentException if it is not there
     */
    static Path existing(PlanRequest request, String option, String path) {
        Path absolute = request.nodeDirectory().resolve(path).normalize();
        if (!Files.exists(absolute)) {
            throw new IllegalArgumentException("option '" + option + "': there is no " + absolute);
        }
        return absolute;
    }
}
