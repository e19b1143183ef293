package io.millwright.controller.api;

import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.remote.RemoteSession;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one door to a node: every front (shell, remote sessions, configurations, triggers, watchers) starts and stops workers
 * through it and says who calls. Thread-safe; no method blocks unless it says so. Synchronous methods read an immutable
 * snapshot. Stages complete on a thread of the controller's, after the event of the change was published, with a result
 * or a {@link NodeException}; what hangs on them should be quick or go elsewhere.
 */
@ProviderType
public interface NodeController {
    /**
     * The node as one caller in one role sees it: what the role may not do is refused with {@link ErrorCode#NOT_AUTHORIZED}, and each
     * operation is done in the name of this caller, whatever caller it is given. A front holds nothing but such views. A view gives no
     * other views.
     *
     * @param caller the caller, kept as {@code who}
     * @param role what the caller may do
     * @return the view; as valid as this service
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if this controller makes none, {@link ErrorCode#NOT_AUTHORIZED} if
     *     this is a view itself
     */
    default NodeController as(Caller caller, Role role) {
        throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller makes no views for callers");
    }

    /**
     * The node at this moment.
     *
     * @return the status
     */
    NodeStatus getStatus();

    /**
     * Makes a sampler of the machine's figures for one client; rates are that client's.
     *
     * @return a new sampler; its {@code sample()} blocks
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if no monitor bundle is installed
     */
    SystemSampler newSystemSampler();

    /**
     * The controller's own process.
     *
     * @return its operations
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if this controller offers none
     */
    default ProcessOperations getProcess() {
        throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller says nothing of its process");
    }

    /**
     * The node's public key.
     *
     * @return 32 bytes of an Ed25519 public key in lower-case hex
     */
    String getPublicKey();

    /**
     * The worker types there are, shadowed ones included. May block for a type's fingerprint, at most five seconds.
     *
     * @return sorted by name, the serving one of a name first
     */
    List<WorkerTypeInfo> getWorkerTypes();

    /**
     * The workers in live states.
     *
     * @param types names of worker types to narrow it to; empty for all
     * @return sorted ids
     */
    List<WorkerId> getWorkers(Collection<String> types);

    /**
     * Workers with all that is known of them.
     *
     * @param scope which of them
     * @return sorted by id, without figures
     */
    default List<WorkerInfo> listWorkers(Scope scope) {
        return listWorkers(scope, Detail.PLAIN);
    }

    /**
     * Workers with all that is known of them. The figures of all their processes are read at once.
     *
     * @param scope which of them
     * @param detail how much to say; reading figures may block for some milliseconds
     * @return sorted by id
     */
    List<WorkerInfo> listWorkers(Scope scope, Detail detail);

    /** Which workers a list holds. */
    enum Scope {
        /** Those in live states. */
        LIVE,
        /** The inactive and the ended ones too. */
        ALL
    }

    /**
     * One worker, live, inactive or ended.
     *
     * @param id the worker
     * @param detail how much to say
     * @return what is known of it
     * @throws NodeException {@link ErrorCode#NO_SUCH_WORKER}
     */
    WorkerInfo getWorker(WorkerId id, Detail detail);

    /** How much is said of a worker. */
    enum Detail {
        /** Without figures. */
        PLAIN,
        /** With figures; reading those of the process may block for some milliseconds. */
        WITH_STATS
    }

    /**
     * The ended runs, the last {@code history.size} of them. In the first second of a node's life this waits until the runs of
     * earlier lives are read from the disk.
     *
     * @return oldest first
     */
    default List<WorkerRun> getHistory() {
        return getHistory(HistoryQuery.ALL).runs();
    }

    /**
     * Some of the ended runs, the newest that fit. In the first second of a node's life this waits until the runs of earlier lives
     * are read from the disk.
     *
     * @param query which
     * @return those, and where older ones are
     */
    HistoryPage getHistory(HistoryQuery query);

