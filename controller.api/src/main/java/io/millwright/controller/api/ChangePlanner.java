package io.millwright.controller.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says what a change would do, by the code that would do it, and does nothing. The answer holds for the moment it is given:
 * workers end and files change. Thread-safe; no method blocks.
 */
@ProviderType
public interface ChangePlanner {
    /**
     * What {@link NodeController#startWorker} would do.
     *
     * @param spec what would be started
     * @return completed with a start, or with a refusal that has its problems; with one for each instance, in order of numbers, if it
     *     asks for a group
     */
    CompletionStage<List<PlannedChange>> start(WorkerSpec spec);

    /**
     * What {@link NodeController#startWorkers} would do.
     *
     * @param selector which known workers
     * @return completed with one outcome for each, in order of ids
     */
    CompletionStage<List<Outcome<PlannedChange>>> start(WorkerSelector selector);

    /**
     * What would happen if some options of a known worker, or of a group of instances, were changed in its configuration.
     *
     * @param id the worker, or the group; an instance is refused, for its options are the group's
     * @param options the options that would change, keys dotted or nested; {@code null} takes an option away
     * @return completed with a change for each worker concerned, in order of ids, or with {@link ErrorCode#NO_SUCH_WORKER}
     */
    CompletionStage<List<PlannedChange>> options(WorkerId id, Map<String, ? extends @Nullable Object> options);

    /**
     * What would happen if configurations were changed, in this order.
     *
     * @param changes the configurations; those of others than the node, its workers and remote management are left out
     * @return completed with a change for each worker concerned, in order of ids and numbers of instances, the node's own options first,
     *     what changes of remote management next
     */
    CompletionStage<List<PlannedChange>> configurations(List<ConfigurationChange> changes);

    /**
     * What would happen if the node's file held what another file holds.
     *
     * @param file a file as {@code node.json} or {@code node.yaml}
     * @return completed as {@link #configurations}, or with {@link ErrorCode#INVALID_CONFIGURATION} if the file would be
     *     refused as a whole, or {@link ErrorCode#FEATURE_UNAVAILABLE} if no installed bundle reads it
     */
    CompletionStage<List<PlannedChange>> file(Path file);
}
