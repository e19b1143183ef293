package io.millwright.worker.runtime.container;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Can run one kind of component. Thread-safe. */
interface ComponentHost {
    /** A component that runs. */
    interface Running {
        /**
         * Ends it. May block for as long as the component's own code does.
         *
         * @throws Exception what that code throws
         */
        void stop() throws Exception;
    }

    /** A component is about to be started. Others that are started meanwhile may wait a moment for it. Does not block. */
    default void expect(ComponentSpec spec) {}

    /** A component that was expected is not started, or has been. Does not block. */
    default void expectNoMore(ComponentSpec spec) {}

    /**
     * The components that still use what a component had before its last start, by their ids; its own is one of them if it uses what they
     * have. Asked when it is started. Does not block.
     */
    default Set<String> outdated(ComponentSpec spec) {
        return Set.of();
    }

    /**
     * Starts a component. May block for as long as the component's own code does.
     *
     * @param ended told if it ends by itself: {@code null}, or what it threw
     * @throws Exception what that code throws, or why it cannot be
     */
    Running start(ComponentSpec spec, Consumer<@Nullable Throwable> ended) throws Exception;
}
