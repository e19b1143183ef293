package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;
import io.millwright.options.FlatOptions;
import io.millwright.options.NearestKey;
import io.millwright.options.RemoteForms;
import io.millwright.options.RemoteForms.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code controller.remote}: listeners, principals and roles by their names, and limits. Names and types of their options are
 * checked; what their values mean is known to the bundle of remote management alone, which says what is wrong with them. For one thread.
 */
final class RemoteReader {
    private static final String PATH = "controller.remote";
    private static final String LIMITS = "limits";
    /** The groups, and the factory of the configurations that each makes. */
    private static final Map<String, String> GROUPS = new TreeMap<>(Map.of(
            "listeners", ConfigurationStore.REMOTE + ".listener",
            "principals", ConfigurationStore.REMOTE + ".principal",
            "roles", ConfigurationStore.REMOTE + ".role"));

    private static final Map<String, SortedMap<String, Kind>> FORMS = Map.of(
            ConfigurationStore.REMOTE + ".listener", RemoteForms.LISTENER,
            ConfigurationStore.REMOTE + ".principal", RemoteForms.PRINCIPAL,
            ConfigurationStore.REMOTE + ".role", RemoteForms.ROLE);

    private static final FlatOptions UNKNOWN = new FlatOptions(List.of());
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private final List<Problem> problems;
    private final List<NodeDocument.Remote> found = new ArrayList<>();

    private RemoteReader(List<Problem> problems) {
        this.problems = problems;
    }

    /** The configurations of remote management that a file has; what is wrong is reported. */
    static List<NodeDocument.Remote> read(Node remote, List<Problem> problems) {
        RemoteReader reader = new RemoteReader(problems);
        reader.object(PATH, remote).forEach(reader::group);
        return List.copyOf(reader.found);
    }

    private void group(String key, Node node) {
        String path = PATH + "." + key;
        String factory = GROUPS.get(key);
        if (factory != null) {
            object(path, node).forEach((name, one) -> named(path + "." + name, factory, name, one));
        } else if (key.equals(LIMITS)) {
            Options options = new Options(path, node.line(), UNKNOWN);
            object(path, node).forEach((name, value) -> options.add(PATH + ".", LIMITS + "." + name, value, problems));
            check(options, RemoteForms.LIMITS);
            found.add(new NodeDocument.Remote(path, node.line(), ConfigurationStore.REMOTE, null, options));
        } else {
            List<String> known = new ArrayList<>(GROUPS.keySet());
            known.add(LIMITS);
            report(path, node, "unknown key '" + key + "'; " + NearestKey.advice(key, known));
        }
    }

    private void named(String path, String factory, String name, Node node) {
        if (!NAME.matcher(name).matches()) {
            report(path, node, "a name begins with a letter and goes on with at most 62 letters, digits, '_' and '-'");
            return;
        }
        Options options = new Options(path, node.line(), UNKNOWN);
        object(path, node).forEach((key, value) -> options.add(path + ".", key, value, problems));
        check(options, FORMS.get(factory));
        found.add(new NodeDocument.Remote(path, node.line(), factory, name, options));
    }

    private void check(Options options, @Nullable SortedMap<String, Kind> form) {
        Map<String, Kind> known = Objects.requireNonNull(form);
        options.forEach((path, key, node) -> {
            Kind kind = known.get(key);
            if (kind == null) {
                report(
                        path,
                        node,
                        "'" + NearestKey.shown(key) + "' is not an option; " + NearestKey.advice(key, known.keySet()));
            } else if (kind == Kind.TEXTS && node.elements() != null) {
                texts(path, Objects.requireNonNull(node.elements()));
            } else if (!isOf(kind, node)) {
                report(path, node, "must be " + kind.words() + ", is " + node.kind());
            }
        });
    }

    private void texts(String path, List<Node> elements) {
        for (int i = 0; i < elements.size(); i++) {
            if (!(elements.get(i).value() instanceof String)) {
                report(
                        path + "[" + i + "]",
                        elements.get(i),
                        "must be a text, is " + elements.get(i).kind());
            }
        }
    }

    /** Whether a value that is no list is of a kind; numbers and flags may be texts of such, as in other configurations. */
    private static boolean isOf(Kind kind, Node node) {
        String text = String.valueOf(node.value()).strip();
        return switch (kind) {
            case TEXT, TEXTS -> node.value() instanceof String;
            case WHOLE -> isInt(text);
            case FLAG -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
        };
    }

    private static boolean isInt(String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Map<String, Node> object(String path, Node node) {
        Map<String, Node> members = node.members();
        if (members == null) {
            report(path, node, "must be an object, is " + node.kind());
            return Map.of();
        }
        return members;
    }

    private void report(String path, Node node, String sentence) {
        problems.add(Problem.of(path, node.line(), sentence, Problem.Kind.DEFINITION));
    }
}
