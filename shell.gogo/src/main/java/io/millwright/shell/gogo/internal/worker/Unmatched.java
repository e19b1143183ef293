package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says why an operation on several workers had none to do something with. */
final class Unmatched {
    private static final int NAMED = 5;

    private Unmatched() {}

    /** One line: nothing has such a name, or what those are that have. */
    static String sentence(WorkerSelector selector, NodeController node) {
        Map<String, List<String>> byState = node.listWorkers(Scope.ALL).stream()
                .filter(worker -> !worker.isGroup() && matches(selector, worker))
                .collect(Collectors.groupingBy(
                        Unmatched::state,
                        TreeMap::new,
                        Collectors.mapping(worker -> worker.id().value(), Collectors.toList())));
        if (byState.isEmpty()) {
            return "no worker matches";
        }
        String advice = byState.containsKey(DISABLED) ? "; a disabled one is started by its id" : "";
        return "nothing to do for any that matches: "
                + byState.entrySet().stream()
                        .map(e -> some(e.getValue()) + (e.getValue().size() == 1 ? " is " : " are ") + e.getKey())
                        .collect(Collectors.joining("; "))
                + advice;
    }

    private static final String DISABLED = "disabled";

    private static String state(WorkerInfo worker) {
        boolean disabled = worker.status() == WorkerState.INACTIVE
                && worker.reason() != null
                && (worker.reason().startsWith(DISABLED) || worker.reason().endsWith("; " + DISABLED));
        return disabled ? DISABLED : worker.status().text();
    }

    private static String some(List<String> ids) {
        return ids.size() <= NAMED
                ? String.join(", ", ids)
                : String.join(", ", ids.subList(0, NAMED)) + " and " + (ids.size() - NAMED) + " more";
    }

    private static boolean matches(WorkerSelector selector, WorkerInfo worker) {
        return (selector.types().isEmpty() || selector.types().contains(worker.type()))
                && selector.patterns().stream()
                        .anyMatch(pattern ->
                                glob(pattern).matcher(worker.id().value()).matches());
    }

    private static Pattern glob(String pattern) {
        String quoted = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(quoted);
    }
}
