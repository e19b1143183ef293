package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes an object of the reference system's configuration apart: what is taken, what is refused, and with which words. For one thread. */
final class ReferenceReport {
    private final List<Problem> problems;

    ReferenceReport(List<Problem> problems) {
        this.problems = problems;
    }

    void refuse(String path, Node node, String sentence) {
        problems.add(Problem.of(path, node.line(), sentence, Problem.Kind.DEFINITION));
    }

    /** The members of an object, empty if it is none, which is reported. */
    Map<String, Node> object(String path, @Nullable Node node) {
        Map<String, Node> members = node == null ? Map.of() : node.members();
        if (node != null && members == null) {
            refuse(path, node, "must be an object, is " + node.kind());
        }
        return members == null ? Map.of() : members;
    }

    /** The elements of a list, empty if it is none, which is reported. */
    List<Node> list(String path, @Nullable Node node) {
        List<Node> elements = node == null ? List.of() : node.elements();
        if (node != null && elements == null) {
            refuse(path, node, "must be a list, is " + node.kind());
        }
        return elements == null ? List.of() : elements;
    }

    /** A member that must be a text, {@code null} if it is none or not there, which is reported. */
    @Nullable
    String text(String path, Node owner, Map<String, Node> members, String key) {
        Node node = members.get(key);
        if (node != null && node.value() instanceof String text) {
            return text;
        }
        refuse(
                path + "." + key,
                node == null ? owner : node,
                node == null ? "is missing" : "must be a text, is " + node.kind());
        return null;
    }

    /**
     * Refuses all members but some.
     *
     * @param known those that are read
     * @param sentences what is said of others that the reference system knows
     */
    void others(String path, Map<String, Node> members, List<String> known, Map<String, String> sentences) {
        members.forEach((key, node) -> {
            if (!known.contains(key)) {
                String sentence = sentences.get(key);
                refuse(
                        path + "." + key,
                        node,
                        sentence == null
                                ? "is not known here; the known keys are " + String.join(", ", known)
                                : sentence);
            }
        });
    }

    /** An object that is made of another one. */
    static Node node(Node origin, Object value) {
        return new Node(origin.line(), value);
    }

    /** An empty object to be filled, in the order of the file. */
    static Map<String, Node> members() {
        return new LinkedHashMap<>();
    }
}
