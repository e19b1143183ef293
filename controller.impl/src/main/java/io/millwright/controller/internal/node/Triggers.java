package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.worker.ControllerLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the active shutdown triggers about each exit that no restart follows, one exit after another. Triggers are bound by any
 * thread; exits come from the controller loop; verdicts are given back to it.
 */
public final class Triggers {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
    /** The only trigger that may count an exit somebody asked for. */
    static final String LAST_WORKER = "shutdown_on_last_worker_exit";

    /**
     * Which triggers are active. Immutable.
     *
     * @param names their names
     * @param countRequested whether exits that were asked for count for {@value #LAST_WORKER}
     */
    public record Settings(List<String> names, boolean countRequested) {}

    /** Gets a verdict. */
    interface Fired {
        /** A trigger wants the node to shut down; called in the controller loop. */
        void fired(Caller trigger, ShutdownTrigger.Verdict verdict);
    }

    private final Map<String, ShutdownTrigger> bound = new ConcurrentSkipListMap<>();
    private final Set<String> reportedMissing = new HashSet<>();
    private final ControllerLoop loop;
    private final PluginPool plugins;
    private final Supplier<Settings> settings;
    private CompletableFuture<?> queue = CompletableFuture.completedFuture(null);

    Triggers(ControllerLoop loop, PluginPool plugins, Supplier<Settings> settings) {
        this.loop = loop;
        this.plugins = plugins;
        this.settings = settings;
    }

    /**
     * Adds a trigger.
     *
     * @param name its name
     * @param trigger the service
     */
    public void bind(String name, ShutdownTrigger trigger) {
        bound.put(name, trigger);
    }

    /**
     * Removes a trigger.
     *
     * @param name its name
     * @param trigger the service
     */
    public void unbind(String name, ShutdownTrigger trigger) {
        bound.remove(name, trigger);
    }

    /** Asks about an exit, after which so many workers live; in the controller loop. */
    void exited(WorkerRun run, IntSupplier live, Fired fired) {
        Settings now = settings.get();
        List<String> active = new ArrayList<>();
        for (String name : now.names()) {
            boolean requested = run.exit().exitClass() == ExitClass.REQUESTED;
            if (!requested || (name.equals(LAST_WORKER) && now.countRequested())) {
                active.add(name);
            }
        }
        if (active.isEmpty()) {
            return;
        }
        ShutdownTrigger.Workers left = new ShutdownTrigger.Workers(live.getAsInt());
        for (String name : active) {
            ShutdownTrigger trigger = bound.get(name);
            if (trigger == null) {
                if (reportedMissing.add(name)) {
                    LOG.error(
                            "shutdown trigger '{}' is configured, but no bundle offers it; there are {}",
                            name,
                            bound.keySet());
                }
                continue;
            }
            queue = queue.handle((before, fault) -> null)
                    .thenCompose(x -> plugins.call("shutdown trigger '" + name + "'", () -> trigger.onExit(run, left)))
                    .handle((verdict, fault) -> {
                        answered(name, verdict == null ? Optional.empty() : verdict, fault, fired);
                        return null;
                    });
        }
    }

    private void answered(
            String name,
            Optional<ShutdownTrigger.Verdict> verdict,
            @org.jspecify.annotations.Nullable Throwable fault,
            Fired fired) {
        if (fault != null) {
            LOG.error("shutdown trigger '{}' failed; it is taken as not fired", name, fault);
        }
        verdict.ifPresent(why -> loop.execute(() -> fired.fired(Caller.trigger(name), why)));
    }
}
