package io.millwright.controller.api.watch;

import io.millwright.controller.api.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A service that reports file changes below directories. Thread-safe. */
@ConsumerType
public interface FileWatcher {
    /**
     * Begins to watch. Blocks until the directories are registered, so that what changes after the return is seen.
     *
     * @param spec what to watch
     * @param listener called once for each settled burst
     * @return closes the watch; after {@code close()} returned the listener is not called again
     * @throws IOException if a directory cannot be watched; the message names it and why
     */
    Subscription watch(WatchSpec spec, Listener listener) throws IOException;

    /** Gets settled bursts of changes; called by one thread at a time. */
    @ConsumerType
    @FunctionalInterface
    interface Listener {
        /**
         * Files were made, changed or deleted.
         *
         * @param change which
         */
        void onChange(Change change);
    }

    /**
     * One settled burst of changes. Immutable.
     *
     * @param paths absolute paths, sorted, each once; the directories themselves where single files are not known
     * @param overflow whether notifications were lost, so that more than {@code paths} may have changed
     */
    record Change(List<Path> paths, boolean overflow) {
        /** Keeps an unmodifiable list. */
        public Change {
            paths = List.copyOf(paths);
        }
    }
}
