package io.millwright.worker.runtime.container;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Told of what becomes of components. Called with no lock held; does not block. */
interface ComponentWatcher {
    /**
     * A component is started, stopped or failed.
     *
     * @param thrown why it failed; {@code null} if it did not
     * @param restarts how often it was started again
     * @param again whether it is started again by itself
     */
    void changed(String id, Component.State state, @Nullable Throwable thrown, long restarts, boolean again);

    /** A component is stopped or failed, and is not started again by itself. */
    void over(Component component, Component.State state);

    /**
     * Some components still use what a component had before its last start.
     *
     * @param users their ids; its own is one of them if it uses what they have
     */
    void outdated(String id, Set<String> users);
}
