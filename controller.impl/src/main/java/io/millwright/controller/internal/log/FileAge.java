package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How old the present file of a log is: since its first line. Guarded as its {@link LogFile}. */
final class FileAge {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private @Nullable Duration most;
    private long began = UNKNOWN;

    void configure(@Nullable Duration maxAge) {
        most = maxAge;
    }

    /** Another file is there now. */
    void forget() {
        began = UNKNOWN;
    }

    /** Whether the file has reached its age. Reads its first line, once, if it was there before. */
    boolean isOver(Path file, long size, long now) {
        Duration limit = most;
        if (limit == null) {
            return false;
        }
        if (began == UNKNOWN) {
            began = size == 0 ? now : firstTime(file, now);
        }
        // A clock that was put back would make the file young for hours.
        began = Math.min(began, now);
        return size > 0 && now - began >= limit.toMillis();
    }

    private static long firstTime(Path file, long now) {
        try {
            Instant first = StampedFiles.firstTime(file);
            return first == null ? now : first.toEpochMilli();
        } catch (IOException e) {
            return now;
        }
    }
}
