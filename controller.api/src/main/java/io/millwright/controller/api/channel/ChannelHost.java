package io.millwright.controller.api.channel;

import io.millwright.controller.api.WorkerAnswer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries the control channels of native workers; a service (whiteboard), of which the one with the highest ranking serves. Called by
 * several threads, never with a lock held; no method may
 * block for longer than a look at files takes. A host that comes, or comes back, is told again of all runs that live.
 */
@ConsumerType
public interface ChannelHost {
    /**
     * A run may join from now on. Told before its process is made.
     *
     * @param run whom to expect, with which credentials and rights
     * @param listener to be told how its channel does, until {@link #forget}
     * @throws io.millwright.controller.api.NodeException with a sentence, if the run could not join, as when its user cannot reach the host; it
     *     is not expected then
     */
    void expect(ExpectedRun run, ChannelListener listener);

    /**
     * A run has ended: its sessions are closed, its credentials are good for nothing any more.
     *
     * @param run one that was expected; of one that was not, nothing happens
     */
    void forget(ExpectedRun run);

    /**
     * Calls an operation of a worker over its channel.
     *
     * @param run one that was expected
     * @param operation the operation's name, one of those its {@link ReadyInfo} named
     * @param arguments what it takes, values as in JSON
     * @return completed with the answer, or with a {@link io.millwright.controller.api.NodeException}
     */
    CompletionStage<WorkerAnswer> call(
            ExpectedRun run, String operation, Map<String, ? extends @Nullable Object> arguments);

    /**
     * Where a run reaches the host.
     *
     * @param run one that is expected
     * @return what the birth line of a worker names: {@code realm}, {@code prefix}, {@code socket}, {@code serializers}
     */
    Map<String, ? extends @Nullable Object> address(ExpectedRun run);
}
