package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the configuration of one worker, or of one instance of a group: it is read, decided upon as the worker is then, and what was
 * decided is done. Belongs to the controller loop.
 */
final class WorkerChanges {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerChanges.class);
    /** How the reason begins of a worker none of whose configurations was ever taken. */
    private static final String REFUSED = "refused: ";

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Starter starter;
    private final Function<WorkerId, WorkerLog> logs;
    private final SavedWorkers saved;
    private final DependencyRules rules;
    private final WorkerEvents events;
    private final ConfigurationVersions versions;
    private final DeferredChanges deferred;
    private final IdClaims claims;
    private final Circles circles;
    private final Rollouts rollouts;
    private final WorkerRemoval removal;
    private final ChangeApplier changes;

    WorkerChanges(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Starter starter,
            Function<WorkerId, WorkerLog> logs,
            SavedWorkers saved,
            DependencyRules rules,
            WorkerEvents events,
            ConfigurationVersions versions,
            DeferredChanges deferred,
            IdClaims claims,
            Circles circles,
            Rollouts rollouts,
            WorkerRemoval removal,
            ChangeApplier changes) {
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.starter = starter;
        this.logs = logs;
        this.saved = saved;
        this.rules = rules;
        this.events = events;
        this.versions = versions;
        this.deferred = deferred;
        this.claims = claims;
        this.circles = circles;
        this.rollouts = rollouts;
        this.removal = removal;
        this.changes = changes;
    }

    /**
     * Takes a version of a configuration.
     *
     * @param said how loudly the log is told what it does
     * @return completed when the worker is started, failed, waits or rests; with true unless it failed
     */
    CompletableFuture<Boolean> apply(Configured configured, Level said) {
        return apply(configured, said, versions.next(configured.pid()));
    }

    CompletableFuture<Boolean> apply(Configured configured, Level said, int version) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        overtake(configured);
        versions.asked(configured);
        WorkerId id = configured.spec().id();
        rules.expect(id);
        done.whenComplete((good, fault) -> loop.execute(() -> rules.arrived(id)));
        planner.read(configured.spec())
                .whenComplete((reading, fault) -> loop.execute(
                        () -> {
                            if (!versions.isNewest(configured, version)) {
                                claims.leave(configured);
                                done.complete(true);
                            } else if (fault != null) {
                                rollouts.decided(configured.pid());
                                LOG.error("configuration {} could not be read", configured.pid(), fault);
                                saved.fail(configured.pid(), ErrorCode.INTERNAL, "it could not be read: " + fault);
                                done.complete(false);
                            } else {
                                decide(configured, reading, said, done);
                            }
                        },
                        unexpected -> done.complete(false)));
        return done;
    }

    /** What an older version of a configuration waits for is not waited for, or by this one. */
    void overtake(Configured configured) {
        versions.came(configured);
        deferred.overtake(configured);
        claims.overtake(configured);
    }

    private void decide(Configured configured, Planner.Reading read, Level said, CompletableFuture<Boolean> done) {
        Planner.Reading reading = withOwnProblems(configured, read);
        deferred.forget(configured.pid());
        circles.forget(configured.pid());
        claims.suspend(configured.pid());
        if (reading.problems().isEmpty()) {
            removal.releaseFor(configured);
        }
        Worker worker = registry.find(configured.spec().id());
        Decision decision = decision(configured, reading);
        LOG.debug("configuration {}: {}", configured.pid(), decision);
        if (decision.kind() != Decision.Kind.NOT_OURS && decision.kind() != Decision.Kind.BAD_OPTIONS) {
            removal.giveUpOthers(configured);
            claims.granted(configured);
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
            // Its word is given now: a stop before its turn comes after that.
            changes.enable(worker, configured, reading);
            rollouts.enter(worker, configured, done, () -> decideAgain(configured, reading, asked, done));
            return;
        }
        rollouts.decided(configured.pid());
        act(configured, reading, decision, asked, done);
    }

    /** An instance has its turn; what that means is decided as things are now. */
    private void decideAgain(
            Configured configured,
            Planner.Reading reading,
            SavedWorkers.Asked<StartResult> asked,
            CompletableFuture<Boolean> done) {
        if (versions.newest(configured.pid()) != configured) {
            done.complete(true);
            return;
        }
        Decision decision = decision(configured, reading);
        LOG.debug("configuration {}, in its turn: {}", configured.pid(), decision);
        act(configured, reading, decision, asked, done);
    }

    private void act(
            Configured configured,
            Planner.Reading reading,
            Decision decision,
            SavedWorkers.Asked<StartResult> asked,
            CompletableFuture<Boolean> done) {
        Worker worker = registry.find(configured.spec().id());
        if (decision.kind() != Decision.Kind.NOT_OURS) {
            claims.release(configured.spec().id());
            if (configured.isPart()) {
                loop.execute(() -> claims.lookAgain(Configured.whole(configured.pid())));
            }
        }
        switch (decision.kind()) {
            case NOT_OURS -> {
                claims.outrank(configured, Objects.requireNonNull(decision.reason()));
                done.complete(false);
            }
            case BAD_OPTIONS -> {
                refuse(configured, configured.spec(), worker, decision.problems());
                if (starter.refusals().ofNeeds(configured.spec(), reading.values()) != null) {
                    circles.refused(configured);
                }
                claims.passOver(configured);
                done.complete(false);
            }
            case CREATE -> changes.begin(create(configured), configured, reading, asked, done);
            case ADOPT, BEGIN -> changes.begin(known(worker), configured, reading, asked, done);
            case FOLLOW -> changes.follow(known(worker), configured, reading, done);
            case REPLAN -> changes.replan(known(worker), configured, reading, done);
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

    /** What a configuration asks for now. */
    private Decision decision(Configured configured, Planner.Reading reading) {
        return Decision.of(claims.situation(configured.spec().id()).orElse(null), configured, reading);
    }

    /** A reading with the problems that only the controller can see: of its instances, and that its needs would close a circle. */
    Planner.Reading withOwnProblems(Configured configured, Planner.Reading reading) {
        List<Problem> instances =
                InstanceOptions.isGroup(configured.spec()) ? InstanceOptions.problems(configured.spec()) : List.of();
        if (reading.problems().isEmpty() && !instances.isEmpty()) {
            return reading.with(instances);
        }
        Problem circle = starter.refusals().ofNeeds(configured.spec(), reading.values());
        return circle == null || !reading.problems().isEmpty() ? reading : reading.with(List.of(circle));
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

    /**
     * What a configuration says is wrong: the worker that there is goes on, or there is one from now on that says so.
     *
     * @param asked what was asked for, by this configuration or by a newer one of its group
     */
    void refuse(Configured configured, WorkerSpec asked, @Nullable Worker known, List<Problem> problems) {
        for (Problem problem : problems) {
            events.say(
                    Level.ERROR,
                    "worker " + configured.spec().id() + ": " + configured.source() + " is refused: " + problem);
        }
        claims.notOutranked(configured);
        Worker worker = known == null ? removal.ofPid(configured.pid()) : known;
        boolean fresh = worker == null;
        if (worker == null) {
            worker = create(configured);
        }
        String why = problems.get(0) + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
        boolean neverTaken = configured.pid().equals(worker.definition.pid)
                && configured.spec().id().equals(worker.id)
                && worker.reason != null
                && worker.reason.startsWith(REFUSED);
        if (fresh || neverTaken) {
            ChangeApplier.adopt(worker, configured);
            worker.reason = REFUSED + why;
        } else {
            worker.definition.notInForce(asked, "its changed configuration was refused: " + why);
        }
        worker.publishView();
    }
}
