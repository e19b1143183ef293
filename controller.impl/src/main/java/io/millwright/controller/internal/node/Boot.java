package io.millwright.controller.internal.node;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.ConfiguredWorkers;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Starts the workers of the boot configuration, some at a time, and tells when each of them is started, failed or waiting.
 * Runs in the controller loop.
 */
final class Boot {
    private static final int MOST_SOURCES = 20;

    private final ControllerLoop loop;
    private final ConfiguredWorkers workers;
    private final DependencyRules dependencies;
    private final WorkerEvents events;
    private final BooleanSupplier ready;
    private final Consumer<String> failed;
    private final Deque<Configured> waiting = new ArrayDeque<>();
    private final List<String> failures = new ArrayList<>();
    /** Those that are being started; one that waits for another makes room for that. */
    private final Set<WorkerId> running = new HashSet<>();

    private int open;
    private boolean begun;
    private boolean over;
    private boolean strict;

    Boot(
            ControllerLoop loop,
            ConfiguredWorkers workers,
            DependencyRules dependencies,
            WorkerEvents events,
            BooleanSupplier ready,
            Consumer<String> failed) {
        this.loop = loop;
        this.workers = workers;
        this.dependencies = dependencies;
        dependencies.onWait(this::waits);
        this.events = events;
        this.ready = ready;
        this.failed = failed;
    }

    /** Whether workers of the boot configuration are still to be started, or on their way. */
    boolean isUnderWay() {
        return open > 0 || !waiting.isEmpty();
    }

    boolean hasBegun() {
        return begun;
    }

    void begin(Collection<Configured> configured, int parallel, boolean beStrict) {
        begun = true;
        strict = beStrict;
        Map<WorkerId, Configured> first = new HashMap<>();
        for (Configured one : configured) {
            Set<WorkerId> ids = workers.claims(one);
            WorkerId held = ids.stream().filter(first::containsKey).findFirst().orElse(null);
            if (held == null) {
                ids.forEach(id -> first.put(id, one));
                waiting.addAll(workers.takeAtBoot(one));
            } else {
                String holder = Objects.requireNonNull(first.get(held)).source();
                failures.add(one.spec().id().value());
                workers.outrank(one, ConfiguredWorkers.outranked(held, holder));
            }
        }
        events.say(Level.INFO, "boot: " + waiting.size() + " configured worker(s)" + sources());
        waiting.forEach(one -> dependencies.expect(one.spec().id()));
        int width = parallel <= 0 ? waiting.size() : Math.min(parallel, waiting.size());
        for (int i = 0; i < width; i++) {
            next();
        }
        finishIfDone();
    }

    /** Where the workers come from. */
    private String sources() {
        Map<String, Long> bySource = waiting.stream()
                .collect(Collectors.groupingBy(Configured::source, TreeMap::new, Collectors.counting()));
        String some = bySource.entrySet().stream()
                .limit(MOST_SOURCES)
                .map(entry -> entry.getValue() + " of " + entry.getKey())
                .collect(Collectors.joining(", "));
        int more = bySource.size() - MOST_SOURCES;
        return some.isEmpty() ? "" : ": " + some + (more > 0 ? " and " + more + " more sources" : "");
    }

    private void next() {
        Configured configured = waiting.poll();
        if (configured == null) {
            return;
        }
        WorkerId id = configured.spec().id();
        running.add(id);
        open++;
        CompletableFuture<Boolean> taken = workers.boot(configured);
        // From now on it is on its way until that is done.
        dependencies.arrived(id);
        taken.whenComplete((good, fault) -> loop.execute(() -> {
            open--;
            boolean counted = running.remove(id);
            if (fault != null || !good) {
                failures.add(configured.spec().id().value());
            }
            if (counted) {
                next();
            }
            finishIfDone();
        }));
    }

    /** A worker waits for another, which may be one that waits here. */
    private void waits(WorkerId id) {
        if (running.remove(id)) {
            next();
        }
    }

    private void finishIfDone() {
        if (over || open > 0 || !waiting.isEmpty()) {
            return;
        }
        over = true;
        if (!failures.isEmpty()) {
            events.say(Level.ERROR, "boot: " + failures.size() + " worker(s) could not be started: " + failures);
            if (strict) {
                failed.accept("worker(s) " + failures + " could not be started and boot.strict is set");
                return;
            }
        }
        if (!ready.getAsBoolean()) {
            // A shutdown has come first: a node that stops is not ready any more.
            return;
        }
        events.node(NodeTopics.NODE_READY, Map.of(EventProperties.STATUS, "ready"));
    }
}
