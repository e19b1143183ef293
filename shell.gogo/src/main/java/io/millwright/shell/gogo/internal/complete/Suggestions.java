package io.millwright.shell.gogo.internal.complete;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.shell.gogo.internal.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds what a word of a command line may become; asks the node each time. Thread-safe. */
public final class Suggestions {
    private static final List<String> ROUTER_ACTIONS = List.of(
            "info",
            "realms",
            "realm",
            "start-realm",
            "stop-realm",
            "roles",
            "start-role",
            "stop-role",
            "transports",
            "transport",
            "start-transport",
            "stop-transport",
            "sessions",
            "kill");

    private final NodeController node;
    private final Supplier<RemoteSessions> sessions;

    /**
     * Suggestions of a node.
     *
     * @param node the node
     * @param sessions its remote sessions
     */
    public Suggestions(NodeController node, Supplier<RemoteSessions> sessions) {
        this.node = node;
        this.sessions = sessions;
    }

    /**
     * What a word may become.
     *
     * @param usage the command's
     * @param before the words between the command and the word
     * @param word as much of it as is typed
     * @return those that begin like it
     */
    public List<Suggestion> find(Usage usage, List<String> before, String word) {
        if (before.contains("--")) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Operand value = usage.value(before.get(i));
            if (value == null && !before.get(i).startsWith("-")) {
                words.add(before.get(i));
            } else if (value != null && ++i == before.size()) {
                return only(word, operand(value, List.of(), word));
            }
        }
        if (word.startsWith("-")) {
            return only(word, flags(usage, before));
        }
        return only(word, operand(usage.operand(words.size()), words, word));
    }

    private static List<Suggestion> only(String word, Stream<Suggestion> all) {
        return all.filter(one -> one.value().startsWith(word)).toList();
    }

    private static Stream<Suggestion> flags(Usage usage, List<String> before) {
        return usage.names().stream()
                .filter(flag -> !before.contains(flag))
                .sorted()
                .map(flag -> Suggestion.whole(flag, ""));
    }

    private Stream<Suggestion> operand(Operand operand, List<String> words, String word) {
        return switch (operand) {
            case OTHER -> Stream.of();
            case LIVE -> workers(words, worker -> worker.status().isLive());
            case NOT_LIVE -> workers(words, worker -> !worker.status().isLive());
            case KNOWN -> workers(words, worker -> true);
            case TYPE -> types();
            case TYPE_OR_NOT_LIVE -> Stream.concat(types(), operand(Operand.NOT_LIVE, words, word));
            case OPTION -> {
                Optional<WorkerTypeInfo> type = type(words.get(1));
                yield type.isPresent()
                        ? new OptionWords(words).find(type.get().options(), word)
                        : operand(Operand.NOT_LIVE, words, word);
            }
            case SESSIONS -> words.isEmpty() ? Stream.of(Suggestion.whole("close", "")) : sessions(words);
            case OPERATION -> operations(words.get(0));
            case COMPONENT_ACTION ->
                Stream.of("list", "info", "start", "stop", "restart", "save", "forget")
                        .map(action -> Suggestion.whole(action, ""));
            case COMPONENT -> words.get(0).equals("list") ? Stream.of() : components(words);
            case ROUTER_ACTION -> ROUTER_ACTIONS.stream().map(action -> Suggestion.whole(action, ""));
            case SIGNAL -> Arrays.stream(Signal.values()).map(signal -> Suggestion.whole(signal.text(), ""));
        };
    }

    private Stream<Suggestion> workers(List<String> given, Predicate<WorkerInfo> wanted) {
        return node.listWorkers(Scope.ALL).stream()
                .filter(wanted)
                .filter(worker -> !given.contains(worker.id().value()))
                .map(worker -> Suggestion.whole(
                        worker.id().value(),
                        worker.type() + ", " + worker.status().text()));
    }

    private Stream<Suggestion> operations(String id) {
        return node.listWorkers(Scope.ALL).stream()
                .filter(worker -> worker.id().value().equals(id))
                .map(WorkerInfo::channel)
                .filter(Objects::nonNull)
                .map(ChannelInfo::ready)
                .filter(Objects::nonNull)
                .flatMap(ready -> ready.operations().stream())
                .map(operation -> Suggestion.whole(operation, ""));
    }

    /** Those of the worker's options, and those that events have told of: the worker itself is not asked for a key that is typed. */
    private Stream<Suggestion> components(List<String> words) {
        String worker = words.get(1);
        Stream<Object> configured = node.listWorkers(Scope.ALL).stream()
                .filter(one -> one.id().value().equals(worker))
                .flatMap(one -> one.options().get("components") instanceof List<?> list ? list.stream() : Stream.of())
                .map(one -> one instanceof Map<?, ?> map ? map.get("id") : null);
        Stream<Object> told = node.getEvents(null).events().stream()
                .map(NodeEvent::properties)
                .filter(event -> worker.equals(event.get(EventProperties.WORKER_ID)))
                .map(event -> event.get(EventProperties.COMPONENT_ID));
        return Stream.concat(configured, told)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .distinct()
                .filter(id -> !words.subList(2, words.size()).contains(id))
                .sorted()
                .map(id -> Suggestion.whole(id, ""));
    }

    private Stream<Suggestion> sessions(List<String> given) {
        return sessions.get().list().stream()
                .filter(session -> !given.contains(String.valueOf(session.id())))
                .map(session ->
                        Suggestion.whole(String.valueOf(session.id()), session.principal() + ", " + session.address()));
    }

    private Stream<Suggestion> types() {
        return node.getWorkerTypes().stream()
                .filter(type -> !type.shadowed())
                .map(type -> Suggestion.whole(type.type(), type.usable() ? "" : "cannot be used: " + type.reason()));
    }

    private Optional<WorkerTypeInfo> type(String name) {
        return node.getWorkerTypes().stream()
                .filter(type -> type.type().equals(name) && !type.shadowed())
                .findFirst();
    }
}
