package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.self.ServiceUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Examines the groups of the kernel's that workers ask for. Stateless; blocks for files. */
final class GroupFindings {
    private GroupFindings() {}

    /** As they are on this machine. */
    static List<Finding> all(Collection<WorkerInfo> workers, List<Path> left) {
        return all(workers, left, Path.of("/"), Path.of(System.getProperty("user.home", "/")));
    }

    /**
     * What is wrong with them.
     *
     * @param workers all workers
     * @param left groups that should not be there
     * @param root the root of the file system
     * @param home the user's folder
     */
    static List<Finding> all(Collection<WorkerInfo> workers, List<Path> left, Path root, Path home) {
        List<Finding> findings = new ArrayList<>();
        for (Path group : left) {
            findings.add(Finding.warning(
                    "group " + group,
                    "is left of a worker that has ended",
                    "see which processes are in it (cgroup.procs) and why they do not end; when it is empty, remove it (rmdir),"
                            + " or restart the node, which does both"));
        }
        List<String> asking = workers.stream()
                .filter(worker -> worker.status() != WorkerState.EXITED && isAsked(worker))
                .map(worker -> worker.id().value())
                .sorted()
                .toList();
        ServiceUnit unit = asking.isEmpty() ? null : ServiceUnit.find(root, home);
        if (unit != null && unit.setting("Delegate", "no").matches("(?i)no|n|false|f|off|0")) {
            findings.add(Finding.warning(
                    "unit " + unit.name(),
                    "does not give the node its group, in which " + String.join(", ", asking)
                            + (asking.size() == 1 ? " is" : " are") + " to have one (trees: cgroup, cgroup.*)",
                    "put Delegate=yes under [Service], by 'systemctl edit " + unit.name() + "', and restart it ("
                            + unit.file() + ")"));
        }
        return findings;
    }

    private static boolean isAsked(WorkerInfo worker) {
        return worker.options().entrySet().stream()
                .anyMatch(option -> option.getKey().equals(CgroupOptions.TREES)
                        ? "cgroup".equals(option.getValue())
                        : option.getKey().startsWith(CgroupOptions.PREFIX));
    }
}
