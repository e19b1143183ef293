package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that configurations ask for: a new configuration starts one, a change is applied in place or by a restart of that
 * worker only, a deleted one stops it, and a bad one changes nothing. Runs in the controller loop.
 */
public final class ConfiguredWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredWorkers.class);

    private static final String DELETED = " is deleted";
    private static final String NOT_ASKED = " does not ask for it any more";

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Starter starter;
    private final Stopper stopper;
    private final Function<WorkerId, WorkerLog> logs;
    private final SavedWorkers saved;
    private final ConfigurationAudit audit;
    private final DependencyRules rules;
    private final OperatorWords words;
    private final ChangeApplier changes;
    private final Consumer<Worker> optionsChanged;
    private final WorkerEvents events;
    /** Also read by threads that tell the audit log of an end. */
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();

    /** What each configuration asked for last, by PID, refused or not; of a group that of its instances. */
    private final Map<String, Configured> newest = new HashMap<>();
    /** The version of each configuration that came last, by PID, that of a group too. */
    private final Map<String, Configured> latest = new HashMap<>();
    /** Changes of running workers that came while the type was away, by PID; they are taken when it is back. */
    private final Map<String, Configured> deferred = new HashMap<>();
    /** Those whose worker is another's, by PID, first come first; they are taken when it is free. */
    private final Map<String, Configured> outranked = new LinkedHashMap<>();

    private final ConfiguredGroups groups;
    private final Rollouts rollouts;
    private BiConsumer<Configured, @Nullable String> refusals = (configured, why) -> {};

    public ConfiguredWorkers(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Starter starter,
            Stopper stopper,
            Function<WorkerId, WorkerLog> logs,
            Consumer<Worker> optionsChanged,
            SavedWorkers saved,
            WorkerEvents events,
            Audit audit,
            DependencyRules rules,
            OperatorWords words) {
        this.rules = rules;
        this.words = words;
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.starter = starter;
        this.stopper = stopper;
        this.logs = logs;
        this.saved = saved;
        this.audit = new ConfigurationAudit(audit, saved);
        this.events = events;
        this.optionsChanged = optionsChanged;
        this.groups = new ConfiguredGroups(registry, this::situation, words);
        this.rollouts = new Rollouts(loop, events, registry.groups);
        this.changes = new ChangeApplier(this, loop, starter, stopper, optionsChanged, events, words);
    }

    /**
     * Takes a new or changed configuration.
     *
     * @param configured the configuration
     * @return completed when the worker is started, failed, waits or rests; with true unless it failed
     */
    public CompletableFuture<Boolean> apply(Configured configured) {
        return apply(configured, Level.INFO);
    }

    /**
     * Takes a configuration that was made or changed while the node runs.
     *
     * @param configured the configuration
     */
    public void change(Configured configured) {
        int version = versions.getOrDefault(configured.pid(), 0) + 1;
        Configured group = groups.whole(configured.pid());
        Configured before = group == null ? newest.get(configured.pid()) : group;
        BiConsumer<Boolean, Throwable> end = audit.change(before, configured, () -> isNewest(configured, version));
        apply(configured).whenComplete(end);
    }

    /** As {@link #apply}, of a configuration that was there when the node began: the log need not name each of them. */
    public CompletableFuture<Boolean> boot(Configured configured) {
        return apply(configured, Level.DEBUG);
    }

    private CompletableFuture<Boolean> apply(Configured configured, Level said) {
        return groups.concerns(configured) ? applyGroup(configured, said) : applyOne(configured, said);
    }

    /** A configuration of a group: those of its instances are taken, what is not asked for any more ends. */
    private CompletableFuture<Boolean> applyGroup(Configured whole, Level said) {
        int version = versions.merge(whole.pid(), 1, Integer::sum);
        overtake(whole);
        if (isRefused(whole)) {
            return CompletableFuture.completedFuture(false);
        }
        if (groups.keepsAll(whole, standing(whole.pid()))) {
            return takeGroup(whole, said, version);
        }
        // What is wrong ends nothing: it is read before anything that it does not ask for any more ends.
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        planner.read(InstanceOptions.first(whole.spec()))
                .whenComplete((reading, fault) -> loop.execute(
                        () -> {
                            // Another number of instances may have been asked for since.
                            List<Configured> standing = standing(whole.pid());
                            if (!isNewest(whole, version)) {
                                leave(whole);
                                done.complete(true);
                            } else if (isRefused(whole)) {
                                groups.claims(whole).forEach(this::offer);
                                done.complete(false);
                            } else if (fault != null) {
                                LOG.error("configuration {} could not be read", whole.pid(), fault);
                                done.complete(false);
                            } else if (!reading.problems().isEmpty()) {
                                standing.forEach(one ->
                                        refuse(one, registry.find(one.spec().id()), reading.problems()));
                                passOver(whole);
                                saved.fail(
                                        whole.pid(),
                                        "refused: " + reading.problems().get(0));
                                done.complete(false);
                            } else if (!reading.typeKnown() && standing.stream().anyMatch(this::isSpared)) {
                                deferGroup(whole, standing);
                                done.complete(true);
                            } else {
                                takeGroup(whole, said, version)
                                        .whenComplete((good, failure) -> done.complete(failure == null && good));
                            }
                        },
                        unexpected -> done.complete(false)));
        return done;
    }

    /** Whether another has an id that a group needs now; it is taken when that is free. */
    private boolean isRefused(Configured whole) {
        String refusal = groups.refusal(whole);
        if (refusal != null) {
            outrank(whole, refusal);
            saved.fail(whole.pid(), refusal);
        }
        return refusal != null;
    }

    /** What a PID has in force: the instances of its group, or its one worker. */
    private List<Configured> standing(String pid) {
        List<Configured> parts = groups.parts(pid);
        Configured alone = newest.get(pid);
        return !parts.isEmpty() || alone == null ? parts : List.of(alone);
    }

    /** Whether the worker of a configuration runs, so that nothing ends it while nobody can judge what is to come instead. */
    private boolean isSpared(Configured one) {
        Worker worker = registry.find(one.spec().id());
        return worker != null && worker.isLive() && worker.state != WorkerState.BACKOFF;
    }

    private void deferGroup(Configured whole, List<Configured> standing) {
        deferred.put(whole.pid(), whole);
        for (Configured one : standing) {
            Worker worker = registry.find(one.spec().id());
            if (worker != null) {
                sayDeferred(worker, whole);
            }
        }
        applyIfTypeIsThere(whole);
    }

    private CompletableFuture<Boolean> takeGroup(Configured whole, Level said, int version) {
        outranked.remove(whole.pid());
        deferred.remove(whole.pid());
        refusals.accept(whole, null);
        Configured before = groups.whole(whole.pid());
        List<Configured> gone = new ArrayList<>(groups.take(whole));
        List<Configured> parts = groups.partsOf(whole);
        Configured alone = newest.get(whole.pid());
        if (alone != null && parts.get(0).isPart()) {
            gone.add(alone);
        }
        if (parts.get(0).isPart()) {
            saved.share(whole, parts);
            rollouts.begin(whole, parts);
        } else {
            rollouts.forget(whole.pid());
        }
        List<CompletableFuture<Void>> ends = gone.stream()
                .map(part -> removeOne(part.pid(), Caller.config(whole.pid()), NOT_ASKED))
                .toList();
        if (before != null && !groups.claims(whole).contains(before.spec().id())) {
            loop.execute(() -> freed(before.spec().id()));
        }
        // Instances that are too many end beside the others; a worker that becomes a group, or a group that becomes
        // one, ends before.
        boolean room =
                gone.stream().allMatch(part -> part.isPart() && parts.get(0).isPart());
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        (room ? CompletableFuture.completedFuture(null) : together(ends))
                .whenComplete((ended, fault) -> loop.execute(
                        () -> {
                            // A newer version that was refused is not in force.
                            boolean inForce = parts.get(0).isPart()
                                    ? groups.whole(whole.pid()) == whole
                                    : isNewest(whole, version);
                            if (!inForce) {
                                leave(whole);
                                done.complete(true);
                                return;
                            }
                            dropRecord(parts.get(0).isPart() ? whole.spec().id() : null);
                            // Another number of them may have been asked for since.
                            all(
                                    groups.partsOf(whole).stream()
                                            .map(part -> part.isPart()
                                                    ? applyOne(part, said)
                                                    : applyOne(part, said, version))
                                            .toList(),
                                    done);
                        },
                        unexpected -> done.complete(false)));
        return done;
    }

    private static CompletableFuture<Void> together(List<? extends CompletableFuture<?>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private static void all(List<CompletableFuture<Boolean>> each, CompletableFuture<Boolean> done) {
        together(each)
                .whenComplete((nothing, fault) ->
                        done.complete(fault == null && each.stream().allMatch(CompletableFuture::join)));
    }

    /**
     * Gives the group of a configuration another number of instances, until the configuration says another one; those that stay are left
     * alone.
     *
     * @param options how many; an operator's number that is not for now only is kept over restarts of the node
     * @return completed when the new ones are started or not, and those that are too many have ended; with false if one was not started
     * @throws NodeException if an id is another worker's, or the configuration says no number that there can be
     */
    public CompletableFuture<Boolean> scale(String pid, ScaleOptions options, Caller caller) {
        Configured whole = Objects.requireNonNull(groups.whole(pid));
        List<Problem> problems = InstanceOptions.problems(whole.spec());
        if (!problems.isEmpty()) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    whole.source() + " is refused: " + problems.get(0) + "; correct that first");
        }
        List<Configured> before = groups.parts(pid);
        Runnable undo = groups.undoScale(pid);
        boolean kept = OperatorWords.isOperator(caller) && !options.once();
        groups.scale(whole, options.instances(), kept, caller, loop.now().at());
        String refusal = groups.refusal(whole);
        if (refusal != null) {
            undo.run();
            throw new NodeException(ErrorCode.WORKER_ALREADY_RUNNING, refusal);
        }
        List<CompletableFuture<Void>> ends = groups.take(whole).stream()
                .map(part -> removeOne(part.pid(), caller, NOT_ASKED))
                .toList();
        List<CompletableFuture<Boolean>> starts = groups.parts(pid).stream()
                .skip(before.size())
                .map(part -> applyOne(part, Level.INFO))
                .toList();
        loop.execute(() -> lookAgain(pid));
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        all(starts, started);
        return together(ends).thenCombine(started, (nothing, good) -> good);
    }

    /** A version that was refused for the id of an instance may not ask for that any more, or an older version may have it now. */
    private void lookAgain(String pid) {
        Configured refused = outranked.get(pid);
        if (refused != null && groups.refusal(refused) == null) {
            apply(refused);
        }
    }

    /** What an instance is to be by a configuration that is held back from it, {@code null} if there is no such thing. */
    public @Nullable WorkerSpec heldBack(Worker worker) {
        Configured part = worker.definition.pid == null ? null : newest.get(worker.definition.pid);
        return part != null && part.isPart() && !deferred.containsKey(part.pid()) && rollouts.isHeldBack(part)
                ? part.spec()
                : null;
    }

    /** The record of a worker that ran before its id became that of a group. */
    private void dropRecord(@Nullable WorkerId id) {
        Worker worker = id == null ? null : registry.find(id);
        if (worker != null && !worker.isLive() && !worker.isConfigured() && !starter.isPending(worker.id)) {
            registry.remove(worker);
        }
    }

    /** What a configuration is to be booted as: itself, or one configuration for each instance of its group. */
    public List<Configured> takeAtBoot(Configured whole) {
        if (groups.concerns(whole)) {
            groups.take(whole);
        }
        return groups.partsOf(whole);
    }

    /** The ids that a configuration takes: those of its workers, and of their group. */
    public Set<WorkerId> claims(Configured whole) {
        return groups.claims(whole);
    }

    private CompletableFuture<Boolean> applyOne(Configured configured, Level said) {
        return applyOne(configured, said, versions.merge(configured.pid(), 1, Integer::sum));
    }

    private CompletableFuture<Boolean> applyOne(Configured configured, Level said, int version) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        overtake(configured);
        newest.put(configured.pid(), configured);
        WorkerId id = configured.spec().id();
        rules.expect(id);
        done.whenComplete((good, fault) -> loop.execute(() -> rules.arrived(id)));
        planner.read(configured.spec())
                .whenComplete((reading, fault) -> loop.execute(
                        () -> {
                            if (!isNewest(configured, version)) {
                                leave(configured);
                                done.complete(true);
                            } else if (fault != null) {
                                rollouts.decided(configured.pid());
                                LOG.error("configuration {} could not be read", configured.pid(), fault);
                                done.complete(false);
                            } else {
                                apply(configured, reading, said, done);
                            }
                        },
                        unexpected -> done.complete(false)));
        return done;
    }

    /** What an older version of a configuration waits for is not waited for, or by this one. */
    private void overtake(Configured configured) {
        latest.put(configured.pid(), configured);
        Configured waiting = deferred.get(configured.pid());
        if (waiting != null && !waiting.spec().equals(configured.spec())) {
            deferred.remove(configured.pid());
        }
        // If its worker is free before it has been read, what it says now is what is taken.
        outranked.replace(configured.pid(), configured);
    }

    /** The options of every worker have changed: each configuration is taken again, as if it had. */
    public void defaultsChanged() {
        all().forEach(this::apply);
    }

    /** What the configurations ask for. */
    List<Configured> all() {
        return List.copyOf(newest.values());
    }

    boolean isNewest(Configured configured, int version) {
        return Objects.equals(versions.get(configured.pid()), version);
    }

    /** The configurations of groups. */
    ConfiguredGroups groups() {
        return groups;
    }

    /** How often a configuration has been taken or deleted. */
    int version(Configured configured) {
        return Objects.requireNonNull(versions.get(configured.pid()));
    }

    /** A worker type came: changes that waited for it are taken. */
    public void typeCame(String type) {
        List<Configured> waiting = deferred.values().stream()
                .filter(configured -> configured.spec().type().equals(type))
                .toList();
        waiting.forEach(this::apply);
    }

    /**
     * A worker has ended by itself and is not started again: if a change of it waits for its type, nothing that runs has to be spared
     * any more, and it waits for the type itself.
     */
    public void ended(Worker worker) {
        Configured waiting = worker.definition.pid == null ? null : deferred.get(worker.definition.pid);
        if (waiting == null || worker.isLive() || starter.isPending(worker.id)) {
            return;
        }
        deferred.remove(waiting.pid());
        if (groups.concerns(waiting)) {
            apply(waiting);
            return;
        }
        versions.merge(waiting.pid(), 1, Integer::sum);
        changes.startChanged(worker, waiting);
    }

    /** A configuration that names another worker than before has given the first one up. */
    private void giveUpOthers(Configured configured) {
        for (Worker worker : List.copyOf(registry.all())) {
            if (configured.pid().equals(worker.definition.pid)
                    && !worker.id.equals(configured.spec().id())) {
                events.say(
                        Level.INFO,
                        "worker " + worker.id + ": given up, for " + configured.source() + " is of worker '"
                                + configured.spec().id() + "' now");
                // An operator's word was on this worker, not on the next.
                words.forget(configured.pid());
                remove(worker, SavedWorkers.Asked.by(ChangeApplier.caller(worker)));
            }
        }
    }

    /** A running worker cannot be judged without its type: it goes on, and the change is taken when the type is back. */
    void defer(Worker worker, Configured configured) {
        deferred.put(configured.pid(), configured);
        sayDeferred(worker, configured);
        applyIfTypeIsThere(configured);
    }

    private static void sayDeferred(Worker worker, Configured configured) {
        worker.reason = "its changed configuration waits for the worker type '"
                + configured.spec().type() + "', which no bundle offers now";
        worker.publishView();
    }

    /** A type may have come between the reading and now: nobody would tell again. */
    private void applyIfTypeIsThere(Configured configured) {
        if (planner.hasType(configured.spec().type())) {
            apply(configured);
        }
    }

    private void apply(Configured configured, Planner.Reading read, Level said, CompletableFuture<Boolean> done) {
        Planner.Reading reading = withOwnProblems(configured, read);
        deferred.remove(configured.pid());
        outranked.remove(configured.pid());
        if (reading.problems().isEmpty()) {
            releaseFor(configured);
        }
        Worker worker = registry.find(configured.spec().id());
        Decision decision = decide(configured, reading);
        LOG.debug("configuration {}: {}", configured.pid(), decision);
        if (decision.kind() != Decision.Kind.NOT_OURS && decision.kind() != Decision.Kind.BAD_OPTIONS) {
            giveUpOthers(configured);
            refusals.accept(configured, null);
            taken(configured, decision, said);
        }
        SavedWorkers.Asked<StartResult> saving = saved.takeStart(configured.pid());
        boolean begins = decision.isBegin() && !reading.values().flag("disabled");
        if (saving != null && !begins) {
            saving.result()
                    .completeExceptionally(new NodeException(
                            ErrorCode.WORKER_NOT_RUNNING,
                            "worker '" + configured.spec().id() + "' is saved, and was not started: "
                                    + (decision.isBegin() ? "it is disabled" : decision.kind())));
        }
        SavedWorkers.Asked<StartResult> asked =
                saving == null ? SavedWorkers.Asked.by(Caller.config(Configured.whole(configured.pid()))) : saving;
        if (worker != null && decision.takesTurn(configured, worker.state)) {
            rollouts.enter(worker, configured, done, () -> applyNow(configured, reading, asked, done));
            return;
        }
        rollouts.decided(configured.pid());
        apply(configured, reading, decision, asked, done);
    }

    /** An instance has its turn; what that means is decided as things are now. */
    private void applyNow(
            Configured configured,
            Planner.Reading reading,
            SavedWorkers.Asked<StartResult> asked,
            CompletableFuture<Boolean> done) {
        if (newest.get(configured.pid()) != configured) {
            done.complete(true);
            return;
        }
        Decision decision = decide(configured, reading);
        LOG.debug("configuration {}, in its turn: {}", configured.pid(), decision);
        apply(configured, reading, decision, asked, done);
    }

    private void apply(
            Configured configured,
            Planner.Reading reading,
            Decision decision,
            SavedWorkers.Asked<StartResult> asked,
            CompletableFuture<Boolean> done) {
        Worker worker = registry.find(configured.spec().id());
        if (decision.kind() != Decision.Kind.NOT_OURS) {
            WorkerId released = groups.release(configured.spec().id());
            if (released != null) {
                offer(released);
            }
            if (configured.isPart()) {
                loop.execute(() -> lookAgain(Configured.whole(configured.pid())));
            }
        }
        switch (decision.kind()) {
            case NOT_OURS -> {
                outrank(configured, Objects.requireNonNull(decision.reason()));
                done.complete(false);
            }
            case BAD_OPTIONS -> {
                refuse(configured, worker, decision.problems());
                passOver(configured);
                done.complete(false);
            }
            case CREATE -> changes.begin(create(configured), configured, reading, asked, done);
            case ADOPT, BEGIN -> changes.begin(known(worker), configured, reading, asked, done);
            case FOLLOW -> ChangeApplier.follow(known(worker), configured, done);
            case REPLAN -> changes.replan(known(worker), configured, done);
            case NOTE -> changes.note(known(worker), configured, reading, done);
            case DISABLE -> changes.disable(known(worker), configured, done);
            case IN_PLACE, RESTART -> changes.change(known(worker), configured, reading, decision, done);
        }
        // What is not taken yet, for it needs a restart or its type is away, is learned when it is.
        Worker taken = registry.find(configured.spec().id());
        if (taken != null && taken.definition.spec == configured.spec()) {
            rules.learn(taken, reading.values());
        }
    }

    /** Says what a configuration does; changes of a worker that runs say it themselves. */
    private void taken(Configured configured, Decision decision, Level said) {
        String what =
                switch (decision.kind()) {
                    case CREATE, ADOPT, BEGIN -> "is configured by ";
                    case DISABLE -> "is disabled by ";
                    case NOTE, FOLLOW, REPLAN -> decision.keys().isEmpty() ? null : "is configured anew by ";
                    default -> null;
                };
        if (what != null) {
            events.say(said, "worker " + configured.spec().id() + ": " + what + configured.source());
        }
    }

    /**
     * Told of a configuration that is refused because its worker is another's, and why; of one that is not any more, with {@code null}.
     * Called in the loop.
     */
    public void onRefusal(BiConsumer<Configured, @Nullable String> listener) {
        refusals = listener;
    }

    /** Refuses a configuration whose worker is another's; it is taken when that gives the worker up. */
    public void outrank(Configured configured, String reason) {
        outranked.put(configured.pid(), configured);
        events.say(Level.ERROR, configured.source() + " is refused: " + reason);
        refusals.accept(configured, reason);
    }

    /**
     * Why a second configuration of a worker is refused.
     *
     * @param id the worker
     * @param holder where the configuration that has it comes from
     * @return a sentence
     */
    public static String outranked(WorkerId id, String holder) {
        return "worker '" + id + "' is configured by " + holder + " already; give one of them another id";
    }

    /** A worker whose configuration names another one now, and was refused that, runs only until somebody else asks for its id. */
    private void releaseFor(Configured configured) {
        Worker holder = registry.find(configured.spec().id());
        if (holder != null && isLeft(holder)) {
            events.say(
                    Level.INFO,
                    "worker " + holder.id + ": given up, for " + holder.definition.source
                            + " names another worker now");
            remove(holder, SavedWorkers.Asked.by(ChangeApplier.caller(holder)));
        }
    }

    private boolean isLeft(Worker worker) {
        Configured newest = worker.definition.pid == null ? null : outranked.get(worker.definition.pid);
        return newest != null && !newest.spec().id().equals(worker.id);
    }

    /** A worker is nobody's any more: the configuration that has waited longest for its id has it. */
    public void freed(WorkerId id) {
        WorkerId group = groups.ended(id);
        if (group != null) {
            freed(group);
        }
        for (Configured next : outranked.values()) {
            boolean refused = groups.concerns(next) && groups.refusal(next) != null;
            if (groups.claims(next).contains(id) && !refused && !isOutdated(next)) {
                events.say(Level.INFO, "worker " + id + ": taken over by " + next.source());
                apply(next);
                return;
            }
        }
    }

    /** A configuration is wrong and takes no id: others that wait for one have it. */
    private void passOver(Configured wrong) {
        if (outranked.remove(wrong.pid()) != null) {
            refusals.accept(wrong, null);
        }
        groups.claims(wrong).forEach(this::offer);
    }

    /** An older version of a configuration is not taken any more: what it alone asked for, others have. */
    private void leave(Configured older) {
        String pid = Configured.whole(older.pid());
        Set<WorkerId> left = groups.claims(older);
        Stream.of(latest.get(older.pid()), latest.get(pid), groups.whole(pid), outranked.get(pid))
                .filter(Objects::nonNull)
                .forEach(newer -> left.removeAll(groups.claims(newer)));
        left.forEach(this::offer);
    }

    /** If an id is nobody's, the configuration that has waited longest for it has it. */
    private void offer(WorkerId id) {
        Decision.Situation now = outranked.isEmpty() ? null : situation(id).orElse(null);
        if (now == null || now.pid() == null && !now.isLive() && !now.pending()) {
            loop.execute(() -> freed(id));
        }
    }

    /** Whether what waits for the id of one instance is older than what waits for those of its whole group, and can have them. */
    private boolean isOutdated(Configured part) {
        Configured whole = part.isPart() ? outranked.get(Configured.whole(part.pid())) : null;
        return whole != null && groups.claims(whole).contains(part.spec().id()) && groups.refusal(whole) == null;
    }

    /** What a configuration asks for now. */
    Decision decide(Configured configured, Planner.Reading reading) {
        return Decision.of(situation(configured.spec().id()).orElse(null), configured, reading);
    }

    /** A reading with the problems that only the controller can see: of its instances, and that its needs would close a circle. */
    Planner.Reading withOwnProblems(Configured configured, Planner.Reading reading) {
        List<Problem> instances =
                InstanceOptions.isGroup(configured.spec()) ? InstanceOptions.problems(configured.spec()) : List.of();
        if (reading.problems().isEmpty() && !instances.isEmpty()) {
            return reading.with(instances);
        }
        Problem circle = starter.refuseNeeds(configured.spec(), reading.values());
        return circle == null || !reading.problems().isEmpty() ? reading : reading.with(List.of(circle));
    }

    /** How the worker of an id is, empty if nobody knows it. */
    Optional<Decision.Situation> situation(WorkerId id) {
        Optional<Decision.Situation> group = groups.situation(id);
        return group.isPresent() ? group : situationAlone(id);
    }

    /** How the worker of an id is, be the id that of a group or not. */
    Optional<Decision.Situation> situationAlone(WorkerId id) {
        Worker worker = registry.find(id);
        if (worker == null) {
            return starter.isPending(id) ? Optional.of(Decision.Situation.unborn(id)) : Optional.empty();
        }
        return Optional.of(situation(worker));
    }

    Decision.Situation situation(Worker worker) {
        Decision.Situation now = Decision.Situation.of(worker, starter.isPending(worker.id));
        return isLeft(worker) ? now.deleted() : now;
    }

    private static Worker known(@Nullable Worker worker) {
        return Objects.requireNonNull(worker);
    }

    private Worker create(Configured configured) {
        Worker fresh = new Worker(
                configured.spec(),
                configured.origin(),
                logs.apply(configured.spec().id()));
        registry.put(fresh);
        return fresh;
    }

    private void refuse(Configured configured, @Nullable Worker known, List<Problem> problems) {
        for (Problem problem : problems) {
            events.say(
                    Level.ERROR,
                    "worker " + configured.spec().id() + ": " + configured.source() + " is refused: " + problem);
        }
        refusals.accept(configured, null);
        Worker worker = known == null ? ofPid(configured.pid()) : known;
        boolean fresh = worker == null;
        if (worker == null) {
            worker = create(configured);
            ChangeApplier.adopt(worker, configured);
        }
        worker.reason = (fresh ? "refused: " : "its changed configuration was refused: ")
                + problems.get(0)
                + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
        worker.publishView();
    }

    /**
     * A configuration was deleted: its worker stops.
     *
     * @param pid its PID
     */
    public void remove(String pid) {
        Configured group = groups.whole(pid);
        BiConsumer<Void, Throwable> end = audit.remove(pid, group == null ? newest.get(pid) : group);
        SavedWorkers.Asked<Void> deletion = saved.takeEnd(pid);
        SavedWorkers.Asked<Void> asked = deletion == null ? SavedWorkers.Asked.by(Caller.config(pid)) : deletion;
        asked.result().whenComplete(end);
        Configured refused = outranked.remove(pid);
        if (refused != null) {
            refusals.accept(refused, null);
        }
        List<Configured> parts = groups.parts(pid);
        versions.merge(pid, 1, Integer::sum);
        groups.forget(pid);
        rollouts.forget(pid);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        ends.add(removeOne(pid, asked.who(), DELETED));
        parts.forEach(part -> ends.add(removeOne(part.pid(), asked.who(), DELETED)));
        if (group != null) {
            loop.execute(() -> freed(group.spec().id()));
        }
        together(ends).whenComplete((gone, fault) -> {
            if (fault == null) {
                asked.result().complete(null);
            } else {
                asked.result().completeExceptionally(ConfigurationPlans.cause(fault));
            }
        });
    }

    /** A worker is not asked for any more: it stops. */
    private CompletableFuture<Void> removeOne(String pid, Caller caller, String why) {
        words.forget(pid);
        if (!Configured.whole(pid).equals(pid)) {
            versions.merge(pid, 1, Integer::sum);
            outranked.remove(pid);
            rollouts.decided(pid);
        }
        newest.remove(pid);
        latest.remove(pid);
        deferred.remove(pid);
        SavedWorkers.Asked<Void> asked = SavedWorkers.Asked.by(caller);
        Worker worker = ofPid(pid);
        if (worker != null) {
            events.say(Level.INFO, "worker " + worker.id + ": " + worker.definition.source + why);
            remove(worker, asked);
        } else {
            asked.result().complete(null);
        }
        return asked.result();
    }

    private @Nullable Worker ofPid(String pid) {
        return registry.all().stream()
                .filter(worker -> pid.equals(worker.definition.pid))
                .findFirst()
                .orElse(null);
    }

    private void remove(Worker worker, SavedWorkers.Asked<Void> asked) {
        CompletableFuture<Void> gone = asked.result();
        worker.definition.pid = null;
        worker.definition.disabled = false;
        worker.intend("given up: its configuration was deleted");
        loop.execute(() -> freed(worker.id));
        if (worker.isLive() || starter.isPending(worker.id)) {
            CompletableFuture<StopResult> stop = ChangeApplier.quietStop(worker);
            stop.whenComplete((stopped, fault) -> {
                // A start that was cancelled before it began is an end too.
                boolean over =
                        fault == null || (fault instanceof NodeException e && e.code() == ErrorCode.WORKER_NOT_RUNNING);
                if (over) {
                    gone.complete(null);
                } else {
                    gone.completeExceptionally(fault);
                }
            });
            stopper.stop(worker.id, StopOptions.GRACEFUL, asked.who(), stop);
            return;
        }
        if (worker.exit == null) {
            registry.remove(worker);
        } else {
            if (worker.state == WorkerState.INACTIVE) {
                worker.state = WorkerState.EXITED;
                worker.publishView();
            }
            registry.ended(worker);
            optionsChanged.accept(worker);
        }
        gone.complete(null);
    }
}
