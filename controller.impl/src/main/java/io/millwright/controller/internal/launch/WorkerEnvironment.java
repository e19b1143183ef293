package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import io.millwright.controller.internal.options.CommonOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment a worker's options ask for. Immutable; its string form shows names only.
 *
 * @param variables all variables
 * @param secretVariables names whose values must never be shown: secrets, and texts a secret was put into
 * @param problems what could not be read or replaced; those variables are missing
 */
public record WorkerEnvironment(Map<String, String> variables, Set<String> secretVariables, List<Problem> problems) {
    /** Keeps unmodifiable copies; one that is such a copy already is kept as it is. */
    public WorkerEnvironment {
        variables = Map.copyOf(variables);
        secretVariables = Set.copyOf(secretVariables);
        problems = List.copyOf(problems);
    }

    /**
     * Builds the environment. Reads files of variables and of secrets, so it may block.
     *
     * <p>The worker's own variables stand above those of its files, a later file above an earlier one, all of them above what is
     * inherited. What a file holds may be a secret and counts as one.
     *
     * <p>{@code ${NAME}} in a plain text becomes the worker's own variable of that name, else that of its files, else the
     * node's, inherited or not; within NAME's own text it is never the worker's own. {@code $${} stands for a literal <code>${</code>, any other
     * {@code $} for itself.
     *
     * @param values checked options
     * @param nodeEnvironment the node's own environment
     * @param nodeDirectory where relative paths start
     * @return the environment and all problems
     */
    public static WorkerEnvironment of(OptionValues values, Map<String, String> nodeEnvironment, Path nodeDirectory) {
        Builder builder = new Builder(values.variables(CommonOptions.ENV_VARS), nodeEnvironment, nodeDirectory);
        builder.readFiles(values.strings(CommonOptions.ENV_FILE));
        return builder.build(values.any(CommonOptions.ENV_INHERIT));
    }

    /**
     * Whether a file has a say in it.
     *
     * @param values checked options
     * @return true if it may be another one the next time without any change of the options
     */
    public static boolean readsFiles(OptionValues values) {
        if (!values.strings(CommonOptions.ENV_FILE).isEmpty()) {
            return true;
        }
        for (Variable variable : values.variables(CommonOptions.ENV_VARS).values()) {
            if (variable.kind() == Variable.Kind.SECRET_FILE) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "WorkerEnvironment" + variables.keySet();
    }

    /** No environment takes a longer text on Linux. */
    private static final int LONGEST_SECRET = 128 * 1024;

    /** Builds one environment; for one thread. */
    private static final class Builder {
        private final Map<String, Variable> own;
        private final Map<String, String> filed = new LinkedHashMap<>();
        private final Map<String, String> node;
        private final Path directory;
        private final Map<String, String> done = new LinkedHashMap<>();
        private final Set<String> failed = new LinkedHashSet<>();
        private final Set<String> secret = new LinkedHashSet<>();
        private final List<String> underWay = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Builder(Map<String, Variable> own, Map<String, String> node, Path directory) {
            this.own = own;
            this.node = node;
            this.directory = directory;
        }

        void readFiles(List<String> files) {
            for (int i = 0; i < files.size(); i++) {
                EnvironmentFile file = EnvironmentFile.read(directory, files.get(i));
                filed.putAll(file.variables());
                for (String problem : file.problems()) {
                    problems.add(Problem.environment(CommonOptions.ENV_FILE + "[" + i + "]", problem));
                }
            }
        }

        WorkerEnvironment build(@Nullable Object inherit) {
            if (own.isEmpty() && filed.isEmpty() && Boolean.TRUE.equals(inherit)) {
                // Most workers: all of them share the one map.
                return new WorkerEnvironment(node, secret, problems);
            }
            Map<String, String> all = new LinkedHashMap<>();
            node.forEach((name, value) -> {
                if (Boolean.TRUE.equals(inherit) || inherit instanceof List<?> names && names.contains(name)) {
                    all.put(name, value);
                }
            });
            all.putAll(filed);
            secret.addAll(filed.keySet());
            secret.removeAll(own.keySet());
            for (String name : own.keySet()) {
                String value = resolve(name);
                if (value == null) {
                    all.remove(name);
                } else {
                    all.put(name, value);
                }
            }
            return new WorkerEnvironment(all, secret, problems);
        }

        /** The value of a variable of the worker's own, {@code null} after a problem. */
        private @Nullable String resolve(String name) {
            Variable variable = own.get(name);
            if (variable == null || failed.contains(name)) {
                return null;
            }
            String value = done.get(name);
            if (value != null) {
                return value;
            }
            if (variable.isSecret()) {
                secret.add(name);
            }
            underWay.add(name);
            switch (variable.kind()) {
                case SECRET:
                    value = variable.text();
                    break;
                case SECRET_FILE:
                    value = secretFile(name, variable.text());
                    break;
                case PLAIN:
                default:
                    value = expand(name, variable.text());
            }
            underWay.remove(underWay.size() - 1);
            if (value == null) {
                failed.add(name);
            } else {
                done.put(name, value);
            }
            return value;
        }

        private @Nullable String secretFile(String name, String path) {
            TextFile file = TextFile.read(directory, path, "secretFile", LONGEST_SECRET);
            if (file.trouble() != null) {
                problem(Problem.Kind.ENVIRONMENT, name, file.trouble());
            }
            return file.content();
        }

        private @Nullable String expand(String name, String text) {
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < text.length()) {
                if (text.startsWith("$${", at)) {
                    out.append("${");
                    at += 3;
                } else if (text.startsWith("${", at)) {
                    int end = text.indexOf('}', at);
                    if (end < 0) {
                        problem(
                                Problem.Kind.DEFINITION,
                                name,
                                "has '${' without '}'; close it, or write '$${' for a literal '${'");
                        return null;
                    }
                    String value = lookUp(name, text.substring(at + 2, end));
                    if (value == null) {
                        return null;
                    }
                    out.append(value);
                    at = end + 1;
                } else {
                    out.append(text.charAt(at++));
                }
            }
            return out.toString();
        }

        private @Nullable String lookUp(String user, String name) {
            if (own.containsKey(name) && !name.equals(user)) {
                if (underWay.contains(name)) {
                    problem(
                            Problem.Kind.DEFINITION,
                            user,
                            "uses ${" + name + "}, which in turn uses " + user + "; break the circle");
                    return null;
                }
                String value = resolve(name);
                if (secret.contains(name)) {
                    secret.add(user);
                }
                // What is wrong with it has been said at its own name.
                return value;
            }
            String value = filed.get(name);
            if (value != null) {
                secret.add(user);
                return value;
            }
            value = node.get(name);
            if (value == null) {
                problem(
                        Problem.Kind.ENVIRONMENT,
                        user,
                        "uses ${" + name
                                + "}, which is set neither in env.vars, in env.file nor in the node's environment;"
                                + " set it, or write $${" + name + "} for that text itself");
            }
            return value;
        }

        private void problem(Problem.Kind kind, String name, String message) {
            problems.add(Problem.of(CommonOptions.ENV_VARS + "." + name, null, message, kind));
        }
    }
}
