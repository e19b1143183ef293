package io.millwright.controller.api.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to watch. Immutable.
 *
 * @param directories absolute directories, watched with everything below them
 * @param include globs relative to a directory ({@code **} crosses directories); empty for everything
 * @param exclude globs of what does not count, stronger than {@code include}
 * @param ignored absolute files and directories that never count, for example the worker's own log files
 * @param debounce how long it must be quiet before a burst is reported; zero reports at once
 * @param polling how often to look, for filesystems without notification; {@code null} to be notified
 */
public record WatchSpec(
        List<Path> directories,
        List<String> include,
        List<String> exclude,
        Set<Path> ignored,
        Duration debounce,
        @Nullable Duration polling) {
    /** Keeps unmodifiable collections. */
    public WatchSpec {
        directories = List.copyOf(directories);
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        ignored = Set.copyOf(ignored);
    }
}
