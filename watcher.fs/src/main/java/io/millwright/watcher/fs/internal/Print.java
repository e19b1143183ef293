package io.millwright.watcher.fs.internal;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tells one state of a file from another without reading it. Immutable. */
final class Print {
    /** Clock ticks of kernels are up to 10 ms; this leaves room. */
    private static final long TICK_MILLIS = 100;
    /** Some filesystems keep whole or even seconds only. */
    private static final long COARSE_TICK_MILLIS = 2_000;
    /** How late a notification of a write may be handled. */
    private static final long DOUBT_MILLIS = 2_000;

    private final FileTime modified;
    private final long size;
    private final @Nullable Object key;
    private final boolean young;

    /**
     * Takes what was just read of a file.
     *
     * @param now the time of day in milliseconds
     */
    Print(BasicFileAttributes attributes, long now) {
        modified = attributes.lastModifiedTime();
        size = attributes.size();
        key = attributes.fileKey();
        young = age(now) < (modified.toInstant().getNano() == 0 ? COARSE_TICK_MILLIS : TICK_MILLIS);
    }

    private long age(long now) {
        return Math.abs(now - modified.toMillis());
    }

    /** Whether both are of the same file, equally long and written at the same time. */
    boolean isSame(Print other) {
        return size == other.size && modified.equals(other.modified) && Objects.equals(key, other.key);
    }

    /**
     * Whether this was taken so soon after a write that one more write could have borne the same time: an equal print is
     * then no proof that a notification was about nothing.
     */
    boolean isInDoubt(long now) {
        return young && age(now) < DOUBT_MILLIS;
    }
}
