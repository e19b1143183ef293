package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.monitor.ProcessStats;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What workers use, between two looks at them. Immutable. */
public final class Usages {
    private final List<Usage> all;
    private final long at;
    private final Map<String, ProcessStats> figures = new HashMap<>();

    /**
     * What one worker uses.
     *
     * @param worker the worker
     * @param cpu processors, 1 is one; {@code null} if it was not there before
     * @param process its other figures, {@code null} if there are none
     */
    public record Usage(WorkerInfo worker, @Nullable Double cpu, @Nullable ProcessStats process) implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("id", worker.id().value());
            map.put("type", worker.type());
            map.put("status", worker.status().text());
            map.put("pid", worker.pid());
            map.put("cpu", cpu == null ? null : Math.round(cpu * 1000) / 1000.0);
            map.put("rss", process == null ? null : process.rss());
            map.put("threads", process == null ? null : process.threads());
            map.put("restarts", worker.restarts());
            Duration uptime = worker.uptime();
            map.put("uptime", uptime == null ? null : uptime.toMillis() / 1000.0);
            return map;
        }
    }

    /**
     * The first look.
     *
     * @param workers with their figures
     * @param nanos when, by the clock of {@link System#nanoTime}
     */
    public Usages(List<WorkerInfo> workers, long nanos) {
        this(workers, nanos, null);
    }

    private Usages(List<WorkerInfo> workers, long nanos, @Nullable Usages before) {
        at = nanos;
        for (WorkerInfo worker : workers) {
            ProcessStats process =
                    worker.stats() == null ? null : worker.stats().process();
            if (process != null) {
                figures.put(worker.id().value(), process);
            }
        }
        all = workers.stream()
                .filter(worker -> !worker.isGroup())
                .map(worker -> of(worker, before))
                .sorted(Comparator.comparing((Usage usage) -> usage.cpu() == null ? 0 : 0 - usage.cpu())
                        .thenComparing(usage -> usage.worker().id().value()))
                .toList();
    }

    private Usage of(WorkerInfo worker, @Nullable Usages before) {
        String id = worker.id().value();
        ProcessStats now = figures.get(id);
        ProcessStats then = before == null ? null : before.figures.get(id);
        if (before == null || now == null || then == null || now.pid() != then.pid() || at <= before.at) {
            return new Usage(worker, null, now);
        }
        double cpu = now.cpu().minus(then.cpu()).toNanos() / (double) (at - before.at);
        return new Usage(worker, cpu, now);
    }

    /**
     * The next look.
     *
     * @param workers with their figures
     * @param nanos when
     * @return what they used since this one
     */
    public Usages next(List<WorkerInfo> workers, long nanos) {
        return new Usages(workers, nanos, this);
    }

    /**
     * What each of them uses.
     *
     * @return the busiest first
     */
    public List<Usage> all() {
        return all;
    }

    /**
     * A table.
     *
     * @param usages its rows
     * @param screen where it is shown
     * @return its text
     */
    public static String text(List<Usage> usages, Screen screen) {
        if (usages.isEmpty()) {
            return "no workers";
        }
        TextTable table = new TextTable()
                .whole("ID")
                .column("STATUS", 5, 9)
                .column("PID", 4, 7)
                .column("CPU", 9, 6)
                .column("MEMORY", 8, 8)
                .column("THREADS", 2, 7)
                .column("RESTARTS", 7, 8)
                .column("UPTIME", 6, 6);
        for (Usage usage : usages) {
            ProcessStats process = usage.process();
            table.row(
                    usage.worker().id(),
                    usage.worker().status().text(),
                    usage.worker().pid(),
                    usage.cpu() == null ? null : String.format(Locale.ROOT, "%.1f%%", usage.cpu() * 100),
                    process == null ? null : Texts.size(process.rss()),
                    process == null ? null : process.threads(),
                    usage.worker().restarts(),
                    Texts.duration(usage.worker().uptime()));
        }
        return screen.table(table);
    }
}
