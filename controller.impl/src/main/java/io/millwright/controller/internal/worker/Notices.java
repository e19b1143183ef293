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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what programs say of themselves by the protocol of sd_notify: that they are ready, what they do, that they live. The socket is made for the
 * first worker that is to be heard. A message counts if its sender is of the worker's processes: by its session, those of its ancestors, or the
 * mark its program was started with. Prepared by spawn threads, told by a thread of the backend; all else is of the controller loop.
 */
public final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final int LONGEST = 200;
    private static final int STEPS = 64;
    private static final int MOST_WAITING = 1000;
    private static final int MOST_OF_ONE = 50;
    private static final Duration UNTIL_THERE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    /** So long a process may be unknown that a launch has made. */
    private static final Duration UNTIL_STRANGE = Duration.ofSeconds(30);

    private static final long OWN = ProcessHandle.current().pid();

    /**
     * What a process has said. Immutable.
     *
     * @param family its pid and session, those of its parent next, and so on
     * @param mark the worker whose mark it bears, if it was asked for that
     * @param at when it was heard
     */
    private record Word(List<Long> family, @Nullable String mark, String text, Moment at) {
        Long speaker() {
            return family.get(0);
        }
    }

    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final ProcessTable table = ProcessTable.ofThisSystem();
    private final Set<Worker> heard = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    private @Nullable Supervisor supervisor;
    private @Nullable Notifications socket;
    /** Words that may be of processes that are being made, in the order they were said; of the loop. */
    private final Deque<Word> waiting = new ArrayDeque<>();

    private @Nullable Future<?> looksAgain;
    private boolean isFull;

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
        List<Long> family = family(pid);
        boolean known =
                family.stream().anyMatch(one -> heard.stream().anyMatch(worker -> one.equals(worker.view.pid())));
        Word word = new Word(family, known ? null : table.worker(pid), text, loop.now());
        loop.execute(() -> hear(word));
    }

    /** The pid and the session of a process, and those of its ancestors below the node, as far as they can be seen. */
    private List<Long> family(long pid) {
        List<Long> family = new ArrayList<>(List.of(pid));
        try {
            ProcessEntry at = table.find(pid);
            for (int steps = 0; at != null && steps < STEPS; steps++) {
                family.add(at.pid());
                family.add(at.session());
                at = at.parent() <= 1 || at.parent() == OWN ? null : table.find(at.parent());
            }
        } catch (IOException e) {
            LOG.debug("process {} cannot be seen", pid, e);
        }
        return family;
    }

    private void hear(Word word) {
        heard.removeIf(worker -> !worker.isLive());
        long earlier = waiting.stream()
                .filter(other -> other.speaker().equals(word.speaker()))
                .count();
        if (earlier == 0 && take(word)) {
            return;
        }
        if (earlier < MOST_OF_ONE && waiting.size() < MOST_WAITING) {
            waiting.add(word);
        } else if (!isFull) {
            isFull = true;
            LOG.warn(
                    "process {} says too much while nobody knows whose it is; what it says is dropped until it is known",
                    word.speaker());
        }
        if (looksAgain == null) {
            takeAll(UNTIL_THERE);
        }
    }

    /** Takes the words whose process is known; of one process no word comes before an earlier one. */
    private void takeAll(Duration pause) {
        looksAgain = null;
        Set<Long> unknown = new HashSet<>();
        waiting.removeIf(word -> {
            boolean taken = !unknown.contains(word.speaker()) && take(word);
            if (!taken) {
                unknown.add(word.speaker());
            }
            return taken;
        });
        if (waiting.isEmpty()) {
            isFull = false;
        } else {
            Duration next = pause.multipliedBy(2);
            looksAgain = loop.schedule(pause, () -> takeAll(next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE));
        }
    }

    /**
     * Takes a word, or drops it. A program may speak before the loop hears that its process is there; and one that has written a title
     * over its environment bears no mark.
     *
     * @return false if it may be of a process that is being made
     */
    private boolean take(Word word) {
        for (Long one : word.family()) {
            for (Worker worker : heard) {
                if (isOf(worker, one)) {
                    take(worker, word.text());
                    return true;
                } else if (worker.beside != null && isOf(worker.beside, one)) {
                    take(worker.beside, word.text());
                    return true;
                }
            }
        }
        Worker marked = heard.stream()
                .filter(worker -> worker.id.value().equals(word.mark()))
                .findFirst()
                .orElse(null);
        boolean isEarly = word.at().until(loop.now()).compareTo(UNTIL_STRANGE) < 0
                && (marked == null ? heard.stream().anyMatch(Notices::begins) : begins(marked));
        if (isEarly) {
            return false;
        } else if (marked == null) {
            LOG.debug(
                    "processes {} are of no worker that is heard; what they say is dropped: {}",
                    word.family(),
                    word.text());
        } else {
            take(marked, word.text());
        }
        return true;
    }

    private static boolean isOf(Worker worker, Long pid) {
        return worker.run != null && worker.run.process != null && worker.run.process.pid() == pid;
    }

    /** Whether a run of a worker begins whose process is not known yet. */
    private static boolean begins(Worker worker) {
        boolean itself = worker.state == WorkerState.STARTING && (worker.run == null || worker.run.process == null);
        return itself || worker.beside != null && begins(worker.beside);
    }

    private void take(Worker worker, String text) {
        Run run = worker.run;
        if (run == null || run.process == null || !worker.isLive()) {
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
