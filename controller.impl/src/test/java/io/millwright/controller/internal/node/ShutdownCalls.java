package io.millwright.controller.internal.node;

import java.util.List;

/** The triggers of a node and the end of its shutdown, for those who drive the core without a node. */
public final class ShutdownCalls {
    private final Core core;

    public ShutdownCalls(Core core) {
        this.core = core;
    }

    /** These triggers are bound from now on. */
    public void bind(List<Triggers.Trigger> triggers) {
        core.triggers.set(triggers);
    }

    /** Whether the shutdown is over. */
    public boolean isDone() {
        return core.shutdown.done().isDone();
    }

    /** The exit code of a shutdown that is over. */
    public int exitCode() {
        return core.shutdown.done().join().exitCode();
    }
}
