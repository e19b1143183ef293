package io.millwright.controller.api.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to watch. Immutable. */
public final class WatchSpec {
    private final List<Path> directories;
    private final List<String> include;
    private final List<String> exclude;
    private final Set<Path> ignored;
    private final Duration debounce;
    private final @Nullable Duration polling;

    private WatchSpec(Builder builder) {
        this.directories = List.copyOf(builder.directories);
        this.include = List.copyOf(builder.include);
        this.exclude = List.copyOf(builder.exclude);
        this.ignored = Set.copyOf(builder.ignored);
        this.debounce = Objects.requireNonNull(builder.debounce, "debounce");
        this.polling = builder.polling;
    }

    /**
     * Begins one.
     *
     * @param directories absolute directories, watched with everything below them
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(List<Path> directories) {
        return new Builder(directories);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(directories);
        builder.include = include;
        builder.exclude = exclude;
        builder.ignored = ignored;
        builder.debounce = debounce;
        builder.polling = polling;
        return builder;
    }

    /** Absolute directories, watched with everything below them. */
    public List<Path> directories() {
        return directories;
    }

    /** Globs relative to a directory ({@code **} crosses directories); empty for everything. */
    public List<String> include() {
        return include;
    }

    /** Globs of what does not count, stronger than {@code include}. */
    public List<String> exclude() {
        return exclude;
    }

    /** Absolute files and directories that never count, for example the worker's own log files. */
    public Set<Path> ignored() {
        return ignored;
    }

    /** How long it must be quiet before a burst is reported; zero reports at once. */
    public Duration debounce() {
        return debounce;
    }

    /** How often to look, for filesystems without notification; {@code null} to be notified. */
    public @Nullable Duration polling() {
        return polling;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WatchSpec that
                        && directories.equals(that.directories)
                        && include.equals(that.include)
                        && exclude.equals(that.exclude)
                        && ignored.equals(that.ignored)
                        && debounce.equals(that.debounce)
                        && Objects.equals(polling, that.polling);
    }

    @Override
    public int hashCode() {
        return Objects.hash(directories, include, exclude, ignored, debounce, polling);
    }

    @Override
    public String toString() {
        return "WatchSpec[" + "directories=" + directories + ", " + "include=" + include + ", " + "exclude=" + exclude
                + ", " + "ignored=" + ignored + ", " + "debounce=" + debounce + ", " + "polling=" + polling + "]";
    }

    /** Makes a {@link WatchSpec}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final List<Path> directories;
        private List<String> include = List.of();
        private List<String> exclude = List.of();
        private Set<Path> ignored = Set.of();
        private Duration debounce = Duration.ZERO;
        private @Nullable Duration polling;

        private Builder(List<Path> directories) {
            this.directories = directories;
        }

        /** Globs relative to a directory ({@code **} crosses directories); empty for everything. */
        public Builder include(List<String> value) {
            include = value;
            return this;
        }

        /** Globs of what does not count, stronger than {@code include}. */
        public Builder exclude(List<String> value) {
            exclude = value;
            return this;
        }

        /** Absolute files and directories that never count, for example the worker's own log files. */
        public Builder ignored(Set<Path> value) {
            ignored = value;
            return this;
        }

        /** How long it must be quiet before a burst is reported; zero reports at once. */
        public Builder debounce(Duration value) {
            debounce = value;
            return this;
        }

        /** How often to look, for filesystems without notification; {@code null} to be notified. */
        public Builder polling(@Nullable Duration value) {
            polling = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public WatchSpec build() {
            return new WatchSpec(this);
        }
    }
}
