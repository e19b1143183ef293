package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessOperations.Numbering;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.text.Block;
import io.millwright.shell.gogo.internal.text.ProcessViews;
import io.millwright.shell.gogo.internal.text.Texts;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:process}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=process", Command.OWN_STREAMS})
public final class ProcessCommand extends Command {
    private static final String RELATIVE = "--relative";
    /** More than any machine has. */
    private static final int MOST = 100_000;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ProcessCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "node:process",
                                "[info|stats|cpus|affinity [LIST] [--relative]|gc|monitor [SECONDS|off]|time] [--json]",
                                """
                        Shows, and in part changes, the process of the controller itself.
                          info              what it is (without a word, too)
                          stats             what it uses: processor time, memory, threads, garbage collection
                          cpus              the machine's processors, and those this process was given and runs on
                          affinity          the processors it runs on
                          affinity LIST     makes it run on these only (0,2-3); workers keep those the node was given
                            --relative      LIST counts, from 0, the processors the process was given
                          gc                collects garbage and says how long it took
                          monitor           what the regular sampling has found, at most the last 60 samples
                          monitor SECONDS   samples at that interval from now on, at least 0.1; 'off' ends it
                          time              its clock, its start and its uptime""")
                        .flags(RELATIVE)
                        .words(0, 2),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        List<String> words = call.arguments().words();
        String what = words.isEmpty() ? "info" : words.get(0);
        String word = words.size() > 1 ? words.get(1) : null;
        if (word != null && !what.equals("affinity") && !what.equals("monitor")) {
            throw new UsageError("'" + word + "' is one word too many");
        }
        if (call.arguments().has(RELATIVE) && (word == null || !what.equals("affinity"))) {
            throw new UsageError("--relative is for 'affinity LIST'");
        }
        return switch (what) {
            case "info" -> call.result(node(call).getProcess().getProcessInfo());
            case "stats" -> call.result(node(call).getProcess().getProcessStats());
            case "cpus" -> cpus(call);
            case "affinity" -> affinity(call, word == null ? null : cpuList(word));
            case "gc" -> {
                Duration took = node(call).getProcess().triggerGc(call.caller());
                yield call.json()
                        ? Json.write(Documents.of("took", took))
                        : "garbage collected in " + Texts.duration(took);
            }
            case "monitor" -> call.result(monitor(call, word == null ? null : interval(word)));
            case "time" -> time(call);
            default -> throw new UsageError("'" + what + "' is none of info, stats, cpus, affinity, gc, monitor, time");
        };
    }

    private Object cpus(Invocation call) {
        ProcessOperations process = node(call).getProcess();
        List<Integer> affinity = null;
        String unavailable = null;
        try {
            affinity = process.getCpuAffinity();
        } catch (NodeException e) {
            if (e.code() != ErrorCode.FEATURE_UNAVAILABLE) {
                throw e;
            }
            unavailable = e.getMessage();
        }
        if (call.json()) {
            return Json.write(
                    Documents.of("count", process.getCpuCount(), "cpus", process.getCpus(), "affinity", affinity));
        }
        return new Block()
                .add("machine", process.getCpuCount() + " processors")
                .add("given", list(process.getCpus()))
                .add("runs on", affinity == null ? unavailable : list(affinity))
                .text(call.screen());
    }

    private Object affinity(Invocation call, @Nullable List<Integer> cpus) {
        ProcessOperations process = node(call).getProcess();
        Numbering numbering = call.arguments().has(RELATIVE) ? Numbering.RELATIVE : Numbering.ABSOLUTE;
        List<Integer> now =
                cpus == null ? process.getCpuAffinity() : process.setCpuAffinity(cpus, numbering, call.caller());
        return call.json() ? Json.write(now) : list(now);
    }

    private static String list(List<Integer> cpus) {
        return cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> cpuList(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-', 1);
            try {
                int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
                for (int cpu = first; cpu <= Math.min(last, MOST); cpu++) {
                    cpus.add(cpu);
                }
                if (first <= last && first >= 0) {
                    continue;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new UsageError("'" + text + "' is no list of processors, for example 0,2-3");
        }
        return cpus;
    }

    private ProcessMonitoring monitor(Invocation call, @Nullable Duration interval) {
        ProcessOperations process = node(call).getProcess();
        return interval == null
                ? process.getProcessMonitor()
                : process.setProcessStatsMonitoring(interval, call.caller());
    }

    private static Duration interval(String word) {
        if (word.equals("off")) {
            return Duration.ZERO;
        }
        try {
            BigDecimal seconds = new BigDecimal(word);
            if (seconds.signum() >= 0 && seconds.compareTo(BigDecimal.valueOf(86_400)) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(9).longValue());
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageError("'" + word + "' is neither 'off' nor a number of seconds up to a day");
    }

    private Object time(Invocation call) {
        ProcessOperations process = node(call).getProcess();
        Map<String, @Nullable Object> times =
                Documents.of("utcnow", process.utcnow(), "started", process.started(), "uptime", process.uptime());
        return call.json() ? Json.write(times) : ProcessViews.time(process, call.screen());
    }
}
