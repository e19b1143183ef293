package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.self.ServiceUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Examines the unit that systemd runs the node by. Stateless; blocks for its files. */
final class UnitFindings {
    /** Settings of a service manager that watches: no node sends what it waits for. */
    private static final String WATCHDOG = "WatchdogSec";

    private UnitFindings() {}

    /** As it is on this machine. */
    static List<Finding> all() {
        return all(Path.of("/"), Path.of(System.getProperty("user.home", "/")));
    }

    /** As it is below another root. */
    static List<Finding> all(Path root, Path home) {
        ServiceUnit unit = ServiceUnit.find(root, home);
        List<Finding> findings = new ArrayList<>();
        if (unit != null) {
            killing(unit, findings);
            notifying(unit, findings);
            memory(unit, findings);
        }
        return findings;
    }

    private static void killing(ServiceUnit unit, List<Finding> findings) {
        Map<String, String> faults = Map.of(
                "control-group",
                "signals all workers at once when the node is stopped, and they do not end as their options say",
                "process",
                "leaves alone what is left when the node does not end in time",
                "none",
                "signals nothing: the node learns nothing of a stop");
        String mode = unit.setting("KillMode", "control-group");
        String fault = faults.get(mode);
        if (fault != null) {
            boolean unsaid = unit.setting("KillMode", "").isEmpty();
            findings.add(
                    fault(unit, "KillMode=" + mode + (unsaid ? ", the default," : "") + " " + fault, "KillMode=mixed"));
        }
    }

    private static void notifying(ServiceUnit unit, List<Finding> findings) {
        String type = unit.setting("Type", "simple");
        if (!type.startsWith("notify")) {
            boolean waits = type.equals("forking") || type.equals("oneshot");
            findings.add(fault(
                    unit,
                    "Type=" + type + " hears nothing from the node: "
                            + (waits ? "" : "what is started after it does not wait until it is ready, and ")
                            + "a stop that takes a worker its time is cut off by TimeoutStopSec",
                    "Type=notify"));
        } else if (unit.setting("NotifyAccess", "main").equals("none")) {
            findings.add(
                    fault(unit, "NotifyAccess=none hears nothing from the node: its start fails", "NotifyAccess=main"));
        }
        if (!unit.setting(WATCHDOG, "0").matches("0|infinity")) {
            findings.add(fault(
                    unit,
                    WATCHDOG + "=" + unit.setting(WATCHDOG, "")
                            + " ends the node again and again: it sends no keep-alive",
                    WATCHDOG + "=0"));
        }
    }

    private static void memory(ServiceUnit unit, List<Finding> findings) {
        String policy = unit.setting("OOMPolicy", "stop");
        if (!policy.equals("continue")) {
            findings.add(fault(
                    unit,
                    "OOMPolicy=" + policy + " ends the node and all workers when the kernel kills one for its memory",
                    "OOMPolicy=continue"));
        }
    }

    private static Finding fault(ServiceUnit unit, String what, String right) {
        return Finding.warning(
                "unit " + unit.name(),
                what,
                "put " + right + " under [Service], by 'systemctl edit " + unit.name() + "', and restart it ("
                        + unit.file() + ")");
    }
}
