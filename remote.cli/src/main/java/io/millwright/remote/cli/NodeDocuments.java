package io.millwright.remote.cli;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.worker.WorkerCapability;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the node says of itself, made from its documents. Stateless. */
final class NodeDocuments {
    /** Names of properties by what they are called in a document. */
    private static final Map<String, String> PROPERTIES = Stream.of(
                    EventProperties.WORKER_ID,
                    EventProperties.WORKER_TYPE,
                    EventProperties.WORKER_PID,
                    EventProperties.EXIT_CODE,
                    EventProperties.EXIT_SIGNAL,
                    EventProperties.EXIT_CLASS,
                    EventProperties.EXIT_REASON,
                    EventProperties.STARTUP_TIME,
                    EventProperties.NODE_ID,
                    EventProperties.LIFE,
                    EventProperties.WAS_CLEAN)
            .collect(Collectors.toMap(name -> name.replace('.', '_'), name -> name));

    private NodeDocuments() {}

    static NodeStatus status(Values values) {
        Map<String, Integer> byType = new HashMap<>();
        Values types = Values.of(values.all().get("workers_by_type"));
        types.all().keySet().forEach(type -> byType.put(type, (int) types.number(type)));
        return NodeStatus.builder(
                        values.text("title"),
                        values.time("started"),
                        Path.of(values.text("directory")),
                        values.text("node_id"),
                        values.word(NodeState.class, "state"))
                .uptime(values.duration("uptime"))
                .controllerPid(values.number("controller_pid"))
                .runningWorkers((int) values.number("running_workers"))
                .workersByType(byType)
                .publicKey(values.text("pubkey"))
                .life(values.text("life"))
                .workerTypes(values.texts("worker_types"))
                .backend(values.text("backend"))
                .backendKind(values.word(BackendKind.class, "backend_kind"))
                .build();
    }

    static WorkerTypeInfo type(Values values) {
        return WorkerTypeInfo.builder(values.text("type"), values.text("bundle"), values.text("version"))
                .capabilities(values.texts("capabilities").stream()
                        .map(word -> WorkerCapability.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList())
                .usable(values.text("health").equals("usable"))
                .reason(values.textOrNull("reason"))
                .shadowed(values.flag("shadowed"))
                .build();
    }

    static NodeEvent event(Values values) {
        Map<String, Object> properties = new LinkedHashMap<>();
        values.all().forEach((key, value) -> {
            if (value != null && !key.equals("topic")) {
                properties.put(PROPERTIES.getOrDefault(key, key), value);
            }
        });
        return NodeEvent.of(values.text("topic"), values.time("timestamp"), properties);
    }

    static EventPage events(Values values) {
        return EventPage.of(values.list("events", NodeDocuments::event), values.number("lost"), values.text("life"));
    }

    static HistoryPage history(Values values) {
        return HistoryPage.of(values.list("runs", WorkerDocuments::run), values.numberOrNull("before"));
    }

    static Finding finding(Values values) {
        List<WorkerId> workers =
                values.texts("workers").stream().map(WorkerId::new).toList();
        return Finding.of(
                        values.word(Finding.Severity.class, "severity"),
                        values.text("subject"),
                        values.text("what"),
                        values.text("remedy"))
                .about(workers);
    }

    static ShutdownInfo shutdown(Values values) {
        return ShutdownInfo.of(
                values.text("node_id"),
                values.flag("restart"),
                values.textOrNull("mode"),
                values.caller("who"),
                values.time("when"),
                values.flag("was_clean"),
                values.textOrNull("cause"));
    }
}