    /**
     * Examines the node: whatever is not as it should be. Reads files and may wait a second for an event; never sees a secret.
     *
     * @return the worst first; empty if all is well, or if this controller cannot tell
     */
    default List<Finding> doctor() {
        return List.of();
    }

    /**
     * Lets each worker's log go to the file of its name from its next line on; for a log rotator that has moved the files.
     *
     * @param caller the caller, kept as {@code who}
     * @return completed with the number of workers that were told, live and ended ones; a file that is written to at that moment
     *     is closed after that write; or with {@link ErrorCode#FEATURE_UNAVAILABLE}
     */
    default CompletionStage<Integer> reopenLogs(Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller keeps no log files"));
    }

    /**
     * Rotates the log file of a worker now, live or ended: the next line goes to a new file. One that is empty or not there stays as
     * it is, and so does that of a worker whose options ask for none. With {@code log.keep} 0 the old file is deleted.
     *
     * @param id the worker
     * @param caller the caller, kept as {@code who}
     * @return completed when it is done; while its log is written to at that moment, it is done after that write; or with
     *     {@link ErrorCode#NO_SUCH_WORKER} or {@link ErrorCode#FEATURE_UNAVAILABLE}
     */
    default CompletionStage<Void> rotateLog(WorkerId id, Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller keeps no log files"));
    }

    /**
     * Checks what would be said of a start, and starts nothing.
     *
     * @param spec what would be started
     * @param depth how far to look
     * @return completed with all problems, empty if there are none; an unknown type is a problem of kind
     *     {@link Problem.Kind#ENVIRONMENT}
     */
    CompletionStage<List<Problem>> check(WorkerSpec spec, CheckDepth depth);

    /** How far a check looks. */
    enum CheckDepth {
        /** Only at the text: keys, types, contradictions. Touches no file. */
        DEFINITION,
        /** At everything a start would look at: the worker type's own check and plan, directories, the executable. */
        FULL
    }

    /**
     * Checks options of the node itself, those of the configuration {@code io.millwright.controller}.
     *
     * @param options option values; keys may be dotted or nested maps
     * @return all problems, empty if there are none
     */
    List<Problem> checkNodeOptions(Map<String, ?> options);

    /**
     * Where to ask what a change would do.
     *
     * @return changes nothing and starts nothing
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if this controller cannot say
     */
    default ChangePlanner getPlanner() {
        throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller does not plan changes");
    }

    /**
     * Starts a worker. Causes {@code STARTING}, then {@code STARTED} or {@code FAILED}; never ends in silence.
     *
     * @param spec what to start
     * @param caller the caller, kept as {@code who}
     * @param progress called once the start was accepted
     * @return completed when it is started, or with {@link ErrorCode#INVALID_WORKER_TYPE},
     *     {@link ErrorCode#WORKER_ALREADY_RUNNING}, {@link ErrorCode#INVALID_CONFIGURATION}, {@link ErrorCode#CANNOT_START} or
     *     {@link ErrorCode#NODE_SHUTTING_DOWN}
     */
    CompletionStage<StartResult> startWorker(WorkerSpec spec, Caller caller, Consumer<StartProgress> progress);

    /**
     * Starts a worker without hearing of its progress.
     *
     * @param spec what to start
     * @param caller the caller, kept as {@code who}
     * @return as {@link #startWorker(WorkerSpec, Caller, Consumer)}
     */
    default CompletionStage<StartResult> startWorker(WorkerSpec spec, Caller caller) {
        return startWorker(spec, caller, progress -> {});
    }

    /**
     * Starts known workers that are not running, with the options they have.
     *
     * @param selector which
     * @param caller the caller, kept as {@code who}
     * @return completed with one outcome for each, in order of ids, when the last is done
     */
    CompletionStage<List<Outcome<StartResult>>> startWorkers(WorkerSelector selector, Caller caller);

