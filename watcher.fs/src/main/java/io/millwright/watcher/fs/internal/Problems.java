package io.millwright.watcher.fs.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong while one watch looks: while it begins, the first serious problem refuses it; later each is logged once.
 * Not thread-safe.
 */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int MAX_TOLD = 1000;

    private final Set<String> told = new HashSet<>();
    private boolean begun;
    private @Nullable IOException fatal;

    /** More is to be watched than can be. */
    void limit(IOException e) {
        if (begun) {
            tell("limit", e);
        } else if (fatal == null) {
            fatal = e;
        }
    }

    /** A directory cannot be registered. */
    void unregistered(IOException e) {
        if (e instanceof LimitException) {
            limit(e);
        } else if (!(e instanceof NoSuchFileException || e instanceof NotDirectoryException)) {
            tell(String.valueOf(e.getMessage()), e);
        }
    }

    /** A directory cannot be listed. */
    void unreadable(Path directory, boolean root, IOException e) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            // Just gone: its parent tells.
            return;
        }
        String why = e instanceof AccessDeniedException ? "the node's user may not read it" : e.toString();
        IOException problem = new IOException("cannot watch " + directory + ": " + why, e);
        if (root && !begun && fatal == null) {
            fatal = problem;
        } else {
            tell(directory.toString(), problem);
        }
    }

    private void tell(String key, IOException e) {
        if (told.size() < MAX_TOLD && told.add(key)) {
            LOG.warn("Changes go unseen: {}", e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    boolean isFatal() {
        return fatal != null;
    }

    /** The watch has begun, unless there is a problem. */
    void begun() throws IOException {
        if (fatal != null) {
            throw fatal;
        }
        begun = true;
    }
}
