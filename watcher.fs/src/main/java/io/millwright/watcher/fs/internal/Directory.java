package io.millwright.watcher.fs.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One directory of a tree's snapshot, under the name its watch knows it by. Belongs to its {@link Tree}. */
final class Directory {
    final @Nullable Directory parent;
    final String name;
    final Path path;
    /** The watched directory it is below, which globs are relative to. */
    final Path root;
    /** Whether everything below is asked for because a glob matches this directory or one above. */
    final boolean included;

    final Map<String, Directory> directories = new HashMap<>();
    final Map<String, Print> files = new HashMap<>();
    /** Names of links, whether they count or not; only of those that are traced. */
    final Set<String> links = new HashSet<>();

    /** Where it really is, free of links. */
    Path real;
    /** Which directory it is (device and inode). */
    @Nullable
    Object key;
    /** The notifications of {@link #real}; {@code null} if it has none (yet). */
    @Nullable
    Wire wire;
    /** What was registered when it was last listed. */
    Notifier.@Nullable Registration listedUnder;
    /** Has to be listed again. */
    boolean stale = true;
    /** No longer part of the snapshot. */
    boolean gone;

    Directory(@Nullable Directory parent, String name, Path path, Path root, boolean included, Path real) {
        this.parent = parent;
        this.name = name;
        this.path = path;
        this.root = root;
        this.included = included;
        this.real = real;
    }
}