    /**
     * Stops a worker, or cancels its start or its wait for a restart. Causes {@code STOP_REQUESTED, STOPPING, EXITED}.
     *
     * @param id the worker
     * @param options how
     * @param caller the caller, kept as {@code who}
     * @return completed when its processes are gone and its output is drained, or with {@link ErrorCode#NO_SUCH_WORKER},
     *     {@link ErrorCode#WORKER_NOT_RUNNING} or {@link ErrorCode#STOP_WORKER_FAILED}
     */
    CompletionStage<StopResult> stopWorker(WorkerId id, StopOptions options, Caller caller);

    /**
     * Stops several workers at once.
     *
     * @param selector which of the live ones
     * @param options how
     * @param caller the caller, kept as {@code who}
     * @return completed with one outcome for each, in order of ids, when the last is done
     */
    CompletionStage<List<Outcome<StopResult>>> stopWorkers(WorkerSelector selector, StopOptions options, Caller caller);

    /**
     * Stops a worker if it runs, then starts it with the options it has.
     *
     * @param id the worker
     * @param caller the caller, kept as {@code who}
     * @return as {@link #startWorker(WorkerSpec, Caller, Consumer)} and {@link #stopWorker}
     */
    CompletionStage<StartResult> restartWorker(WorkerId id, Caller caller);

    /**
     * Restarts several workers.
     *
     * @param selector which
     * @param options how
     * @param caller the caller, kept as {@code who}
     * @return completed with one outcome for each, in order of ids, when the last is done
     */
    CompletionStage<List<Outcome<StartResult>>> restartWorkers(
            WorkerSelector selector, RestartOptions options, Caller caller);

    /**
     * Gives a group another number of instances: those with the highest numbers are started, or end, and the others are left alone. The
     * instances of a configuration have that number until the configuration says another one or is deleted; over restarts of the node
     * if an operator asks and does not mean it for now only.
     *
     * @param group the group
     * @param options how many, and for how long
     * @param caller the caller, kept as {@code who}
     * @return completed with the group when the new instances are started, and those that are too many have ended; or with
     *     {@link ErrorCode#NO_SUCH_WORKER}, {@link ErrorCode#INVALID_ARGUMENT} for a worker that is no group,
     *     {@link ErrorCode#WORKER_ALREADY_RUNNING} if an id is another worker's, {@link ErrorCode#CANNOT_START} or
     *     {@link ErrorCode#FEATURE_UNAVAILABLE}
     */
    default CompletionStage<WorkerInfo> scaleWorker(WorkerId group, ScaleOptions options, Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller has no groups of workers"));
    }

    /**
     * Sends a signal to a worker's main process.
     *
     * @param id the worker
     * @param signal the signal
     * @param caller the caller, kept as {@code who}
     * @return completed when it was sent, or with {@link ErrorCode#NO_SUCH_WORKER} or
     *     {@link ErrorCode#WORKER_NOT_RUNNING}
     */
    CompletionStage<Void> signalWorker(WorkerId id, Signal signal, Caller caller);

    /**
     * Writes to the standard input of a worker that has it open.
     *
     * @param id the worker
     * @param data what to write; must not be changed until the stage completes; empty to only close
     * @param end whether the input is at its end after it
     * @param caller the caller, kept as {@code who}
     * @return completed when the bytes are in the pipe, or with {@link ErrorCode#NO_SUCH_WORKER},
     *     {@link ErrorCode#WORKER_NOT_RUNNING} or {@link ErrorCode#INVALID_ARGUMENT} if its input is not open
     */
    CompletionStage<Void> writeInput(WorkerId id, byte[] data, InputEnd end, Caller caller);

    /** Whether a worker's input ends; may grow, so that a {@code switch} needs a default branch. */
    enum InputEnd {
        /** More may come. */
        KEEP_OPEN,
        /** More of the same comes, as pieces of a file do: all of them up to one that says otherwise are one operation to the audit log. */
        GOES_ON,
        /** It is at its end. */
        CLOSE
    }

