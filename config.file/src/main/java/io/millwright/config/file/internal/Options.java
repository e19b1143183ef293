package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.options.FlatOptions;
import io.millwright.options.WrittenNumber;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of one worker or of the node with nested objects made flat, as Config Admin keeps them, each still knowing
 * where it stands in the file. Filled by one thread, then only read.
 */
final class Options {
    private static final Set<String> RESERVED =
            Set.of("worker.id", "millwright.origin", "service.pid", "service.factorypid", "service.bundlelocation");

    /** Keys that differ in case only are one key in Config Admin. */
    private final Map<String, Item> items = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private final String owner;
    private final int line;
    private final FlatOptions form;

    /** A value, and the path of its place: {@code prefix} and the key, or what stands for the key. */
    private record Item(String prefix, String shown, Node node) {
        String path() {
            return prefix + shown;
        }
    }

    /**
     * Starts empty.
     *
     * @param owner the path of what the options belong to, for example {@code workers[3]}
     * @param line where that begins
     * @param form how these options are made flat
     */
    Options(String owner, int line, FlatOptions form) {
        this.form = form;
        this.owner = owner;
        this.line = line;
    }

    /**
     * Adds a value, nested objects member by member.
     *
     * @param prefix the path before the key, with its dot
     * @param key the dotted key
     * @param problems gets what is wrong with it
     */
    void add(String prefix, String key, Node node, List<Problem> problems) {
        Map<String, Node> members = node.members();
        List<Node> elements = node.elements();
        if (members != null && !members.isEmpty() && !isWhole(key)) {
            members.forEach((name, member) -> add(prefix, key + "." + name, member, problems));
        } else if (elements != null
                && !elements.isEmpty()
                && form.type(key) == OptionType.OBJECT_LIST
                && elements.stream().allMatch(element -> element.members() != null)) {
            for (int i = 0; i < elements.size(); i++) {
                add(prefix, key + "." + i, elements.get(i), problems);
            }
        } else {
            put(prefix, key, key, node, problems);
        }
    }

    /** Whether objects and lists in a value are not taken apart; Config Admin gets it as JSON text unless it is plain. */
    private boolean isWhole(String key) {
        return FlatOptions.isWhole(form.type(key));
    }

    /** Adds one value whose place has another name than its key. */
    void put(String prefix, String shown, String key, Node node, List<Problem> problems) {
        Item item = new Item(prefix, shown, node);
        @Nullable String wrong = wrong(key, node);
        if (wrong != null) {
            problems.add(problem(item.path(), node.line(), wrong));
            return;
        }
        Item first = items.putIfAbsent(key, item);
        if (first == null) {
            return;
        }
        String message = first.shown().equals(shown) || !first.shown().equalsIgnoreCase(shown)
                ? "the option '" + key + "' is given twice, first as " + first.path() + " in line "
                        + first.node().line() + "; remove one"
                : "differs from " + first.path() + " in line " + first.node().line()
                        + " in upper and lower case only, which configurations do not tell apart; rename one";
        problems.add(problem(item.path(), node.line(), message));
    }

    private @Nullable String wrong(String key, Node node) {
        if (RESERVED.contains(key.toLowerCase(Locale.ROOT))) {
            return "the key '" + key + "' is reserved; an id is given as 'id'";
        } else if (key.startsWith(".") || key.endsWith(".") || key.contains("..")) {
            return "a part of the key '" + key + "' is empty; names are joined by single dots";
        } else if (node.value() == null) {
            return "has no value (null); give it one, or remove the key to get the default";
        }
        List<Node> elements = node.elements();
        if (elements != null && !isWhole(key)) {
            for (int i = 0; i < elements.size(); i++) {
                if (elements.get(i).value() == null) {
                    return "element " + i + " has no value (null); give it one or remove it";
                }
            }
        }
        return null;
    }

    /** Takes the options one by one. */
    interface Visitor {
        /** Takes an option: the path of its place, its dotted key, and its value. */
        void option(String path, String key, Node node);
    }

