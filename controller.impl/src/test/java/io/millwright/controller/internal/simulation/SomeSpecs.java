package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.options.CommandOptions;
import io.millwright.controller.internal.simulation.Simulation.Kind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Specifications of workers as the choices say, good ones and bad ones. */
final class SomeSpecs {
    private static final String BUILT = Path.of("target").toAbsolutePath().toString();

    private final Choices choices;
    private final boolean commands;
    private final Kind kind;

    /**
     * Specifications for one life.
     *
     * @param commands whether workers have commands beside their programs
     * @param kind what they have besides
     */
    SomeSpecs(Choices choices, boolean commands, Kind kind) {
        this.choices = choices;
        this.commands = commands;
        this.kind = kind;
    }

    /** Some specification of a worker. */
    WorkerSpec of(WorkerId id) {
        Map<String, Object> options = new HashMap<>();
        options.put(SimulatedPlanner.VERSION, (long) choices.below(3));
        if (choices.below(3) > 0) {
            options.put("restart.policy", "always");
        }
        if (kind != Kind.OVERLAP && choices.oneIn(8)) {
            options.put(SimulatedPlanner.MISSING, true);
        }
        if (choices.oneIn(10)) {
            options.put(SimulatedPlanner.UNKNOWN, 1L);
        }
        String type = id.value().equals("w2") ? "b" : "a";
        if (!SimulatedPlanner.isNative(type) && choices.oneIn(3)) {
            // There, and younger than any run; the answer comes when the choices say so.
            options.put("ready.file", BUILT);
        }
        if (choices.oneIn(3)) {
            options.put("health.tcp", "127.0.0.1:700" + id.value().charAt(1));
            options.put("health.interval", "40s");
            options.put("health.failures", 2);
            if (choices.oneIn(3)) {
                options.put("health.action", choices.oneIn(2) ? "stop" : "none");
            }
        }
        int number = id.value().charAt(1) - '0';
        if (number > 0 && choices.oneIn(3)) {
            String other = "w" + choices.below(number);
            options.put("requires", List.of(other + choices.of(List.of("", "", ":bind", ":completed"))));
        }
        if (!SimulatedPlanner.isNative(type) && choices.oneIn(3)) {
            options.put("sockets.s.listen", "unix:" + id + "-" + choices.below(2));
            if (choices.oneIn(2)) {
                options.put("start.on", "demand");
            }
        }
        if (kind == Kind.SCHEDULES
                && !options.containsKey("start.on")
                && !options.containsKey("restart.policy")
                && choices.oneIn(2)) {
            options.put("schedule.cron", choices.of(List.of("*/7 * * * * *", "*/5 * * * *", "0 0 * * *")));
            options.put("schedule.zone", "UTC");
            options.put("schedule.overlap", choices.of(List.of("skip", "queue", "replace")));
            options.put("schedule.missed", choices.of(List.of("skip", "once")));
            if (choices.oneIn(3)) {
                options.put("schedule.timeout", "10s");
            }
            if (choices.oneIn(3)) {
                options.put("restart.policy", "on-failure");
            }
        }
        if (kind == Kind.OVERLAP && !SimulatedPlanner.isNative(type) && choices.below(4) > 0) {
            options.put("reload.mode", "overlap");
            options.put("reload.shared", true);
        }
        if (kind == Kind.LIMITS && choices.below(4) > 0) {
            limited(options, SimulatedPlanner.isNative(type));
        }
        if (number > 0 && choices.oneIn(5)) {
            options.put("after", List.of("w" + choices.below(number)));
        }
        if (commands) {
            for (String key :
                    List.of(CommandOptions.BEFORE, CommandOptions.AFTER, CommandOptions.STOP, CommandOptions.FAILED)) {
                if (choices.oneIn(4)) {
                    options.put(key, List.of("/bin/true"));
                }
            }
        }
        return WorkerSpec.of(id, type, options);
    }

    /** A group, and limits of it, one of which its kernel does not like. */
    private void limited(Map<String, Object> options, boolean isNative) {
        options.put("trees", "cgroup");
        // A change of its limits alone is one in place.
        options.put(SimulatedPlanner.VERSION, (long) choices.below(4) / 3);
        limits(options);
        if (!isNative && choices.oneIn(5)) {
            options.put("reload.mode", "overlap");
            options.put("reload.shared", true);
        }
    }

    private void limits(Map<String, Object> options) {
        if (choices.oneIn(2)) {
            options.put("cgroup.pids.max", choices.of(List.of(5L, SimulatedGroups.BAD)));
        }
        if (choices.oneIn(2)) {
            options.put("cgroup.memory.max", choices.of(List.of("10MiB", "max")));
        }
    }

    /** The same with other limits, or once more with these. */
    WorkerSpec withOtherLimits(WorkerSpec spec) {
        Map<String, Object> options = new HashMap<>(spec.options());
        if (choices.below(3) > 0) {
            options.keySet().removeIf(key -> key.startsWith("cgroup."));
            limits(options);
        }
        return WorkerSpec.of(spec.id(), spec.type(), options);
    }
}
