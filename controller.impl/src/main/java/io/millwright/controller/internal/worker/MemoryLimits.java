package io.millwright.controller.internal.worker;

import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.RestartOptions;
import io.millwright.controller.internal.process.tree.TreeSizes;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts the workers whose processes hold more memory than {@code restart.memory} allows. Looks at all of them together, and not at
 * all while no worker has that option. Runs in the controller loop.
 */
public final class MemoryLimits {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLimits.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final double MEBI = 1024.0 * 1024;

    private final ControllerLoop loop;
    private final Executor threads;
    private final TreeSizes sizes;
    private final Supervisor supervisor;
    private final Map<Worker, Run> looked = new LinkedHashMap<>();
    private @Nullable Future<?> timer;
    private boolean looking;

    /**
     * Begins without a timer.
     *
     * @param threads run what reads the system's table of processes
     */
    public MemoryLimits(ControllerLoop loop, Executor threads, TreeSizes sizes, Supervisor supervisor) {
        this.loop = loop;
        this.threads = threads;
        this.sizes = sizes;
        this.supervisor = supervisor;
    }

    /** A worker is in another state, or its options have changed. */
    public void update(Worker worker) {
        Run run = worker.run;
        if (worker.state == WorkerState.STARTED && run != null && run.live() != null && limit(worker) > 0) {
            looked.put(worker, run);
            if (timer == null && !looking) {
                later();
            }
        } else if (!looked.isEmpty() && looked.remove(worker) != null && looked.isEmpty() && timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private static long limit(Worker worker) {
        return worker.options == null
                ? 0
                : worker.options.integer(RestartOptions.MEMORY).orElse(0L);
    }

    private void later() {
        timer = loop.schedule(INTERVAL, this::look);
    }

    private void look() {
        timer = null;
        Map<Long, Run> runs = new HashMap<>();
        looked.values().forEach(run -> {
            if (run.process != null) {
                runs.put(run.process.pid(), run);
            }
        });
        looking = true;
        threads.execute(() -> {
            Map<Long, Long> found = measure(runs);
            loop.execute(() -> seen(runs, found));
        });
    }

    private Map<Long, Long> measure(Map<Long, Run> runs) {
        try {
            return sizes.of(runs.keySet());
        } catch (IOException e) {
            LOG.warn("the memory of workers cannot be seen: {}", e.toString());
            return Map.of();
        }
    }

    private void seen(Map<Long, Run> runs, Map<Long, Long> found) {
        looking = false;
        for (Map.Entry<Worker, Run> entry : Map.copyOf(looked).entrySet()) {
            Worker worker = entry.getKey();
            Run run = entry.getValue();
            Long pid = run.process == null ? null : run.process.pid();
            long size = pid == null || runs.get(pid) != run ? 0 : found.getOrDefault(pid, 0L);
            long limit = limit(worker);
            if (worker.run == run && size > limit) {
                HealthChecks.end(
                        supervisor,
                        worker,
                        run,
                        Run.Then.RESTART,
                        CallerKind.MEMORY,
                        String.format(
                                "its processes hold %.1f MiB of memory, restart.memory allows %.1f MiB",
                                size / MEBI, limit / MEBI));
            }
        }
        if (!looked.isEmpty() && timer == null) {
            later();
        }
    }
}
