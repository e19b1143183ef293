package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.internal.worker.Groups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds groups of which some instances are as their changed configuration or files say, and the others are not. Stateless. */
final class RolloutFindings {
    private RolloutFindings() {}

    /** One finding a group. */
    static List<Finding> all(Collection<WorkerInfo> workers) {
        Map<String, List<WorkerInfo>> heldBack = new TreeMap<>();
        for (WorkerInfo worker : workers) {
            String group = worker.group();
            String reason = worker.reason();
            if (group != null && !worker.isGroup() && reason != null && isHeldBack(reason)) {
                heldBack.computeIfAbsent(group, none -> new ArrayList<>()).add(worker);
            }
        }
        List<Finding> findings = new ArrayList<>();
        heldBack.forEach((group, those) -> findings.add(Finding.error(
                "group " + group,
                "is half changed: of "
                        + String.join(
                                ", ",
                                those.stream().map(one -> one.id().value()).toList())
                        + " " + those.get(0).reason(),
                !String.valueOf(those.get(0).reason()).contains(Groups.HELD_BACK)
                        ? "correct the files: their change restarts them; or restart them by hand (worker:restart "
                                + group + ")"
                        : "correct its configuration, or restart them by hand to have the change all the same (worker:restart "
                                + group + ")")));
        return findings;
    }

    private static boolean isHeldBack(String reason) {
        return reason.contains(Groups.HELD_BACK) || reason.contains(Groups.FILES_HELD_BACK);
    }
}
