package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.log.WorkerLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the controller knows of one worker: what it should be, the state it is in, its present or last run, and what it waits
 * for. Everything in it belongs to the controller loop, except {@link #view}, which any thread may read.
 */
public final class Worker {
    public final WorkerId id;
    public final WorkerLog log;
    public final Definition definition;
    final RestartTracker restartTracker = new RestartTracker();
    final WorkerLines.Budget lines;

    /** The worker beside whose current run this is the place of a second one; {@code null} for a worker. */
    final @Nullable Worker whole;

    /** The place of its second run, under {@code reload.mode: overlap}; {@code null} while it has none. */
    public @Nullable Worker beside;

    /** Of the place beside a worker: what the worker is once this run is the current one. */
    public @Nullable WorkerSpec next;

    /** Of the place beside a worker: how the current run is told to end once this one is ready. */
    StopOptions replacing = StopOptions.GRACEFUL;

    /** How the worker has ended, told when its second run, which has its place, is gone. */
    @Nullable
    HeldEnd held;

    public WorkerState state = WorkerState.INACTIVE;

    /** Why it is as it is, where its state alone does not say it. */
    public @Nullable String reason;

    /** The files whose change restarts it, in words, until that run has begun. */
    public @Nullable String changed;

    /** Why its files are not watched though its options ask for it. */
    public @Nullable String watchTrouble;

    /** It has ended, and a change of its files starts it again. */
    public boolean watchedAtRest;

    /** The caller that had the last say. */
    public @Nullable Caller who;

    /** The options in force; a change in place changes them during a run. */
    public @Nullable OptionValues options;

    /** The same for display, secrets masked. */
    public Map<String, Object> shown = Map.of();

    /** The present or last run. */
    public @Nullable Run run;

    /** What its last run that had one was launched from. */
    Admission.@Nullable Planned lastPlan;

    @Nullable
    Wait wait;

    /** The stop that was asked for; gone when the next run or wait begins. */
    @Nullable
    StopRequest stop;

    /** What follows the end that is under way: a restart asked for by an operator or a configuration. */
    public @Nullable Follow follow;

    /** How its last run or wait ended. */
    public @Nullable WorkerExit exit;

    /** Whether the exit is that of a wait for a start: no run ended with it. */
    boolean exitOfWait;

    /** The sockets that are held for it, by name. */
    Map<String, String> sockets = Map.of();

    /** How it is with its times, if it runs at certain times. */
    Map<String, Object> scheduled = Map.of();

    /** What there is to say of times that come to nothing, because its run goes on; {@code null} if none did. */
    @Nullable
    String skips;

    int restarts;

    /** One of its runs has ended with success. */
    boolean completed;

    /** The number of the word by which it was stopped last; 0 if it never was. */
    long stoppedAt;

    /** The log was told that no run follows. */
    public boolean logEnded;

    @Nullable
    CompletableFuture<StartResult> startWaiter;

    /** What the channel host was last told of its runs: one thing after the other. */
    CompletableFuture<?> told = CompletableFuture.completedFuture(null);

    final List<CompletableFuture<StopResult>> stopWaiters = new ArrayList<>();
    public final List<CompletableFuture<WorkerExit>> exitWaiters = new ArrayList<>();

    /** Grows with every word on what the worker should do; what was planned for an older one is void. */
    private int intent;

    private String lastWord = "";

    public volatile WorkerView view;

    public Worker(WorkerSpec spec, String origin, WorkerLog log) {
        this.id = spec.id();
        this.definition = new Definition(spec, origin);
        this.log = log;
        this.lines = new WorkerLines.Budget();
        this.whole = null;
        this.view = WorkerView.of(this);
    }

    private Worker(Worker whole, WorkerSpec next) {
        this.id = whole.id;
        this.definition = whole.definition;
        this.log = whole.log;
        this.lines = whole.lines;
        this.whole = whole;
        this.next = next;
        this.view = WorkerView.of(this);
    }

    /** Makes the place of a second run, which gets ready to be the current one. */
    Worker open(WorkerSpec spec) {
        Worker place = new Worker(this, spec);
        beside = place;
        return place;
    }

    /** Whether a run beside the current one gets ready to take its place. */
    boolean hasNext() {
        Worker place = beside;
        return place != null && place.state != WorkerState.STOPPING && !place.wasStarted();
    }

    /** The current run and the one beside it change places, with all that is said of them. */
    void swap() {
        Worker place = Objects.requireNonNull(beside, "no second run");
        Worker old = new Worker(this, definition.spec);
        old.take(this);
        take(place);
        place.take(old);
        if (run != null && place.run != null) {
            run.moveTo(this);
            place.run.moveTo(place);
        }
    }

    private void take(Worker other) {
        run = other.run;
        state = other.state;
        reason = other.reason;
        who = other.who;
        options = other.options;
        shown = other.shown;
        lastPlan = other.lastPlan;
        stop = other.stop;
        exit = other.exit;
        exitOfWait = other.exitOfWait;
        sockets = other.sockets;
        restarts = other.restarts;
        startWaiter = other.startWaiter;
    }

    public boolean isLive() {
        return state.isLive();
    }

    public boolean isConfigured() {
        return definition.isConfigured();
    }

    /**
     * Takes a new word on what the worker should do; whatever still waits for a plan on an older one is void.
     *
     * @param word what it is, as it ends the sentence "was overtaken: ..."
     * @return the ticket of this word
     */
    public int intend(String word) {
        lastWord = word;
        definition.changing = null;
        return ++intent;
    }

    /** The ticket of the last word. */
    public int ticket() {
        return intent;
    }

    /** Whether no newer word has come since a ticket was given. */
    public boolean isLastWord(int ticket) {
        return intent == ticket;
    }

    /** The last word on what the worker should do. */
    String lastWord() {
        return lastWord;
    }

    /** Whether the last word on what the worker should do is that a caller has restarted it. */
    public boolean wasRestartedBy(Caller caller) {
        return lastWord.equals("restarted by " + caller);
    }

    /** Why it is as it is; what it waits for, if nothing more was said. */
    @Nullable
    String why() {
        return reason == null && wait != null ? wait.why() : reason;
    }

    /** The process id an event may name: what only waits has none, the number may be another program's by now. */
    @Nullable
    Long pid() {
        boolean waited = state == WorkerState.BACKOFF || (!isLive() && exitOfWait);
        return run == null || run.process == null || waited ? null : run.process.pid();
    }

    /** Whether a stop of its run or wait was asked for. */
    public boolean isStopped() {
        return stop != null;
    }

    /** Whether it waits for a worker that it requires. */
    public boolean waitsForOthers() {
        return wait instanceof Wait.ForOthers;
    }

    /** Whether it waits for a connection, or for anybody else that wants it to run. */
    public boolean waitsForDemand() {
        return wait instanceof Wait.ForDemand;
    }

    /** Whether its present or last run was started. */
    boolean wasStarted() {
        return run != null && run.started != null;
    }

    /** Whether it waits for its next time. */
    public boolean waitsForSchedule() {
        return wait instanceof Wait.ForSchedule;
    }

    /** Whether its end waits for the ends of those that need it. */
    public boolean isHeld() {
        return state == WorkerState.STOPPING && run != null && run.isHeld;
    }

    /** Whether the reason says how its last run ended, while no other follows yet. */
    public boolean tellsItsEnd() {
        boolean over = state == WorkerState.BACKOFF || state == WorkerState.EXITED;
        return over && exit != null && reason != null && reason.startsWith(exit.reason());
    }

    /** Whether it waits for something else than the time of its next try: a connection, its next time, others, its type, or a channel. */
    public boolean waitsInOrder() {
        return wait != null && !(wait instanceof Wait.Delay);
    }

    void begin(Run next) {
        endWait();
        run = next;
        next.moveTo(this);
        who = next.who;
        reason = next.who.kind() == CallerKind.WATCH ? changed : null;
        changed = null;
        stop = null;
        if (next.plan != null) {
            options = next.plan.options();
            shown = next.plan.shown();
            lastPlan = next.plan;
        }
    }

    void begin(Wait next) {
        endWait();
        wait = next;
        stop = null;
    }

    void endWait() {
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }

    public void publishView() {
        view = WorkerView.of(this);
        if (whole != null) {
            whole.publishView();
        }
    }
}
