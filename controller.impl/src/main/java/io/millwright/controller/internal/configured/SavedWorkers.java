package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.GroupResults;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import io.millwright.options.FlatOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes and deletes configurations of workers for callers, and waits for what comes of it: the change takes the road that every
 * change of a configuration takes. For any thread; its state belongs to the controller loop.
 */
public final class SavedWorkers {
    /** The store answers at once; longer means that nobody tells of its changes. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ControllerLoop loop;
    private final Registry registry;
    private final Planner planner;
    private final Starter starter;
    private final WorkerEvents events;
    private final Executor files;
    private final Map<String, Asked<StartResult>> starts = new HashMap<>();
    private final Map<String, Asked<Void>> ends = new HashMap<>();
    private volatile @Nullable WorkerStore store;

    /** A change that a caller has asked for. Belongs to the controller loop. */
    static final class Asked<T> {
        private final Caller who;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private boolean told;
        private @Nullable Future<?> patience;

        private Asked(Caller who) {
            this.who = who;
        }

        static <T> Asked<T> by(Caller who) {
            return new Asked<>(who);
        }

        Caller who() {
            return who;
        }

        /** Completed with what comes of the change. */
        CompletableFuture<T> result() {
            return result;
        }

        /** Config Admin has told of the change; it does not have to be waited for any more. */
        private void told() {
            told = true;
            if (patience != null) {
                patience.cancel(false);
            }
        }
    }

    public SavedWorkers(
            ControllerLoop loop,
            Registry registry,
            Planner planner,
            Starter starter,
            WorkerEvents events,
            Executor files) {
        this.loop = loop;
        this.registry = registry;
        this.planner = planner;
        this.starter = starter;
        this.events = events;
        this.files = files;
    }

    public void setStore(WorkerStore present) {
        store = present;
    }

    private WorkerStore store() {
        WorkerStore present = store;
        if (present == null) {
            throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node keeps no configurations");
        }
        return present;
    }

    /** Makes a configuration and waits until its worker is started, or is not. */
    public CompletableFuture<StartResult> save(WorkerSpec spec, Caller caller) {
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        loop.execute(() -> {
            NodeException refusal = starter.refusals().ofCall(spec);
            refusal = refusal == null ? starter.refusals().now(spec.id()) : refusal;
            if (refusal != null) {
                fail(result, refusal);
                return;
            }
            planner.read(spec)
                    .thenAcceptBoth(
                            planner.admit(InstanceOptions.first(spec)),
                            (reading, admission) -> loop.execute(() -> {
                                NodeException wrong = starter.refusals().of(spec, admission, null);
                                if (wrong != null) {
                                    fail(result, wrong);
                                } else {
                                    FlatOptions flat = new FlatOptions(reading.definitions());
                                    write(
                                            WorkerSpec.of(spec.id(), spec.type(), flat.storable(spec.options())),
                                            caller,
                                            result);
                                }
                            }))
                    .exceptionally(fault -> {
                        NodeException unplanned = new NodeException(
                                ErrorCode.INTERNAL, "worker '" + spec.id() + "' could not be planned: " + fault);
                        loop.execute(() -> fail(result, unplanned));
                        return null;
                    });
        });
        return result;
    }

    private void write(WorkerSpec spec, Caller caller, CompletableFuture<StartResult> result) {
        String pid = Configured.PREFIX + spec.type() + "~" + spec.id();
        Asked<StartResult> asked = Asked.by(caller);
        if (starts.putIfAbsent(pid, asked) != null) {
            fail(
                    result,
                    new NodeException(
                            ErrorCode.WORKER_ALREADY_RUNNING, "worker '" + spec.id() + "' is being saved already"));
            return;
        }
        events.say(Level.INFO, "worker " + spec.id() + ": saved as " + pid + ", asked by " + caller);
        asked.result()
                .whenComplete((value, fault) -> events.afterwards(() -> {
                    if (fault != null) {
                        result.completeExceptionally(fault);
                    } else {
                        result.complete(value);
                    }
                }));
        inStore(pid, starts, () -> store().create(spec));
    }

