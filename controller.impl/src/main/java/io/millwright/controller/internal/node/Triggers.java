package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.internal.launch.PluginCalls;
import io.millwright.controller.internal.worker.ControllerLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the active shutdown triggers about each exit that no restart follows, one exit after another. Triggers are bound by any
 * thread; exits come from the controller loop; verdicts are given back to it. A trigger that has gone, or is not configured any more,
 * when its turn comes, or its verdict, has no say.
 */
public final class Triggers {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

    /**
     * A trigger that is bound. Immutable.
     *
     * @param name the name that configuration uses
     * @param requested whether it is asked about exits that were asked for too
     * @param service the trigger
     */
    public record Trigger(String name, boolean requested, ShutdownTrigger service) {}

    /**
     * Which triggers are active. Immutable.
     *
     * @param names their names
     * @param countRequested whether triggers that want to are asked about exits that were asked for
     */
    public record Settings(List<String> names, boolean countRequested) {}

    /** Gets what was decided about one exit; called in the controller loop. */
    interface Decision {
        /** A trigger wants the node to shut down; each that does is told. */
        void fired(Caller trigger, ShutdownTrigger.Verdict verdict);

        /** None does, and why. */
        void goesOn(String why);
    }

    private volatile List<Trigger> bound = List.of();
    private final Set<String> reportedMissing = new HashSet<>();
    private final ControllerLoop loop;
    private final PluginCalls plugins;
    private final Supplier<Settings> settings;
    private CompletableFuture<?> queue = CompletableFuture.completedFuture(null);

    Triggers(ControllerLoop loop, PluginCalls plugins, Supplier<Settings> settings) {
        this.loop = loop;
        this.plugins = plugins;
        this.settings = settings;
    }

    /**
     * Takes the triggers there are.
     *
     * @param ranked highest first; of several with one name the first serves
     */
    public void set(List<Trigger> ranked) {
        bound = List.copyOf(ranked);
    }

    /**
     * The triggers that are configured and not there; for any thread.
     *
     * @return a sentence each, without a full stop
     */
    List<String> problems() {
        List<Trigger> there = bound;
        return settings.get().names().stream()
                .filter(name -> find(there, name) == null)
                .map(name -> missing(there, name))
                .toList();
    }

    private static String missing(List<Trigger> there, String name) {
        return "shutdown trigger '" + name + "' is configured, but no bundle offers it; there are "
                + there.stream().map(Trigger::name).distinct().sorted().toList();
    }

    private static @Nullable Trigger find(List<Trigger> there, String name) {
        return there.stream()
                .filter(trigger -> trigger.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * Which triggers are to be asked about an exit. Immutable.
     *
     * @param run the run that has ended
     * @param names the triggers that are active by then
     * @param why why there are none, {@code null} if that need not be said
     */
    record Question(WorkerRun run, List<String> names, @Nullable String why) {}

    /** What is to be asked about an exit; in the controller loop. */
    Question about(WorkerRun run) {
        Settings now = settings.get();
        List<Trigger> there = bound;
        List<String> active = new ArrayList<>();
        boolean requested = run.exit().exitClass() == ExitClass.REQUESTED;
        for (String name : now.names()) {
            Trigger trigger = find(there, name);
            if (trigger == null) {
                if (reportedMissing.add(name)) {
                    LOG.error("{}", missing(there, name));
                }
                continue;
            }
            reportedMissing.remove(name);
            if (!requested || (trigger.requested() && now.countRequested())) {
                active.add(name);
            }
        }
        if (!active.isEmpty() || requested && now.names().isEmpty()) {
            return new Question(run, active, null);
        }
        String why = now.names().isEmpty()
                ? "no shutdown trigger is configured"
                : requested ? "the exit was asked for" : "no configured shutdown trigger is there";
        return new Question(run, active, why);
    }

    /** Asks about an exit, after which so many workers live; in the controller loop. */
    void ask(Question question, int live, Decision decision) {
        if (question.names().isEmpty()) {
            if (question.why() != null) {
                decision.goesOn(question.why());
            }
            return;
        }
        AtomicBoolean fired = new AtomicBoolean();
        ShutdownTrigger.Workers left = ShutdownTrigger.Workers.of(live);
        for (String name : question.names()) {
            queue = queue.handle((before, fault) -> null)
                    .thenCompose(x -> ask(name, question.run(), left))
                    .handle((verdict, fault) -> {
                        if (answered(name, verdict == null ? Optional.empty() : verdict, fault, decision)) {
                            fired.set(true);
                        }
                        return null;
                    });
        }
        String asked = String.join(", ", question.names());
        queue = queue.thenRun(() -> {
            if (!fired.get()) {
                loop.execute(() -> decision.goesOn("not fired: " + asked));
            }
        });
    }

    private boolean answered(
            String name, Optional<ShutdownTrigger.Verdict> verdict, @Nullable Throwable fault, Decision decision) {
        if (fault != null) {
            LOG.error("shutdown trigger '{}' failed; it is taken as not fired", name, fault);
        }
        verdict.ifPresent(why -> loop.execute(() -> {
            if (active(name) == null) {
                decision.goesOn(name + " has fired, and is no active shutdown trigger any more");
            } else {
                decision.fired(Caller.trigger(name), why);
            }
        }));
        return verdict.isPresent();
    }

    private CompletableFuture<Optional<ShutdownTrigger.Verdict>> ask(
            String name, WorkerRun run, ShutdownTrigger.Workers left) {
        return plugins.call("shutdown trigger '" + name + "'", () -> {
            Trigger now = active(name);
            return now == null ? Optional.empty() : now.service().onExit(run, left);
        });
    }

    /** The trigger of a name, {@code null} if it is not there or not configured; for any thread. */
    private @Nullable Trigger active(String name) {
        return settings.get().names().contains(name) ? find(bound, name) : null;
    }
}
