package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.event.NodeTopics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be called, heard and go wrong, as {@code PREFIX.get_api} answers it and {@code docs/api.json} has it. Stateless. */
final class ApiDocument {
    static final List<String> EVENTS = List.of(
            NodeTopics.NODE_READY,
            NodeTopics.NODE_SHUTDOWN,
            NodeTopics.WORKER_STARTING,
            NodeTopics.WORKER_CONNECTED,
            NodeTopics.WORKER_STARTED,
            NodeTopics.WORKER_STOP_REQUESTED,
            NodeTopics.WORKER_STOPPING,
            NodeTopics.WORKER_EXITED,
            NodeTopics.WORKER_FAILED,
            NodeTopics.WORKER_BACKOFF,
            NodeTopics.WORKER_HEALTHY,
            NodeTopics.WORKER_UNHEALTHY,
            NodeTopics.WORKER_CHANGED_FILES,
            NodeTopics.WORKER_ROLLOUT_STOPPED,
            NodeTopics.WORKER_TYPE_ADDED,
            NodeTopics.WORKER_TYPE_REMOVED,
            NodeTopics.COMPONENT_STARTED,
            NodeTopics.COMPONENT_STOPPED,
            NodeTopics.COMPONENT_FAILED);

    private ApiDocument() {}

    /**
     * The document.
     *
     * @param prefix what URIs begin with
     */
    static Map<String, @Nullable Object> of(String prefix) {
        List<Object> procedures = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            Map<String, @Nullable Object> procedure = new LinkedHashMap<>();
            procedure.put("uri", prefix + "." + operation.text());
            procedure.putAll(operation.toMap());
            procedures.add(procedure);
        }
        List<Object> topics = new ArrayList<>();
        for (String event : EVENTS) {
            topics.add(topic(EventRelay.topic(prefix, event), event.equals(NodeTopics.NODE_READY), "the event"));
        }
        topics.add(topic(prefix + ".on_state", true, "{state}"));
        topics.add(topic(prefix + ".worker.<id>.on_log", false, "{entries, lost}"));
        List<String> errors = Stream.of(ErrorCode.values())
                .map(code -> prefix + ".error." + code.code())
                .toList();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("procedures", procedures);
        document.put("topics", topics);
        document.put("errors", errors);
        return document;
    }

    private static Map<String, Object> topic(String uri, boolean retained, String argument) {
        Map<String, Object> topic = new LinkedHashMap<>();
        topic.put("uri", uri);
        topic.put("retained", retained);
        topic.put("argument", argument);
        return topic;
    }
}
