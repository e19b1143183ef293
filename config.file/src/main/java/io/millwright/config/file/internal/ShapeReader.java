package io.millwright.config.file.internal;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {version, controller: {id, options}, workers: [{type, id, options, …}]}} out of a tree and finds everything
 * wrong with this shape; what the options mean is the controller's to say. For one tree and one thread.
 */
final class ShapeReader {
    private static final List<String> TOP = List.of("version", "controller", "workers");
    private static final List<String> CONTROLLER = List.of("id", "options");
    private static final Pattern TYPE = Pattern.compile(WorkerType.NAME_PATTERN);

    private final List<Problem> problems;
    /** Where each id given in the file stands first. */
    private final Map<String, Place> ids = new HashMap<>();

    private record Place(String path, int line) {}

    private ShapeReader(List<Problem> problems) {
        this.problems = problems;
    }

    static NodeDocument read(Node root, List<Problem> problems) {
        return new ShapeReader(problems).root(root);
    }

    private NodeDocument root(Node root) {
        Map<String, Node> members = root.members();
        if (members == null) {
            report(
                    "",
                    root.line(),
                    "the file must hold an object with version, controller and workers, it holds " + root.kind());
            return NodeDocument.EMPTY;
        }
        refuseUnknown("", members, TOP);
        version(root.line(), members.get("version"));
        Node controller = members.get("controller");
        Node workers = members.get("workers");
        return new NodeDocument(
                controller == null ? null : controller(controller),
                controller == null ? 1 : controller.line(),
                workers == null ? List.of() : workers(workers));
    }

    private void version(int line, @Nullable Node version) {
        if (version == null) {
            report("version", line, "is missing; the format described here is \"version\": 2");
        } else if (!Long.valueOf(2).equals(version.value())) {
            String is = version.value() instanceof Number ? String.valueOf(version.value()) : version.kind();
            report("version", version.line(), "must be the number 2, is " + is);
        }
    }

    private @Nullable Options controller(Node node) {
        Map<String, Node> members = object("controller", node);
        if (members == null) {
            return null;
        }
        refuseUnknown("controller.", members, CONTROLLER);
        Options options = new Options("controller.options", node.line());
        Node id = members.get("id");
        if (id != null && !(id.value() instanceof String)) {
            report("controller.id", id.line(), "must be a text, is " + id.kind());
        } else if (id != null) {
            options.put("controller.", "id", "node.id", id, problems);
        }
        Node given = members.get("options");
        Map<String, Node> values = given == null ? Map.of() : object("controller.options", given);
        if (values != null) {
            values.forEach((key, value) -> {
                if (key.equals("shutdown") && value.members() == null) {
                    // The reference system's spelling.
                    options.put("controller.options.", key, "shutdown.triggers", value, problems);
                } else {
                    options.add("controller.options.", key, value, problems);
                }
            });
        }
        return options.isEmpty() ? null : options;
    }

    private List<NodeDocument.Worker> workers(Node node) {
        List<Node> elements = node.elements();
        if (elements == null) {
            report("workers", node.line(), "must be a list of workers, is " + node.kind());
            return List.of();
        }
        collectIds(elements);
        List<NodeDocument.Worker> workers = new ArrayList<>(elements.size());
        int made = 0;
        for (int i = 0; i < elements.size(); i++) {
            String path = path(i);
            Map<String, Node> members = object(path, elements.get(i));
            if (members == null) {
                continue;
            }
            Node idNode = members.get("id");
            WorkerId id;
            if (idNode == null) {
                do {
                    made++;
                } while (ids.containsKey(name(made)));
                id = new WorkerId(name(made));
            } else {
                id = id(path + ".id", idNode);
            }
            Node place = idNode == null ? elements.get(i) : idNode;
            worker(path, elements.get(i).line(), place.line(), members, id, workers);
        }
        return workers;
    }

    private static String path(int index) {
        return "workers[" + index + "]";
    }

    private static String name(int number) {
        return "worker%03d".formatted(number);
    }

