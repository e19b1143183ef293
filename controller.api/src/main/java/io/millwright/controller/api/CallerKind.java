package io.millwright.controller.api;

import java.util.Locale;

/** What a caller is. More will come: a {@code switch} over it needs a default branch. */
public enum CallerKind {
    /** A user at a shell or at the command line. */
    SHELL,
    /** A configuration, by its PID. */
    CONFIG,
    /** A shutdown trigger. */
    TRIGGER,
    /** A session of a remote client, by its authid. */
    REMOTE,
    /** A worker, by its id. */
    WORKER,
    /** A user of a web page. */
    WEB,
    /** Code in the framework that is none of the others. */
    API,
    /** A change of the files that are watched for a worker. */
    WATCH,
    /** The health check of a worker. */
    HEALTH,
    /** The limit of memory of a worker. */
    MEMORY,
    /** The schedule of a worker. */
    SCHEDULE,
    /** The framework itself: a bundle was stopped, or the process was told to end. */
    FRAMEWORK;

    /**
     * The kind as it stands in {@code who}.
     *
     * @return lower case, for example {@code shell}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
