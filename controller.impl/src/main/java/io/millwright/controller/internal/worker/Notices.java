package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.Notifications;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.worker.ready.Health;
import io.millwright.controller.internal.worker.ready.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what programs say of themselves by the protocol of sd_notify: that they are ready, what they do, that they live. The socket is made for the
 * first worker that is to be heard. A message counts if its sender is of the worker's processes. Prepared by spawn threads, told by a
 * thread of the backend; all else is of the controller loop.
 */
public final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final int LONGEST = 200;
    private static final int STEPS = 64;
    private static final Duration UNTIL_THERE = Duration.ofMillis(5);

    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final ProcessTable table = ProcessTable.ofThisSystem();
    private final Set<Worker> heard = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    private @Nullable Supervisor supervisor;
    private @Nullable Notifications socket;

    public Notices(ControllerLoop loop, ProcessBackend backend) {
        this.loop = loop;
        this.backend = backend;
    }

    void setSupervisor(Supervisor those) {
        supervisor = those;
    }

    /**
     * Gives a launch what its program needs to be heard. Blocks for a moment.
     *
     * @return the plan itself if its options do not ask for it
     * @throws IOException if nothing can be heard here; why, for people
     */
    LaunchPlan prepare(Worker worker, LaunchPlan plan, OptionValues options) throws IOException {
        Duration watchdog = ProbeOptions.watchdog(options);
        if (!ProbeOptions.isNotified(options) && watchdog == null) {
            if (worker.whole == null && worker.beside == null) {
                heard.remove(worker);
            }
            return plan;
        }
        LaunchPlan prepared = plan.withVariable(SOCKET, address());
        heard.add(worker.whole == null ? worker : worker.whole);
        return watchdog == null ? prepared : prepared.withVariable(WATCHDOG, Long.toString(watchdog.toNanos() / 1000));
    }

    private String address() throws IOException {
        synchronized (lock) {
            if (socket == null) {
                socket = backend.notifications(this::said);
            }
            if (socket == null) {
                throw new IOException("to hear a program " + backend.cannotHear());
            }
            return socket.address();
        }
    }

    private void said(long pid, String text) {
        Set<Long> family = new HashSet<>();
        Worker worker = owner(pid, family);
        if (worker == null) {
            LOG.debug("process {} is of no worker that is heard; what it says is dropped: {}", pid, text);
        } else {
            loop.execute(() -> take(worker, family, text));
        }
    }

    /**
     * The worker of whose processes one is: by its session, those of its ancestors, or the mark its program was started with.
     *
     * @param family gets the pids and sessions of the process and its ancestors, as far as it was looked
     */
    private @Nullable Worker owner(long pid, Set<Long> family) {
        try {
            ProcessEntry at = table.find(pid);
            for (int steps = 0; at != null && steps < STEPS; steps++) {
                family.add(at.pid());
                family.add(at.session());
                for (Worker worker : heard) {
                    Long main = worker.view.pid();
                    if (main != null && (main == at.pid() || main == at.session())) {
                        return worker;
                    }
                }
                at = at.parent() <= 1 ? null : table.find(at.parent());
            }
        } catch (IOException e) {
            LOG.debug("process {} cannot be seen", pid, e);
        }
        String mark = table.worker(pid);
        return heard.stream()
                .filter(worker -> worker.id.value().equals(mark))
                .findFirst()
                .orElse(null);
    }

    /** Which of a worker's two runs speaks: the current one, unless it is the other's process, or may be once that is known. */
    private static Worker place(Worker worker, Set<Long> family) {
        Worker second = worker.beside;
        if (second == null || second.run == null || isOf(worker.run, family)) {
            return worker;
        }
        boolean begins = second.run.process == null && second.state == WorkerState.STARTING;
        return begins || isOf(second.run, family) ? second : worker;
    }

    private static boolean isOf(@Nullable Run run, Set<Long> family) {
        return run != null && run.process != null && family.contains(run.process.pid());
    }

    private void take(Worker whole, Set<Long> family, String text) {
        Worker worker = place(whole, family);
        Run run = worker.run;
        if (run == null || !worker.isLive()) {
            return;
        } else if (run.process == null) {
            // A program may speak before the loop hears that it is there.
            if (worker.state == WorkerState.STARTING) {
                loop.schedule(UNTIL_THERE, () -> take(whole, family, text));
            }
            return;
        }
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                take(worker, run, line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    private void take(Worker worker, Run run, String name, String value) {
        Readiness readiness = run.readiness;
        Health health = run.health;
        switch (name) {
            case "READY" -> {
                run.doing = null;
                if (readiness != null && value.equals("1")) {
                    readiness.notified();
                }
            }
            case "STATUS" -> run.status = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
            case "RELOADING" -> run.doing = "reloading";
            case "STOPPING" -> {
                run.doing = "stopping";
                if (health != null) {
                    health.cancel();
                }
            }
            case "WATCHDOG" -> {
                if (health != null) {
                    health.pinged(value.equals("trigger"));
                }
            }
            case "WATCHDOG_USEC" -> {
                Duration time = time(value);
                if (health != null && time != null && !time.isZero()) {
                    health.setWatchdog(time);
                }
            }
            case "EXTEND_TIMEOUT_USEC" -> extend(worker, run, value);
            default -> {}
        }
        worker.publishView();
    }

    /** A number of microseconds, {@code null} if it is none. */
    private static @Nullable Duration time(String value) {
        return value.matches("[0-9]{1,15}") ? Duration.ofNanos(Math.multiplyExact(Long.parseLong(value), 1000L)) : null;
    }

    private void extend(Worker worker, Run run, String value) {
        Duration time = time(value);
        if (time == null) {
            return;
        } else if (run.readiness != null) {
            run.readiness.extend(time);
        } else if (worker.state == WorkerState.STOPPING) {
            Objects.requireNonNull(supervisor, "the node is not put together").extendStop(worker, time);
        }
    }
}
