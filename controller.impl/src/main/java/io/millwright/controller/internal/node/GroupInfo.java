package io.millwright.controller.internal.node;

import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups.Group;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What callers see of a group of instances. */
final class GroupInfo {
    /** Sorted by id, instances by their numbers after their group. */
    static final Comparator<WorkerInfo> IN_ORDER = Comparator.<WorkerInfo, String>comparing(
                    info -> info.group() == null ? info.id().value() : info.group())
            .thenComparing(info -> !info.isGroup())
            .thenComparingInt(
                    info -> info.group() == null ? 0 : info.id().value().length())
            .thenComparing(WorkerInfo::id);

    private GroupInfo() {}

    /**
     * A group at one moment.
     *
     * @param group the group
     * @param instances those that are known, in the order of their numbers
     */
    static WorkerInfo of(Group group, List<WorkerInfo> instances) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (!instances.isEmpty()) {
            options.putAll(instances.get(0).options());
        }
        options.put(InstanceOptions.INSTANCES, group.count());
        return WorkerInfo.builder(group.id(), group.spec().type(), state(instances))
                .group(group.id().value())
                .reason(reason(group, instances))
                .restarts(instances.stream().mapToInt(WorkerInfo::restarts).sum())
                .origin(group.origin())
                .options(options)
                .build();
    }

    /** That of all; else started if any is, then that of the first that lives, that failed, or of the first. */
    private static WorkerState state(List<WorkerInfo> instances) {
        List<WorkerState> states = instances.stream().map(WorkerInfo::status).toList();
        return states.contains(WorkerState.STARTED)
                ? WorkerState.STARTED
                : states.stream()
                        .filter(WorkerState::isLive)
                        .findFirst()
                        .orElse(
                                states.contains(WorkerState.FAILED)
                                        ? WorkerState.FAILED
                                        : states.isEmpty() ? WorkerState.INACTIVE : states.get(0));
    }

    /** How many instances there are in which state, and why the first is not well that has something to say. */
    private static String reason(Group group, List<WorkerInfo> instances) {
        Map<String, Long> states = instances.stream()
                .collect(Collectors.groupingBy(info -> info.status().text(), TreeMap::new, Collectors.counting()));
        String all = group.count()
                + (group.count() == 1 ? " instance: " : " instances: ")
                + states.entrySet().stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .collect(Collectors.joining(", "));
        return instances.stream()
                .filter(info -> info.reason() != null)
                .findFirst()
                .map(info -> all + "; " + info.id() + ": " + info.reason())
                .orElse(all);
    }
}