    private void collectIds(List<Node> elements) {
        for (int i = 0; i < elements.size(); i++) {
            Map<String, Node> members = elements.get(i).members();
            Node id = members == null ? null : members.get("id");
            if (id == null || !(id.value() instanceof String text)) {
                continue;
            }
            Place first = ids.putIfAbsent(text, new Place(path(i), id.line()));
            if (first != null) {
                report(
                        path(i) + ".id",
                        id.line(),
                        "the id '" + abbreviate(text) + "' is already used by " + first.path() + " in line "
                                + first.line() + "; each worker needs its own");
            }
        }
    }

    /** The id, or one that stands for it so that the worker's options can be checked all the same. */
    private WorkerId id(String path, Node node) {
        if (!(node.value() instanceof String text)) {
            report(path, node.line(), "must be a text, is " + node.kind());
            return new WorkerId("worker");
        }
        try {
            return new WorkerId(text);
        } catch (NodeException e) {
            report(path, node.line(), String.valueOf(e.getMessage()));
            return new WorkerId("worker");
        }
    }

    private void worker(
            String path,
            int line,
            int idLine,
            Map<String, Node> members,
            WorkerId id,
            List<NodeDocument.Worker> workers) {
        Options options = new Options(path, line);
        members.forEach((key, node) -> {
            if (key.equals("type") || key.equals("id")) {
                return;
            } else if (key.equals("options")) {
                Map<String, Node> values = object(path + ".options", node);
                if (values != null) {
                    values.forEach((name, value) -> options.add(path + ".options.", name, value, problems));
                }
            } else if (!isMistyped(path, key, node, members)) {
                options.add(path + ".", key, node, problems);
            }
        });
        String type = type(path, line, members);
        if (type != null) {
            workers.add(new NodeDocument.Worker(path, idLine, id, type, options));
        } else {
            options.reportUnstorable(List.of(), problems);
        }
    }

    /** Whether a key beside the options is meant to be one of the three fixed ones; options may have any name. */
    private boolean isMistyped(String path, String key, Node node, Map<String, Node> members) {
        String meant = null;
        if (!members.containsKey("type") && NearestKey.distance("type", key) <= 1 && node.value() instanceof String) {
            meant = "type";
        } else if (!members.containsKey("id") && key.equalsIgnoreCase("id")) {
            meant = "id";
        } else if (!members.containsKey("options")
                && NearestKey.distance("options", key) <= 2
                && node.members() != null) {
            meant = "options";
        }
        if (meant != null) {
            report(
                    path + "." + key,
                    node.line(),
                    "unknown key '" + key + "'; the nearest known key is '" + meant + "'");
        }
        return meant != null;
    }

    private @Nullable String type(String path, int line, Map<String, Node> members) {
        Node node = members.get("type");
        if (node == null) {
            report(path + ".type", line, "is missing; it names the worker's type, for example \"type\": \"guest\"");
        } else if (!(node.value() instanceof String text)) {
            report(path + ".type", node.line(), "must be a text, is " + node.kind());
        } else if (!TYPE.matcher(text).matches()) {
            report(
                    path + ".type",
                    node.line(),
                    "worker type '" + abbreviate(text)
                            + "' is not valid: it must start with a lower-case letter and continue"
                            + " with at most 31 lower-case letters, digits or '_'");
        } else {
            return text;
        }
        return null;
    }

    private @Nullable Map<String, Node> object(String path, Node node) {
        Map<String, Node> members = node.members();
        if (members == null) {
            report(path, node.line(), "must be an object, is " + node.kind());
        }
        return members;
    }

    private void refuseUnknown(String prefix, Map<String, Node> members, List<String> known) {
        members.forEach((key, node) -> {
            if (!known.contains(key)) {
                String nearest = NearestKey.among(known, key);
                String hint = nearest == null
                        ? "; the known keys are " + String.join(", ", known)
                        : "; the nearest known key is '" + nearest + "'";
                report(prefix + key, node.line(), "unknown key '" + abbreviate(key) + "'" + hint);
            }
        });
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private void report(String path, int line, String message) {
        problems.add(new Problem(path, line, message, Problem.Kind.DEFINITION));
    }
}