    /** Shows each option, in order of keys. */
    void forEach(Visitor visitor) {
        items.forEach((key, item) -> visitor.option(item.path(), key, item.node()));
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** The values for a check, by dotted key. */
    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        items.forEach((key, item) -> values.put(key, item.node().plain()));
        return values;
    }

    /** A check's problem, whose path is an option key, at its place in the file. */
    Problem locate(Problem found) {
        String path = found.path();
        if (path.isEmpty()) {
            return found.at(owner, line);
        }
        for (String key = path; !key.isEmpty(); key = parent(key)) {
            Item item = items.get(key.replace("[", ".").replace("]", ""));
            if (item != null) {
                String rest = path.substring(key.length());
                return found.at(item.path() + rest, lineWithin(item.node(), rest));
            }
        }
        // What is not there is missing among what is.
        for (String group = path; !group.isEmpty(); group = parent(group)) {
            for (Map.Entry<String, Item> entry : items.entrySet()) {
                if (entry.getKey().startsWith(group + ".")) {
                    Item item = entry.getValue();
                    return found.at(item.prefix() + path, item.node().line());
                }
            }
        }
        return found.at(owner + "." + path, line);
    }

    private static String parent(String key) {
        return key.substring(0, Math.max(0, Math.max(key.lastIndexOf('.'), key.lastIndexOf('['))));
    }

    /** The line of {@code [i]…} in a list, where there is such an element, else that of the list. */
    private static int lineWithin(Node node, String rest) {
        List<Node> elements = node.elements();
        int end = rest.indexOf(']');
        if (elements == null || !rest.startsWith("[") || end < 2) {
            return node.line();
        }
        String index = rest.substring(1, end);
        if (!index.chars().allMatch(c -> c >= '0' && c <= '9') || index.length() > 9) {
            return node.line();
        }
        int i = Integer.parseInt(index);
        return i < elements.size() ? elements.get(i).line() : node.line();
    }

    /** Puts the values into a configuration's properties. */
    void store(Dictionary<String, Object> properties) {
        items.forEach((key, item) -> {
            Object value = stored(key, item.node());
            if (value != null) {
                properties.put(key, value);
            }
        });
    }

    private @Nullable Object stored(String key, Node node) {
        if (isWhole(key)) {
            return node.value() instanceof Map || node.value() instanceof List ? json(node) : single(node);
        }
        List<Node> elements = node.elements();
        if (elements != null) {
            Object array = array(elements);
            return array == null ? json(node) : array;
        }
        return node.value() instanceof Map ? null : single(node);
    }

    /** A value that Config Admin can keep: a text if no number of its own is written as the file does. */
    private static @Nullable Object single(Node node) {
        return node.value() instanceof WrittenNumber ? node.value().toString() : node.plain();
    }

    /** An array of the elements' type, of texts if it is not one; {@code null} if some are lists or objects. */
    private static Object @Nullable [] array(List<Node> elements) {
        if (elements.stream().anyMatch(e -> e.value() instanceof List<?> || e.value() instanceof Map<?, ?>)) {
            return null;
        }
        List<Object> values =
                elements.stream().map(Node::plain).map(Objects::requireNonNull).toList();
        if (!values.isEmpty()) {
            for (Class<?> type : List.of(Boolean.class, Long.class, Double.class)) {
                if (values.stream().allMatch(type::isInstance)) {
                    return values.toArray((Object[]) Array.newInstance(type, values.size()));
                }
            }
        }
        return values.stream().map(String::valueOf).toArray(String[]::new);
    }

    private static String json(Node node) {
        return Json.write(exact(node));
    }

    /** The value without lines, each number as it was written. */
    private static @Nullable Object exact(Node node) {
        Map<String, Node> members = node.members();
        List<Node> elements = node.elements();
        if (members != null) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            members.forEach((key, member) -> map.put(key, exact(member)));
            return map;
        } else if (elements != null) {
            List<@Nullable Object> list = new ArrayList<>();
            elements.forEach(element -> list.add(exact(element)));
            return list;
        }
        return node.value();
    }

    private static Problem problem(String path, int line, String message) {
        return Problem.of(path, line, message, Problem.Kind.DEFINITION);
    }
}
