package io.millwright.controller.internal.node;

import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.launch.PluginProblems;
import io.millwright.controller.internal.launch.TypePlanner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins that are there and are asked when they are needed, and what is wrong with plug-ins. The component around the node brings
 * them and takes them away; those who ask see all the old ones or all the new ones. Thread-safe.
 */
final class BoundPlugins {
    final PluginProblems problems = new PluginProblems();
    final Sources sources;
    final FindingSources findingSources;
    final SessionOperations sessions = new SessionOperations();

    private final PluginPool pool;
    private volatile List<TypePlanner.Customizer> customizers = List.of();
    private volatile List<Participant> participants = List.of();
    private volatile @Nullable SystemMonitor monitor;

    /**
     * No plug-ins.
     *
     * @param pool calls them
     */
    BoundPlugins(PluginPool pool) {
        this.pool = pool;
        sources = new Sources(pool);
        findingSources = new FindingSources(pool);
    }

    /** The launch customizers, in the order they are called. */
    List<TypePlanner.Customizer> customizers() {
        return customizers;
    }

    void setCustomizers(List<TypePlanner.Customizer> ordered) {
        // At once: a launch in between must see all the old ones or all the new ones.
        customizers = List.copyOf(ordered);
    }

    /** The shutdown participants, asked all at once. */
    List<Participant> participants() {
        return participants;
    }

    void setParticipants(List<Participant> present) {
        participants = List.copyOf(present);
    }

    /** The system monitor, {@code null} if there is none; a call of it blocks for no longer than its limit. */
    @Nullable
    SystemMonitor monitor() {
        return monitor;
    }

    void setMonitor(@Nullable SystemMonitor service) {
        monitor = service == null ? null : new PooledMonitor(service, pool);
    }
}
