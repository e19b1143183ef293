package io.millwright.controller.api.process;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What one process of the node says and does about itself. Thread-safe; methods may block for some milliseconds. */
@ProviderType
public interface ProcessOperations {
    /** How processors are numbered. */
    enum Numbering {
        /** By the operating system's numbers. */
        ABSOLUTE,
        /** By their places, from 0, in {@link ProcessOperations#getCpus()}. */
        RELATIVE
    }

    /**
     * The machine's logical processors that are on.
     *
     * @return how many
     */
    int getCpuCount();

    /**
     * The processors the process was given when it was started.
     *
     * @return sorted numbers
     */
    List<Integer> getCpus();

    /**
     * The processors the process runs on.
     *
     * @return sorted numbers
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} where the platform cannot tell, with the reason
     */
    List<Integer> getCpuAffinity();

    /**
     * Makes all threads of the process run on some processors only. Workers do not inherit it: they are started with the
     * processors this process was given.
     *
     * @param cpus numbers of processors
     * @param numbering what the numbers mean
     * @param caller the caller, kept as {@code who}
     * @return the processors it runs on now, sorted
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} for numbers there are not, or none;
     *     {@link ErrorCode#FEATURE_UNAVAILABLE} where the platform cannot
     */
    List<Integer> setCpuAffinity(List<Integer> cpus, Numbering numbering, Caller caller);

    /**
     * What the process is.
     *
     * @return does not change while it runs
     */
    ProcessInfo getProcessInfo();

    /**
     * What the process uses now.
     *
     * @return figures of this moment
     */
    ProcessSample getProcessStats();

    /**
     * What the regular sampling has found.
     *
     * @return the last samples
     */
    ProcessMonitoring getProcessMonitor();

    /**
     * Samples the process at regular times, or no longer. The samples are kept, not published.
     *
     * @param interval between samples, at least 100 ms; zero ends it
     * @param caller the caller, kept as {@code who}
     * @return what is in force now
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} for a shorter interval
     */
    ProcessMonitoring setProcessStatsMonitoring(Duration interval, Caller caller);

    /**
     * Collects garbage. Blocks until that is done.
     *
     * @param caller the caller, kept as {@code who}
     * @return how long it took
     */
    Duration triggerGc(Caller caller);

    /**
     * The time on the process's clock.
     *
     * @return now
     */
    Instant utcnow();

    /**
     * When the process was started.
     *
     * @return the instant
     */
    Instant started();

    /**
     * How long ago that was.
     *
     * @return since {@link #started()}
     */
    Duration uptime();
}
