package io.millwright.config.file.internal;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.options.FlatOptions;
import io.millwright.options.NearestKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {version, controller: {id, options}, workers: [{type, id, options, …}]}} out of a tree and finds everything
 * wrong with this shape; what the options mean is the controller's to say. For one text and one thread.
 */
final class ShapeReader {
    private static final List<String> TOP = List.of("version", "controller", "workers");
    /** For editors. */
    private static final String SCHEMA = "$schema";

    private static final List<String> CONTROLLER = List.of("id", "options", "remote");
    /** Keys of the reference system's controller. */
    private static final Map<String, String> OF_REFERENCE = Map.of(
            "manhole", "there is none; the shell looks into the node, and from elsewhere what docs/remote.md says",
            "connections", "the node connects to nothing; docs/remote.md says how it is reached",
            "fabric", "there is no management from elsewhere to join; docs/remote.md says how the node is reached",
            "fabric-center",
                    "there is no management from elsewhere to join; docs/remote.md says how the node is reached",
            "blockchain", "is not there; leave it out",
            "enable_docker", "is not there; leave it out",
            "extra", "has no meaning here; leave it out");

    private static final Pattern TYPE = Pattern.compile(WorkerType.NAME_PATTERN);

    private static final FlatOptions UNKNOWN = new FlatOptions(List.of());
    private static final WorkerId STAND_IN = new WorkerId("worker");

    private final List<Problem> problems;
    private final NodeDocument.WorkerHandler handler;
    private final List<NodeDocument.Worker> workers = new ArrayList<>();
    /** Where each id given in the file stands first. */
    private final Map<String, Place> ids = new HashMap<>();
    /** Which elements of {@link #workers} have no id in the file. */
    private final BitSet nameless = new BitSet();
    /** One instance of each type's name instead of one for each worker. */
    private final Map<String, String> types = new HashMap<>();

    private record Place(int index, int line) {}

    private final Map<String, FlatOptions> forms;

    private ShapeReader(Map<String, FlatOptions> forms, List<Problem> problems, NodeDocument.WorkerHandler handler) {
        this.forms = forms;
        this.problems = problems;
        this.handler = handler;
    }

    /**
     * Reads a text.
     *
     * @param forms how the options of each known worker type are made flat
     * @param problems gets everything wrong with its shape
     * @param handler gets the workers while the text is read
     * @throws MalformedException if the text cannot be read to its end
     */
    static NodeDocument read(
            Syntax syntax,
            String text,
            Map<String, FlatOptions> forms,
            List<Problem> problems,
            NodeDocument.WorkerHandler handler)
            throws MalformedException {
        ShapeReader reader = new ShapeReader(forms, problems, handler);
        return reader.root(TreeReader.read(syntax, text, problems, "workers", reader::worker));
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
        Node list = members.get("workers");
        if (list != null && list.elements() == null) {
            report("workers", list.line(), "must be a list of workers, is " + list.kind());
        }
        nameTheNameless();
        Node controller = members.get("controller");
        Node remote = controller == null || controller.members() == null
                ? null
                : controller.members().get("remote");
        return new NodeDocument(
                controller == null ? null : controller(controller),
                controller == null ? 1 : controller.line(),
                remote == null ? List.of() : RemoteReader.read(remote, problems),
                workers);
    }

    private void nameTheNameless() {
        int number = 0;
        for (int i = nameless.nextSetBit(0); i >= 0; i = nameless.nextSetBit(i + 1)) {
            String name;
            do {
                number++;
                name = "worker%03d".formatted(number);
            } while (ids.containsKey(name));
            workers.set(i, workers.get(i).named(new WorkerId(name)));
        }
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
        Options options = new Options("controller.options", node.line(), UNKNOWN);
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

    private void worker(int index, Node node) {
        String path = "workers[" + index + "]";
        Map<String, Node> given = object(path, node);
        if (given == null) {
            return;
        }
        Map<String, Node> members = ReferenceWorker.translated(path, given, problems);
        if (members == null) {
            return;
        }
        Node idNode = members.get("id");
        WorkerId id = idNode == null ? STAND_IN : id(index, path + ".id", idNode);
        String type = type(path, node.line(), members);
        Options options = options(path, node.line(), type == null ? "" : type, members);
        if (type == null) {
            return;
        }
        if (idNode == null) {
            nameless.set(workers.size());
        }
        NodeDocument.Worker worker =
                new NodeDocument.Worker(index, idNode == null ? node.line() : idNode.line(), id, type);
        workers.add(worker);
        handler.worker(worker, options);
    }

    /** The id, or one that stands for it so that the worker's options can be checked all the same. */
    private WorkerId id(int index, String path, Node node) {
        if (!(node.value() instanceof String text)) {
            report(path, node.line(), "must be a text, is " + node.kind());
            return STAND_IN;
        }
        Place first = ids.putIfAbsent(text, new Place(index, node.line()));
        if (first != null) {
            report(
                    path,
                    node.line(),
                    "the id '" + abbreviate(text) + "' is already used by workers[" + first.index() + "] in line "
                            + first.line() + "; each worker needs its own");
        }
        try {
            return new WorkerId(text);
        } catch (NodeException e) {
            report(path, node.line(), String.valueOf(e.getMessage()));
            return STAND_IN;
        }
    }

    private Options options(String path, int line, String type, Map<String, Node> members) {
        Options options = new Options(path, line, forms.getOrDefault(type, UNKNOWN));
        members.forEach((key, node) -> {
            if (key.equals("type") || key.equals("id")) {
                return;
            } else if (key.equals("options")) {
                Map<String, Node> values = object(path + ".options", node);
                if (values != null) {
                    values.forEach((name, value) -> {
                        if (type.equals("container") && name.equals("restart") && isOfReference(value)) {
                            options.put(path + ".options.", name, "components_restart", value, problems);
                        } else {
                            options.add(path + ".options.", name, value, problems);
                        }
                    });
                }
            } else if (!isMistyped(path, key, node, members)) {
                options.add(path + ".", key, node, problems);
            }
        });
        return options;
    }

    /** Whether a value is a word of the reference system for when components are restarted; ours say it of the worker. */
    private static boolean isOfReference(Node value) {
        return value.value() instanceof String word && word.startsWith("restart-");
    }

    /** Whether a key beside the options is meant to be one of the three fixed ones; options may have any name. */
    private boolean isMistyped(String path, String key, Node node, Map<String, Node> members) {
        String meant = null;
        if (!members.containsKey("type")
                && NearestKey.distance("type", key.toLowerCase(Locale.ROOT)) <= 1
                && node.value() instanceof String) {
            meant = "type";
        } else if (!members.containsKey("id") && key.equalsIgnoreCase("id")) {
            meant = "id";
        } else if (!members.containsKey("options")
                && NearestKey.distance("options", key.toLowerCase(Locale.ROOT)) <= 2
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
            return types.computeIfAbsent(text, t -> t);
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
            String sentence = prefix.isEmpty() ? null : OF_REFERENCE.get(key);
            if (sentence != null) {
                report(prefix + key, node.line(), sentence);
            } else if (!known.contains(key) && !(prefix.isEmpty() && key.equals(SCHEMA))) {
                String nearest = NearestKey.find(key, known);
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
        problems.add(Problem.of(path, line, message, Problem.Kind.DEFINITION));
    }
}