    /** Deletes a configuration and waits until its worker has ended. */
    public CompletableFuture<Void> delete(WorkerId id, Caller caller) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.execute(() -> {
            Group group = registry.groups.find(id);
            Group own = registry.groups.of(id);
            Worker worker = registry.find(id);
            String pid = group != null ? group.pid() : worker == null ? null : worker.definition.pid;
            String origin = group != null ? group.origin() : worker == null ? "" : worker.definition.origin;
            if (own != null && pid != null) {
                fail(
                        result,
                        new NodeException(
                                ErrorCode.INVALID_ARGUMENT,
                                "worker '" + id + "' is an instance of '" + own.id() + "'; delete that, or change its"
                                        + " number of instances"));
            } else if (worker == null && group == null) {
                fail(result, registry.noSuchWorker(id));
            } else if (pid == null) {
                fail(
                        result,
                        new NodeException(
                                ErrorCode.INVALID_ARGUMENT,
                                "worker '" + id + "' was started by a call and is not saved; stop it, or forget it"));
            } else if (!origin.startsWith("config:")) {
                fail(
                        result,
                        new NodeException(
                                ErrorCode.INVALID_ARGUMENT,
                                "worker '" + id + "' comes from " + origin + "; delete it there"));
            } else {
                events.say(Level.INFO, "worker " + id + ": configuration " + pid + " is deleted, asked by " + caller);
                Asked<Void> asked = ends.computeIfAbsent(pid, key -> Asked.by(caller));
                asked.result()
                        .whenComplete((nothing, fault) -> events.afterwards(() -> {
                            if (fault != null) {
                                result.completeExceptionally(fault);
                            } else {
                                result.complete(null);
                            }
                        }));
                inStore(pid, ends, () -> store().delete(pid));
            }
        });
        return result;
    }

    private interface Change {
        void run() throws IOException;
    }

    private <T> void inStore(String pid, Map<String, Asked<T>> waiting, Change change) {
        files.execute(() -> {
            NodeException failure = null;
            try {
                change.run();
            } catch (NodeException e) {
                failure = e;
            } catch (IOException | RuntimeException e) {
                failure = new NodeException(
                        ErrorCode.INTERNAL, "the configuration " + pid + " could not be changed: " + e.getMessage());
            }
            NodeException fault = failure;
            loop.execute(() -> {
                Asked<T> waits = waiting.get(pid);
                if (waits == null) {
                    return;
                }
                if (fault != null) {
                    waiting.remove(pid);
                    waits.result().completeExceptionally(fault);
                } else if (!waits.told) {
                    waits.patience = loop.schedule(PATIENCE, () -> {
                        if (waiting.remove(pid, waits)) {
                            waits.result()
                                    .completeExceptionally(new NodeException(
                                            ErrorCode.INTERNAL,
                                            "the configuration " + pid
                                                    + " is changed, and Config Admin has not told of it"));
                        }
                    });
                }
            });
        });
    }

    /** Whether a change of a configuration is one that a caller has asked for here. In the loop. */
    boolean isAsked(String pid) {
        return starts.containsKey(pid) || ends.containsKey(pid);
    }

    /** A configuration that was saved is of a group: its caller hears what becomes of the starts of all instances. In the loop. */
    void share(Configured whole, List<Configured> parts) {
        Asked<StartResult> asked = starts.remove(whole.pid());
        if (asked == null) {
            return;
        }
        List<CompletableFuture<StartResult>> results = new ArrayList<>();
        for (Configured part : parts) {
            Asked<StartResult> one = Asked.by(asked.who());
            starts.put(part.pid(), one);
            results.add(one.result());
        }
        GroupResults.started(whole.spec().id(), results, asked.result());
    }

    /** A configuration has come, or has changed. In the loop. */
    void told(String pid) {
        Asked<StartResult> asked = starts.get(pid);
        if (asked != null) {
            asked.told();
        }
    }

    /** A configuration that was saved is not taken, or has been deleted before it was: its caller hears why. In the loop. */
    void fail(String pid, ErrorCode code, String why) {
        Asked<StartResult> asked = starts.remove(pid);
        if (asked != null) {
            asked.result().completeExceptionally(new NodeException(code, why));
        }
    }

    /** A configuration is applied: the caller that saved it hears what becomes of the start. In the loop. */
    @Nullable
    Asked<StartResult> takeStart(String pid) {
        return starts.remove(pid);
    }

    /** A configuration is gone: the caller that deleted it hears of its worker's end. In the loop. */
    @Nullable
    Asked<Void> takeEnd(String pid) {
        Asked<Void> asked = ends.remove(pid);
        if (asked != null) {
            asked.told();
        }
        return asked;
    }

    private void fail(CompletableFuture<?> result, NodeException failure) {
        events.afterwards(() -> result.completeExceptionally(failure));
    }
}
