package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.WorkerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What the controller knows of one worker. Everything in it belongs to the controller loop, except {@link #view}, which any
 * thread may read.
 */
public final class Worker {
    public final WorkerId id;
    public final WorkerLog log;

    public WorkerSpec spec;
    public String origin;
    /** The PID of the configuration it comes from, {@code null} for one that was started by a call. */
    @Nullable
    public String pid;

    public boolean disabled;

    /** What its changed configuration asks for while the restart for it is planned. */
    @Nullable
    public WorkerSpec asked;

    public WorkerState state = WorkerState.INACTIVE;

    @Nullable
    public String reason;

    @Nullable
    Caller who;

    public Map<String, Object> shown = Map.of();
    List<String> customizers = List.of();

    @Nullable
    public OptionValues options;

    // The present or last run.
    public Admission.@Nullable Planned planned;
    int launch;

    @Nullable
    Instant created;

    @Nullable
    Instant started;

    @Nullable
    public WorkerProcess process;

    @Nullable
    Long processId;

    @Nullable
    public ProcessExit mainExit;

    boolean drained;
    boolean treeGone;
    boolean endingTree;
    /** Exit, tree and output are all at their end, and that was told. */
    boolean ended;

    int leftovers;
    boolean stuck;

    @Nullable
    String failure;

    @Nullable
    public WorkerExit exit;

    /** Whether the exit is that of a wait for a start: no run ended with it. */
    boolean onlyWaited;

    // Restarts.
    int restarts;
    final RestartTracker restartTracker = new RestartTracker();

    @Nullable
    Instant nextStart;

    @Nullable
    Future<?> retry;
    /** Grows with every decision on the next start; an answer that comes for an older one is void. */
    int decision;

    /** Grows with every word on what the worker should do; what was planned for an older one is void. */
    private int intent;

    private String lastWord = "";

    boolean waitsForType;

    /** The start that was asked for and waits for its pause to be over. */
    @Nullable
    Follow paused;
    /** The log was told that no run follows. */
    public boolean logEnded;

    // Stopping.
    public boolean requested;
    boolean exitedByItself;
    StopMode stopMode = StopMode.GRACEFUL;

    @Nullable
    Caller stopCaller;

    @Nullable
    Instant stopWhen;

    @Nullable
    Future<?> stopTimer;

    boolean timedOut;
    /** The signal of a stop was sent, and the stop itself comes in the same turn of the loop. */
    boolean signalledAhead;

    /** What follows the end that is under way: a restart asked for by an operator or a configuration. */
    @Nullable
    public Follow follow;

    @Nullable
    CompletableFuture<StartResult> startWaiter;

    final List<CompletableFuture<StopResult>> stopWaiters = new ArrayList<>();
    public final List<CompletableFuture<WorkerExit>> exitWaiters = new ArrayList<>();

    public volatile WorkerView view;

    /**
     * A start that follows a stop.
     *
     * @param spec what to start
     * @param caller who asked
     * @param result completed with the start
     * @param pause how long to wait between the end and the start
     */
    public record Follow(WorkerSpec spec, Caller caller, CompletableFuture<StartResult> result, Duration pause) {
        /** The same start, of what a newer configuration asks for. */
        public Follow of(WorkerSpec newer) {
            return new Follow(newer, caller, result, pause);
        }
    }

    public Worker(WorkerSpec spec, String origin, WorkerLog log) {
        this.id = spec.id();
        this.spec = spec;
        this.origin = origin;
        this.log = log;
        this.view = WorkerView.of(this);
    }

    public boolean isLive() {
        return state.isLive();
    }

    /**
     * Takes a new word on what the worker should do; whatever still waits for a plan on an older one is void.
     *
     * @param word what it is, as it ends the sentence "was overtaken: ..."
     * @return the ticket of this word
     */
    public int intend(String word) {
        lastWord = word;
        return ++intent;
    }

    /** Whether no newer word has come since a ticket was given. */
    boolean isLastWord(int ticket) {
        return intent == ticket;
    }

    /** The last word on what the worker should do. */
    String lastWord() {
        return lastWord;
    }

    public boolean isConfigured() {
        return pid != null;
    }

    /** Forgets the last run before the next one. */
    void beginRun(Admission.Planned plan, Caller caller, Instant now) {
        planned = plan;
        options = plan.options();
        shown = plan.shown();
        customizers = plan.customizers();
        who = caller;
        reason = null;
        created = now;
        started = null;
        process = null;
        processId = null;
        mainExit = null;
        drained = false;
        treeGone = false;
        endingTree = false;
        ended = false;
        leftovers = 0;
        stuck = false;
        failure = null;
        nextStart = null;
        waitsForType = false;
        paused = null;
        requested = false;
        exitedByItself = false;
        stopMode = StopMode.GRACEFUL;
        stopCaller = null;
        stopWhen = null;
        timedOut = false;
        signalledAhead = false;
        launch++;
        decision++;
    }

    public void publishView() {
        view = WorkerView.of(this);
    }
}
