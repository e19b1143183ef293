package io.millwright.controller.internal.life;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.log.WorkerLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that configurations ask for: a new configuration starts one, a change is applied in place or by a restart of that
 * worker only, a deleted one stops it, and a bad one changes nothing. Runs in the controller loop.
 */
public final class ConfiguredWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredWorkers.class);

    /**
     * One configuration. Immutable.
     *
     * @param pid its PID
     * @param origin how it is shown: {@code config:<pid>} or the name of the source that wrote it
     * @param spec the worker it asks for
     */
    public record Configured(String pid, String origin, WorkerSpec spec) {}

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Starter starter;
    private final Stopper stopper;
    private final Function<WorkerId, WorkerLog> logs;
    private final Consumer<Worker> optionsChanged;
    private final Map<String, Integer> versions = new HashMap<>();

    ConfiguredWorkers(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Starter starter,
            Stopper stopper,
            Function<WorkerId, WorkerLog> logs,
            Consumer<Worker> optionsChanged) {
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.starter = starter;
        this.stopper = stopper;
        this.logs = logs;
        this.optionsChanged = optionsChanged;
    }

    /**
     * Takes a new or changed configuration.
     *
     * @param configured the configuration
     * @return completed when the worker is started, failed, waits or rests; with true unless it failed
     */
    CompletableFuture<Boolean> apply(Configured configured) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        int version = versions.merge(configured.pid(), 1, Integer::sum);
        planner.read(configured.spec())
                .whenComplete((reading, fault) -> loop.execute(() -> {
                    if (!Objects.equals(versions.get(configured.pid()), version)) {
                        done.complete(true);
                    } else if (fault != null) {
                        LOG.error("configuration {} could not be read", configured.pid(), fault);
                        done.complete(false);
                    } else {
                        apply(configured, reading, done);
                    }
                }));
        return done;
    }

    private void apply(Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        Worker worker = registry.find(configured.spec().id());
        if (worker != null && worker.isConfigured() && !configured.pid().equals(worker.pid)) {
            LOG.error(
                    "configuration {} is refused: worker '{}' is configured by {} already; give one of them another id",
                    configured.pid(),
                    worker.id,
                    worker.pid);
            done.complete(false);
        } else if (!reading.problems().isEmpty()) {
            refuse(configured, worker, reading.problems());
            done.complete(false);
        } else if (worker == null) {
            Worker fresh = new Worker(
                    configured.spec(),
                    configured.origin(),
                    logs.apply(configured.spec().id()));
            registry.put(fresh);
            adopt(fresh, configured);
            begin(fresh, reading, done);
        } else if (!worker.isConfigured()) {
            takeOver(worker, configured, reading, done);
        } else {
            change(worker, configured, reading, done);
        }
    }

    private void refuse(
            Configured configured, @org.jspecify.annotations.Nullable Worker known, List<Problem> problems) {
        for (Problem problem : problems) {
            LOG.error(
                    "configuration {} of worker '{}' is refused: {}",
                    configured.pid(),
                    configured.spec().id(),
                    problem);
        }
        Worker worker = known;
        if (worker == null) {
            worker = new Worker(
                    configured.spec(),
                    configured.origin(),
                    logs.apply(configured.spec().id()));
            registry.put(worker);
            adopt(worker, configured);
        }
        worker.reason = (known == null ? "refused: " : "its changed configuration was refused: ")
                + problems.get(0)
                + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
        worker.publishView();
    }

    private static void adopt(Worker worker, Configured configured) {
        worker.pid = configured.pid();
        worker.origin = configured.origin();
        worker.spec = configured.spec();
    }

    private void begin(Worker worker, Planner.Reading reading, CompletableFuture<Boolean> done) {
        show(worker, reading);
        worker.disabled = reading.values().flag("disabled");
        if (worker.disabled) {
            worker.reason = "disabled";
            worker.publishView();
            done.complete(true);
            return;
        }
        worker.reason = null;
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        // Who waits for its type has done what it can do now.
        result.whenComplete((started, fault) -> loop.execute(
                () -> done.complete(fault == null || worker.state == WorkerState.BACKOFF || worker.isLive())));
        starter.startOrWait(worker, caller(worker), result);
    }

    private void takeOver(
            Worker worker, Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        if (worker.state == WorkerState.STOPPING) {
            // Its configuration was deleted and made again while it was ending.
            adopt(worker, configured);
            CompletableFuture<StartResult> result = new CompletableFuture<>();
            result.whenComplete((started, fault) -> done.complete(fault == null));
            worker.follow = new Worker.Follow(configured.spec(), caller(worker), result, Duration.ZERO);
        } else if (worker.isLive() || starter.isPending(worker.id)) {
            LOG.error(
                    "configuration {} is refused: worker '{}' was started by a call and runs; stop it, or choose another id",
                    configured.pid(),
                    worker.id);
            done.complete(false);
        } else {
            adopt(worker, configured);
            begin(worker, reading, done);
        }
    }

    private void change(
            Worker worker, Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        boolean refusedBefore = worker.state == WorkerState.FAILED
                || (worker.state == WorkerState.INACTIVE && (worker.disabled || worker.options == null));
        OptionValues before = worker.options;
        boolean disabledNow = reading.values().flag("disabled");
        worker.origin = configured.origin();
        if (!worker.isLive()) {
            worker.spec = configured.spec();
            if (refusedBefore && !disabledNow) {
                begin(worker, reading, done);
            } else {
                worker.disabled = disabledNow;
                worker.reason = disabledNow ? "disabled" : null;
                show(worker, reading);
                done.complete(true);
            }
            return;
        }
        worker.disabled = disabledNow;
        worker.reason = null;
        if (disabledNow) {
            worker.spec = configured.spec();
            stopper.stop(worker.id, StopMode.GRACEFUL, caller(worker), quietStop(worker));
            done.complete(true);
            return;
        }
        Set<String> restartKeys = before == null ? Set.of() : restartKeys(before, reading);
        if (before == null || restartKeys.isEmpty()) {
            worker.spec = configured.spec();
            worker.options = reading.values();
            show(worker, reading);
            optionsChanged.accept(worker);
            LOG.info("worker {}: changed in place", worker.id);
            done.complete(true);
            return;
        }
        LOG.info("worker {}: restarts, because {} changed", worker.id, restartKeys);
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        result.whenComplete((started, fault) -> {
            if (fault != null) {
                LOG.error(
                        "worker {}: its changed configuration could not be applied: {}", worker.id, fault.getMessage());
            }
            done.complete(fault == null);
        });
        stopper.restart(worker.id, configured.spec(), caller(worker), result);
    }

    /** Keys whose values differ and whose change needs a restart. */
    static Set<String> restartKeys(OptionValues before, Planner.Reading after) {
        Set<String> keys = new TreeSet<>();
        for (OptionDefinition definition : after.definitions()) {
            if (definition.change() == OptionDefinition.Change.RESTART
                    && !Objects.equals(
                            before.any(definition.key()), after.values().any(definition.key()))) {
                keys.add(definition.key());
            }
        }
        return keys;
    }

    private static void show(Worker worker, Planner.Reading reading) {
        worker.shown = reading.shown();
        worker.publishView();
    }

    private static Caller caller(Worker worker) {
        return Caller.config(Objects.requireNonNullElse(worker.pid, worker.id.value()));
    }

    private static CompletableFuture<StopResult> quietStop(Worker worker) {
        CompletableFuture<StopResult> result = new CompletableFuture<>();
        result.whenComplete((stopped, fault) -> {
            if (fault != null) {
                LOG.error("worker {}: {}", worker.id, fault.getMessage());
            }
        });
        return result;
    }

    /**
     * A configuration was deleted: its worker stops.
     *
     * @param pid its PID
     */
    void remove(String pid) {
        versions.merge(pid, 1, Integer::sum);
        for (Worker worker : registry.all()) {
            if (!pid.equals(worker.pid)) {
                continue;
            }
            Caller who = caller(worker);
            worker.pid = null;
            worker.disabled = false;
            if (worker.isLive() || starter.isPending(worker.id)) {
                stopper.stop(worker.id, StopMode.GRACEFUL, who, quietStop(worker));
            } else if (worker.exit == null) {
                registry.remove(worker);
            } else {
                if (worker.state == WorkerState.INACTIVE) {
                    worker.state = WorkerState.EXITED;
                    worker.publishView();
                }
                registry.ended(worker);
            }
        }
    }
}
