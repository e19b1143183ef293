package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.shutdown.ShutdownTrigger.Verdict;
import io.millwright.controller.internal.node.NodeSettings;
import io.millwright.controller.internal.node.Participant;
import io.millwright.controller.internal.node.ShutdownCalls;
import io.millwright.controller.internal.node.Triggers.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Shutdown triggers that come, go, are configured or not, and fire, throw or hang as the choices say; and participants of the shutdown
 * that answer soon, late or never.
 */
final class SimulatedTriggers {
    /** Their names, and whether they want to be asked about exits that were asked for. */
    static final Map<String, Boolean> NAMES = new TreeMap<>(Map.of("t0", false, "t1", true, "t2", false));

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Simulation simulation;
    private final Choices choices;
    private final ShutdownCalls calls;
    private final TriggerModel model;
    private final List<Trigger> bound = new ArrayList<>();

    SimulatedTriggers(Simulation simulation, TriggerModel model) {
        this.simulation = simulation;
        this.choices = simulation.choices;
        this.model = model;
        calls = new ShutdownCalls(simulation.core);
        NAMES.keySet().forEach(this::come);
        configure();
    }

    /** A trigger comes or goes, or others are configured. */
    void change() {
        String name = choices.of(List.copyOf(NAMES.keySet()));
        if (choices.oneIn(2)) {
            configure();
        } else if (bound.removeIf(trigger -> trigger.name().equals(name))) {
            simulation.say("trigger " + name + " goes");
            bind();
        } else {
            come(name);
        }
    }

    private void come(String name) {
        simulation.say("trigger " + name + " comes");
        bound.add(new Trigger(name, Boolean.TRUE.equals(NAMES.get(name)), (run, left) -> answer(name, run, left)));
        bind();
    }

    private void bind() {
        calls.bind(bound);
        model.bound(bound.stream().map(Trigger::name).toList());
    }

    private void configure() {
        List<String> names = Stream.of("t0", "t1", "t2", "missing")
                .filter(name -> choices.below(3) > 0)
                .toList();
        NodeSettings before = NodeSettings.DEFAULT;
        NodeSettings now = new NodeSettings(
                before.nodeId(),
                before.title(),
                names,
                before.scope(),
                choices.oneIn(2),
                before.bootStrict(),
                before.bootParallel(),
                before.historySize());
        simulation.say("triggers " + names + (now.countRequested() ? ", requested exits too" : ""));
        simulation.settings = now;
        model.configured(now);
    }

    /** What a trigger says of an exit: mostly nothing. */
    private Optional<Verdict> answer(String name, WorkerRun run, ShutdownTrigger.Workers left) {
        model.asked(name, run, left.live());
        int how = simulation.isQuiet() ? 0 : choices.below(24);
        if (how == 1) {
            throw new SimulatedPlugins.Hangs();
        } else if (how == 2) {
            throw new IllegalStateException("a trigger that fails");
        } else if (how == 3) {
            throw new AssertionError("a trigger that fails badly");
        } else if (how > 3 && how < 6) {
            simulation.say("trigger " + name + " fires");
            Verdict verdict = Verdict.of("fired about " + run.id(), how == 5);
            model.fires(name, verdict);
            return Optional.of(verdict);
        }
        return Optional.empty();
    }

    /** The participants of a shutdown. */
    List<Participant> participants() {
        return List.of(
                new Participant("p0", DEADLINE, info -> release("p0", info)),
                new Participant("p1", DEADLINE, info -> release("p1", info)));
    }

    private CompletionStage<Void> release(String name, ShutdownInfo info) {
        model.releases(name, info);
        CompletableFuture<Void> done = new CompletableFuture<>();
        switch (choices.below(6)) {
            case 0 -> done.complete(null);
            case 1 -> throw new SimulatedPlugins.Hangs();
            case 2 -> throw new IllegalStateException("a participant that fails");
            case 3 -> simulation.happenings.add(() -> done.completeExceptionally(new AssertionError("badly")));
            case 4 -> simulation.happenings.add(() -> done.complete(null));
            default -> simulation.say("participant " + name + " never answers");
        }
        return done;
    }

    /** Once everything is quiet. */
    void quiet() {
        model.quiet(calls.isDone(), calls.isDone() ? calls.exitCode() : null);
    }
}