    /**
     * Calls an operation that a native worker offers itself.
     *
     * @param id the worker
     * @param operation its name, one of those that the worker has named when it became ready
     * @param arguments what it takes, values as in JSON
     * @param caller the caller, kept as {@code who}
     * @return completed with the answer, or with {@link ErrorCode#NO_SUCH_WORKER}, {@link ErrorCode#WORKER_NOT_RUNNING},
     *     {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#FEATURE_UNAVAILABLE} if it has no control channel or does not offer
     *     that
     */
    default CompletionStage<WorkerAnswer> callWorker(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments, Caller caller) {
        return CompletableFuture.failedFuture(new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, "this node controller has no control channel to any worker"));
    }

    /**
     * Runs a command as the worker's program runs: in its directory, with its environment, user and limits, in processes of its own
     * that are ended with it. The worker may run or not; what a running one was started with counts, else its options as a start would
     * take them. A shutdown of the node ends the command.
     *
     * @param id the worker, one instance of a group
     * @param command what to run
     * @param listener gets its output, and what it is ended with
     * @param caller the caller, kept as {@code who}
     * @return completed when nothing of it is left and the listener has had its output, with any exit; or with
     *     {@link ErrorCode#NO_SUCH_WORKER}, {@link ErrorCode#INVALID_ARGUMENT} for a group, {@link ErrorCode#CANNOT_START},
     *     {@link ErrorCode#INVALID_CONFIGURATION} or {@link ErrorCode#INVALID_WORKER_TYPE} if the worker's own start would be refused,
     *     {@link ErrorCode#NODE_SHUTTING_DOWN} or {@link ErrorCode#FEATURE_UNAVAILABLE}
     */
    default CompletionStage<CommandExit> execWorker(
            WorkerId id, CommandSpec command, CommandListener listener, Caller caller) {
        return CompletableFuture.failedFuture(new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, "this node controller runs no commands beside workers"));
    }

    /**
     * Drops the record of a worker that is not live, and what the history has of it. A configured one is refused: delete its
     * configuration.
     *
     * @param id the worker
     * @param caller the caller, kept as {@code who}
     * @return completed when it is gone, or with {@link ErrorCode#NO_SUCH_WORKER},
     *     {@link ErrorCode#WORKER_ALREADY_RUNNING} or {@link ErrorCode#INVALID_ARGUMENT}
     */
    CompletionStage<Void> forgetWorker(WorkerId id, Caller caller);

    /**
     * Makes a configuration of a worker in Config Admin, which starts it now and at each boot of the node; its origin is
     * {@code config:<pid>}. Nothing is kept of options that would not start. Secrets are kept as they are given, in a store only
     * the node's user can read.
     *
     * @param spec what to keep and start
     * @param caller the caller, kept as {@code who}
     * @return as {@link #startWorker(WorkerSpec, Caller)}; with {@link ErrorCode#CANNOT_START} it is kept all the same; or with
     *     {@link ErrorCode#INVALID_ARGUMENT} if it is configured already, or {@link ErrorCode#FEATURE_UNAVAILABLE} without
     *     Config Admin
     */
    default CompletionStage<StartResult> saveWorker(WorkerSpec spec, Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller keeps no configurations"));
    }

    /**
     * Deletes the configuration of a worker whose origin is {@code config:<pid>}, which stops it. One that comes from a file is
     * refused: the file would bring it back.
     *
     * @param id the worker
     * @param caller the caller, kept as {@code who}
     * @return completed when its processes are gone, or with {@link ErrorCode#NO_SUCH_WORKER},
     *     {@link ErrorCode#INVALID_ARGUMENT} if it is not to be deleted here, or {@link ErrorCode#STOP_WORKER_FAILED}
     */
    default CompletionStage<Void> deleteWorker(WorkerId id, Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller keeps no configurations"));
    }

    /**
     * Waits until a worker has ended for good: no restart follows.
     *
     * @param id the worker
     * @return completed with its last exit, at once if it is not live; or with {@link ErrorCode#NO_SUCH_WORKER}
     */
    CompletionStage<WorkerExit> awaitExit(WorkerId id);

    /**
     * The last lines a worker wrote, ended ones too.
     *
     * @param id the worker
     * @param limit at most how many
     * @return oldest first
     * @throws NodeException {@link ErrorCode#NO_SUCH_WORKER}, or {@link ErrorCode#INVALID_ARGUMENT} for a limit below 1
     */
    List<LogEntry> getWorkerLog(WorkerId id, int limit);

    /**
     * Searches the log of a worker where it lies, in memory and in its files, rotated ones too. Ended workers too.
     *
     * @param id the worker
     * @param query what for
     * @return completed with the newest lines that fit, or with {@link ErrorCode#NO_SUCH_WORKER}, {@link ErrorCode#INVALID_ARGUMENT}
     *     for a pattern that is none, or {@link ErrorCode#FEATURE_UNAVAILABLE}
     */
    default CompletionStage<LogMatches> searchWorkerLog(WorkerId id, LogQuery query) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller does not search logs"));
    }

    /**
     * Follows a worker's log from its last lines on, across restarts, until it has ended for good or the subscription is
     * closed; at once at its end for a worker that is not live.
     *
     * @param id the worker
     * @param backlog how many of the lines there are come first, 0 for none
     * @param listener gets the lines
     * @return ends it
     * @throws NodeException {@link ErrorCode#NO_SUCH_WORKER}
     */
    Subscription follow(WorkerId id, int backlog, LogListener listener);

    /**
     * Follows a worker's log from a line on, without a gap: first the lines that have come since and are kept in memory, then each as it comes.
     *
     * @param id the worker
     * @param after a position that a {@link LogListener} was told
     * @param listener gets the lines; with the first it is told how many are not kept any more
     * @return ends it
     * @throws NodeException {@link ErrorCode#NO_SUCH_WORKER}, or {@link ErrorCode#INVALID_ARGUMENT} if the log has no such position: it is of
     *     an earlier life of the node, or of a worker of that id that was forgotten
     */
    default Subscription followAfter(WorkerId id, long after, LogListener listener) {
        throw new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, "this node controller does not follow a log from a line on");
    }

    /**
     * The last events of the node, at most 1000.
     *
     * @return oldest first
     */
    default List<NodeEvent> getEvents() {
        return getEvents(null).events();
    }

    /**
     * The events after one.
     *
     * @param after the number of an event of this life of the node, 0 for the beginning of this life; {@code null} for all that are kept
     * @return those that are kept, and how many are not any more
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if there is no event of that number yet: it may be of an earlier life
     */
    EventPage getEvents(@Nullable Long after);

    /**
     * Follows the node's events.
     *
     * @param listener gets each event from now on
     * @return ends it
     */
    Subscription followEvents(EventListener listener);

    /**
     * Follows the node's events from one on, without a gap: first those that have been since, then each as it comes.
     *
     * @param after as in {@link #getEvents(Long)}
     * @param listener gets each event; with the first it is told how many are not kept any more
     * @return ends it
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if there is no event of that number yet
     */
    Subscription followEvents(long after, EventListener listener);

    /**
     * The sessions of the remote management.
     *
     * @return those of workers too, sorted by the time they joined
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if there is no remote management
     */
    default List<RemoteSession> getSessions() {
        throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller knows no sessions");
    }

    /**
     * Ends a session of the remote management, in words. Its client may come back.
     *
     * @param id the session's number
     * @param force whether it may be the control channel of a worker
     * @param caller the caller, named to the session
     * @return completed when it is told, or with {@link ErrorCode#INVALID_ARGUMENT} if there is none of that number, or it is a worker's
     */
    default CompletionStage<Void> endSession(long id, boolean force, Caller caller) {
        return CompletableFuture.failedFuture(
                new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "this node controller knows no sessions"));
    }

    /**
     * Shuts the node down: refuses new starts, stops all workers in parallel, then lets the node go. A second call changes
     * nothing and returns the same.
     *
     * @param request how
     * @param caller the caller, kept as {@code who}
     * @return completed when the shutdown has begun
     */
    CompletionStage<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller);
}
