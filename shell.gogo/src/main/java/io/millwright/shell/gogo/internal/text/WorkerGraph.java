package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.text.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which workers need which others, as their options say. Immutable. */
public final class WorkerGraph {
    private static final String AFTER = "after";
    private static final String REQUIRES = "requires";
    private static final String UNKNOWN = "not configured";

    /** What one worker needs, as it stands in its options. */
    private record Needs(List<String> after, List<String> requires) {
        boolean isEmpty() {
            return after.isEmpty() && requires.isEmpty();
        }
    }

    private final Map<String, Needs> needs = new TreeMap<>();
    private final Map<String, String> states = new TreeMap<>();

    private WorkerGraph() {}

    /**
     * The graph of some workers.
     *
     * @param workers all that are known
     * @return those of them that need others, and these others
     */
    public static WorkerGraph of(Collection<WorkerInfo> workers) {
        Map<String, String> known = new TreeMap<>();
        WorkerGraph graph = new WorkerGraph();
        for (WorkerInfo worker : workers) {
            known.put(worker.id().value(), worker.status().text());
            Needs own = new Needs(
                    texts(worker.options().get(AFTER)), texts(worker.options().get(REQUIRES)));
            if (!own.isEmpty()) {
                graph.needs.put(worker.id().value(), own);
            }
        }
        graph.needs.forEach((id, own) -> {
            graph.states.put(id, known.getOrDefault(id, UNKNOWN));
            for (List<String> others : List.of(own.after(), own.requires())) {
                others.forEach(other -> graph.states.put(id(other), known.getOrDefault(id(other), UNKNOWN)));
            }
        });
        return graph;
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof Collection<?> all
                ? all.stream().map(String::valueOf).map(Printable::line).toList()
                : List.of();
    }

    private static String id(String requirement) {
        int colon = requirement.indexOf(':');
        return colon < 0 ? requirement : requirement.substring(0, colon);
    }

    /** A block of lines for each worker: its state, and a line for each other that it needs. */
    public String text() {
        if (states.isEmpty()) {
            return "no worker needs another";
        }
        List<String> lines = new ArrayList<>();
        states.forEach((id, state) -> {
            lines.add(id + "  " + state);
            Needs own = needs.get(id);
            if (own != null) {
                own.requires().forEach(other -> lines.add("  requires " + other + "  " + states.get(id(other))));
                own.after().forEach(other -> lines.add("  after " + other + "  " + states.get(id(other))));
            }
        });
        return String.join("\n", lines);
    }

    /** A graph in the language of Graphviz; an arrow points to what is needed, a dashed one says the order only. */
    public String dot() {
        List<String> lines = new ArrayList<>();
        lines.add("digraph workers {");
        states.forEach((id, state) -> lines.add("  " + quoted(id) + " [label=" + quoted(id + "\\n" + state) + "];"));
        needs.forEach((id, own) -> {
            for (String other : own.requires()) {
                String condition = other.substring(id(other).length()).replace(":", "");
                lines.add("  " + quoted(id) + " -> " + quoted(id(other))
                        + (condition.isEmpty() ? ";" : " [label=" + quoted(condition) + "];"));
            }
            own.after().forEach(other -> lines.add("  " + quoted(id) + " -> " + quoted(other) + " [style=dashed];"));
        });
        lines.add("}");
        return String.join("\n", lines);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    /** A document for each worker. */
    public List<Map<String, @Nullable Object>> documents() {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        states.forEach((id, state) -> {
            Needs own = needs.getOrDefault(id, new Needs(List.of(), List.of()));
            all.add(new LinkedHashMap<>(Documents.of(
                    "id",
                    id,
                    "status",
                    state.equals(UNKNOWN) ? null : state,
                    AFTER,
                    own.after(),
                    REQUIRES,
                    own.requires())));
        });
        return all;
    }
}
