package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.worker.Worker;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of the node itself: it boots, is ready, and stops. Called in the controller loop, but for {@link #state}, which is for any
 * thread, and {@link #forgetGone}, which is for the thread that ends the loop.
 */
final class NodeLife {
    private final Core core;
    private final Consumer<Boolean> readiness;
    private final Audit audit;
    private volatile NodeState state = NodeState.BOOTING;
    private volatile boolean wasReady;

    /**
     * The life of a node that boots.
     *
     * @param readiness told true when the node is ready and false when it is no longer
     * @param audit takes the shutdown
     */
    NodeLife(Core core, Consumer<Boolean> readiness, Audit audit) {
        this.core = core;
        this.readiness = readiness;
        this.audit = audit;
    }

    NodeState state() {
        return state;
    }

    /**
     * The loop has ended: what is kept of schedules and of containers whose configurations are gone is forgotten, unless there was no boot. At the end
     * and not at the boot, for a configuration may come late, or be wrong and be mended.
     */
    void forgetGone() {
        if (wasReady) {
            core.times.retain(this::isConfigured);
            core.savedComponents.retain(this::isConfigured);
        }
    }

    private boolean isConfigured(String id) {
        Worker worker = core.registry.find(new WorkerId(id));
        return worker != null && worker.isConfigured();
    }

    boolean becomeReady() {
        if (core.isShuttingDown()) {
            return false;
        }
        state = NodeState.READY;
        wasReady = true;
        core.events.say(Level.INFO, "the node is ready");
        core.events.afterwards(() -> readiness.accept(true));
        return true;
    }

    void bootFailed(String cause) {
        beginShutdown(ShutdownRequest.STOP, Caller.FRAMEWORK, false, cause);
    }

    /** Begins the shutdown, unless it has begun. */
    ShutdownInfo beginShutdown(ShutdownRequest request, Caller caller, boolean clean, @Nullable String cause) {
        boolean begun = core.isShuttingDown();
        state = NodeState.STOPPING;
        core.words.end();
        readiness.accept(false);
        ShutdownInfo info = core.shutdown.begin(request, caller, clean, cause);
        if (!begun) {
            core.execs.endAll();
            core.failed.shutDown();
            audit.begin(caller, Operation.SHUTDOWN.text(), null, List.of()).end(Audit.OK);
        }
        // Those that have ended are watched no longer.
        core.registry.all().forEach(core.watching::update);
        return info;
    }
}
