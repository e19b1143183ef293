package io.millwright.controller.api.watch;

import io.millwright.controller.api.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

    /** One settled burst of changes. Immutable. */
    public static final class Change {
        private final List<Path> paths;
        private final boolean overflow;

        private Change(List<Path> paths, boolean overflow) {
            this.paths = List.copyOf(paths);
            this.overflow = overflow;
        }

        /**
         * Makes one.
         *
         * @param paths absolute paths, sorted, each once; the directories themselves where single files are not known
         * @param overflow whether notifications were lost, so that more than {@code paths} may have changed
         * @return the value
         */
        public static Change of(List<Path> paths, boolean overflow) {
            return new Change(paths, overflow);
        }

        /** Absolute paths, sorted, each once; the directories themselves where single files are not known. */
        public List<Path> paths() {
            return paths;
        }

        /** Whether notifications were lost, so that more than {@code paths} may have changed. */
        public boolean overflow() {
            return overflow;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Change that && paths.equals(that.paths) && overflow == that.overflow;
        }

        @Override
        public int hashCode() {
            return Objects.hash(paths, overflow);
        }

        @Override
        public String toString() {
            return "Change[" + "paths=" + paths + ", " + "overflow=" + overflow + "]";
        }
    }
}
