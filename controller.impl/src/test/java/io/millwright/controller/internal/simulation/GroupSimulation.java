package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.node.GroupCalls;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Run;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One life of groups: configurations of several instances change in version, number and shape, are scaled, deleted, and ask for each
 * other's ids, while callers start, stop and restart groups and single instances.
 */
final class GroupSimulation extends Simulation {
    private final GroupCalls calls = new GroupCalls(core);
    /** Whether callers stop anything in this life; where they do not, what is to run has no excuse. */
    private final boolean stops = choices.oneIn(2);

    /** Other numbers of instances than configurations say, by PID. */
    private final Map<String, Scale> scales = new HashMap<>();

    /** What callers have stopped, or what may have ended by itself for good. */
    private final Set<WorkerId> stopped = new HashSet<>();

    /** What callers have restarted: they may do that with one that no configuration asks for any more. */
    private final Set<WorkerId> restarted = new HashSet<>();

    /**
     * A number of instances in place of the one that a configuration says.
     *
     * @param unsure whether a configuration that may have overruled it came since
     */
    private record Scale(int said, int count, boolean unsure) {}

    /** Whether files change that instances watch. */
    private final boolean files;

    /** What instances ran when their files changed, since the last word on any of them. */
    private final Map<Worker, Run> ranBefore = new HashMap<>();

    GroupSimulation(Choices choices, boolean files) {
        super(choices, false, Kind.PLAIN);
        this.files = files;
    }

    @Override
    WorkerId someId() {
        return new WorkerId(choices.of(List.of("g", "g", "g-1", "g-2", "g-3", "h", "h-1")));
    }

    @Override
    WorkerSpec someSpec(WorkerId id) {
        Map<String, Object> options = new HashMap<>();
        options.put(SimulatedPlanner.VERSION, (long) choices.below(3));
        if (choices.below(3) > 0) {
            options.put("restart.policy", "always");
        }
        if (choices.oneIn(8)) {
            options.put(SimulatedPlanner.MISSING, true);
        }
        if (choices.oneIn(10)) {
            options.put(SimulatedPlanner.UNKNOWN, 1L);
        }
        if (!id.value().contains("-") && choices.below(4) > 0) {
            options.put("instances", (long) choices.below(5) % 4);
            options.put("reload.at_once", 1L + choices.below(2));
        }
        return WorkerSpec.of(id, "a", options);
    }

    @Override
    Configured configuration() {
        WorkerId id = new WorkerId(choices.of(List.of("g", "g", "g", "h", "g-2")));
        WorkerSpec spec = someSpec(id);
        if (choices.oneIn(6)) {
            Map<String, Object> options = new HashMap<>(spec.options());
            options.put("disabled", true);
            spec = WorkerSpec.of(id, "a", options);
        }
        String pid = "pid-" + (choices.oneIn(5) ? "q" : "p");
        return new Configured(pid, "config:" + pid, spec);
    }

    @Override
    void keep(Configured configured) {
        configurations.put(configured.pid(), configured);
        if (!"always".equals(configured.spec().options().get("restart.policy"))) {
            stopped.addAll(all());
        }
        Scale scale = scales.get(configured.pid());
        if (scale != null && scale.said() != saidCount(configured)) {
            scales.put(configured.pid(), new Scale(scale.said(), scale.count(), true));
        }
    }

    /** A configuration that takes a worker, or enables it, has its word when it is read; what it asks for is judged when all is quiet. */
    @Override
    void read(WorkerSpec spec) {
        loop.execute(() -> {
            Worker worker = core.registry.find(spec.id());
            if (worker == null || isTaken(worker, spec) || !worker.isConfigured() || worker.definition.disabled) {
                model.open(spec.id());
            }
        });
    }

    /** Whether a configuration takes a worker of another's: the one that came last, or an older one of a group while that is refused. */
    private boolean isTaken(Worker worker, WorkerSpec spec) {
        Group group = core.registry.groups.of(spec.id());
        String pid = group == null ? null : group.pid();
        boolean isOfGroup = pid != null && configurations.containsKey(pid) && !pid.equals(wholeOf(worker));
        return isOfGroup
                || configurations.values().stream()
                        .anyMatch(whole ->
                                spec.equals(asked(whole).get(spec.id())) && !isOf(worker.definition.pid, whole));
    }

    private static @Nullable String wholeOf(Worker worker) {
        return worker.definition.pid == null ? null : Configured.whole(worker.definition.pid);
    }

    @Override
    void command() {
        if (files && choices.oneIn(4)) {
            filesChange();
            return;
        }
        switch (choices.below(12)) {
            case 0 -> start();
            case 1, 2 -> stop();
            case 3 -> restart();
            case 4, 5, 6, 7 -> configure();
            case 8 -> scale();
            case 9 -> delete();
            case 10 -> changeTypes();
            default -> {
                if (choices.oneIn(6)) {
                    shutdown();
                }
            }
        }
    }

    /** Files change that all instances watch; they hear of it one after the other. */
    private void filesChange() {
        Duration pause = Duration.ofSeconds(choices.below(2));
        say("watched files change");
        for (Group group : List.copyOf(core.registry.groups.all())) {
            for (WorkerId id : group.instances()) {
                happenings.add(() -> loop.execute(() -> {
                    Worker worker = core.registry.find(id);
                    if (worker != null && worker.isLive() && !core.isShuttingDown()) {
                        open(List.of(id));
                        restarted.add(id);
                        calls.filesChange(worker, pause);
                        if (worker.run != null && worker.state == WorkerState.STARTED) {
                            ranBefore.put(worker, worker.run);
                        }
                    }
                }));
            }
        }
    }

    /** Nothing is known of what these are to be. */
    private void open(Iterable<WorkerId> ids) {
        ids.forEach(id -> ranBefore.keySet().removeIf(worker -> worker.id.equals(id)));
        ids.forEach(model::open);
    }

    private List<WorkerId> all() {
        List<WorkerId> ids = new ArrayList<>();
        for (String group : List.of("g", "h")) {
            ids.add(new WorkerId(group));
            IntStream.rangeClosed(1, 4).forEach(number -> ids.add(new WorkerId(group + "-" + number)));
        }
        return ids;
    }

    /** What comes of a call, without what stages wrap around a fault. */
    private <T> void call(String what, WorkerId id, CompletionStage<T> stage) {
        CompletableFuture<T> result = model.call(what, id, new CompletableFuture<>());
        answer(stage, result);
    }

    private static <T> void answer(CompletionStage<T> stage, CompletableFuture<T> result) {
        stage.whenComplete((value, fault) -> {
            if (fault == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(
                        fault instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : fault);
            }
        });
    }

    private void start() {
        WorkerSpec spec = someSpec(someId());
        say("start " + spec + " " + spec.options());
        loop.execute(() -> {
            open(all());
            if (InstanceOptions.isGroup(spec)) {
                loop.execute(() -> open(all()));
                call("start of group " + spec.id(), spec.id(), calls.start(spec, caller("starter")));
                return;
            }
            CompletableFuture<StartResult> result =
                    model.call("start of " + spec.id(), spec.id(), new CompletableFuture<>());
            core.starter.call(spec, caller("starter"), progress -> {}, result);
        });
    }

    private void stop() {
        WorkerId id = someId();
        if (!stops) {
            return;
        }
        StopOptions mode = choices.oneIn(3) ? StopOptions.KILL : StopOptions.GRACEFUL;
        say("stop " + id + " " + mode);
        loop.execute(() -> {
            stopped.addAll(core.registry.groups.expand(id));
            CompletableFuture<StopResult> result = model.call("stop of " + id, id, new CompletableFuture<>());
            if (calls.isGroup(id)) {
                // It is done in a later turn of the loop, to the instances there are then, or to the worker that has
                // the id.
                loop.execute(() -> {
                    List<WorkerId> ids = core.registry.groups.expand(id);
                    stopped.addAll(ids);
                    ids.forEach(one -> stops(one, result));
                });
                answer(calls.stop(id, mode, caller("stopper")), result);
            } else {
                stops(id, result);
                core.stopper.stop(id, mode, caller("stopper"), result);
            }
        });
    }

    private void stops(WorkerId id, CompletableFuture<StopResult> result) {
        Worker known = core.registry.find(id);
        if (core.starter.isPending(id) || known != null && known.isLive()) {
            model.stopped(id, result);
        }
    }

    private void restart() {
        WorkerId id = someId();
        say("restart " + id);
        loop.execute(() -> {
            open(core.registry.groups.expand(id));
            restarted.add(id);
            restarted.addAll(core.registry.groups.expand(id));
            if (calls.isGroup(id)) {
                // It is done in a later turn of the loop.
                loop.execute(() -> {
                    open(core.registry.groups.expand(id));
                    restarted.addAll(core.registry.groups.expand(id));
                });
                call("restart of group " + id, id, calls.restart(id, caller("restarter")));
            } else {
                CompletableFuture<StartResult> result = model.call("restart of " + id, id, new CompletableFuture<>());
                core.stopper.restart(id, null, caller("restarter"), result);
            }
        });
    }

    private void configure() {
        Configured configured = configuration();
        say("configure " + configured.pid() + " " + configured.spec() + " "
                + configured.spec().options());
        loop.execute(() -> {
            open(all());
            keep(configured);
            call("the taking of " + configured.pid(), configured.spec().id(), core.configuredWorkers.apply(configured));
        });
    }

    private void scale() {
        WorkerId id = new WorkerId(choices.oneIn(4) ? "h" : "g");
        int count = 1 + choices.below(4);
        say("scale " + id + " " + count);
        loop.execute(() -> {
            open(all());
            loop.execute(() -> open(all()));
            call("scaling of " + id, id, calls.scale(id, count, caller("scaler")));
            loop.execute(() -> scaled(id, count));
        });
    }

    /** If the group has the number now, it was taken. */
    private void scaled(WorkerId id, int count) {
        Group now = core.registry.groups.find(id);
        if (now != null
                && now.pid() != null
                && now.count() == count
                && InstanceOptions.problems(now.spec()).isEmpty()) {
            Configured last = configurations.get(now.pid());
            boolean unsure = last == null || !last.spec().equals(now.spec());
            scales.put(now.pid(), new Scale(InstanceOptions.count(now.spec()), count, unsure));
        }
    }

    private void delete() {
        if (configurations.isEmpty()) {
            return;
        }
        String pid = choices.of(List.copyOf(configurations.keySet()));
        say("delete " + pid);
        loop.execute(() -> {
            open(all());
            configurations.remove(pid);
            scales.remove(pid);
            core.configuredWorkers.remove(pid);
        });
    }

    private static int saidCount(Configured whole) {
        return InstanceOptions.isGroup(whole.spec())
                        && InstanceOptions.problems(whole.spec()).isEmpty()
                ? InstanceOptions.count(whole.spec())
                : 0;
    }

    /** What a configuration asks for: its worker, or one an instance; where nobody knows how many, as many as there are. */
    private Map<WorkerId, WorkerSpec> asked(Configured whole) {
        Scale scale = scales.get(whole.pid());
        int count = saidCount(whole);
        if (scale != null && scale.said() == count) {
            Group now = core.registry.groups.find(whole.spec().id());
            count = scale.unsure() && now != null && now.count() == count ? count : scale.count();
        }
        Map<WorkerId, WorkerSpec> parts = new HashMap<>();
        if (!InstanceOptions.isGroup(whole.spec())) {
            parts.put(whole.spec().id(), whole.spec());
        }
        for (int number = 1; number <= count; number++) {
            WorkerSpec part = InstanceOptions.instance(whole.spec(), number);
            parts.put(part.id(), part);
        }
        return parts;
    }

    @Override
    void judge() {
        if (core.isShuttingDown()) {
            return;
        }
        for (Worker worker : core.registry.all()) {
            model.check(!calls.awaitsTurn(worker), worker.id + " waits for its turn for ever");
            String reason = String.valueOf(worker.reason);
            model.check(
                    worker.state != WorkerState.STARTED
                            || worker.run != ranBefore.get(worker)
                            || reason.startsWith(Groups.FILES_HELD_BACK)
                            || reason.startsWith("its restart for changed files has failed"),
                    worker.id + " has not been restarted with its changed files: " + reason);
            boolean given = worker.definition.pid == null
                    && worker.definition.origin.startsWith("config:")
                    && !restarted.contains(worker.id);
            model.check(!given || !worker.isLive(), worker.id + " lives, and no configuration asks for it any more");
        }
        for (Group group : core.registry.groups.all()) {
            model.check(
                    group.pid() != null && configurations.containsKey(group.pid())
                            || group.instances().stream().anyMatch(one -> core.registry.find(one) != null),
                    "group " + group.id() + " is left, of " + group.source());
            Worker namesake = core.registry.find(group.id());
            model.check(
                    group.pid() == null || namesake == null || !namesake.isLive(),
                    group.id() + " lives beside the group of that name, of " + group.source());
        }
        for (Configured whole : configurations.values()) {
            Map<WorkerId, WorkerSpec> asked = asked(whole);
            if (planner.isGood(InstanceOptions.first(whole.spec()))
                    && (!InstanceOptions.isGroup(whole.spec())
                            || InstanceOptions.problems(whole.spec()).isEmpty())
                    && !isElsewhere(whole, asked.keySet())) {
                inForce(whole, asked);
            }
        }
    }

    /** Whether another has an id that a configuration asks for. */
    private boolean isElsewhere(Configured whole, Set<WorkerId> asked) {
        Set<WorkerId> claims = new TreeSet<>(asked);
        claims.add(whole.spec().id());
        // As many as the configuration says, where nobody knows whether that was overruled.
        IntStream.rangeClosed(1, saidCount(whole))
                .forEach(number ->
                        claims.add(InstanceOptions.instance(whole.spec().id(), number)));
        return claims.stream().anyMatch(id -> {
            Worker worker = core.registry.find(id);
            Group group = core.registry.groups.find(id);
            return worker != null && !isOf(worker.definition.pid, whole) && (worker.isConfigured() || worker.isLive())
                    || group != null && !isOf(group.pid(), whole);
        });
    }

    private static boolean isOf(@Nullable String pid, Configured whole) {
        return pid != null && Configured.whole(pid).equals(whole.pid());
    }

    private void inForce(Configured whole, Map<WorkerId, WorkerSpec> asked) {
        Set<WorkerId> there = new TreeSet<>();
        for (Worker worker : core.registry.all()) {
            if (isOf(worker.definition.pid, whole)) {
                there.add(worker.id);
            }
        }
        model.check(
                there.equals(new TreeSet<>(asked.keySet())),
                whole.pid() + " asks for " + new TreeSet<>(asked.keySet()) + ", there are " + there);
        asked.forEach((id, spec) -> {
            Worker worker = core.registry.find(id);
            if (worker == null) {
                return;
            }
            boolean heldBack = calls.isHeldBack(worker);
            // What could not be started changes nothing of one that runs or tries to.
            boolean refused = spec.options().containsKey(SimulatedPlanner.MISSING);
            model.check(
                    worker.definition.spec.equals(spec) || heldBack || refused,
                    id + " is as " + worker.definition.spec.options() + ", asked was " + spec.options() + "; "
                            + worker.reason);
            boolean disabled = spec.options().containsKey("disabled");
            model.check(
                    !disabled || !worker.isLive() || restarted.contains(id),
                    id + " is disabled and is " + worker.state);
            boolean always = "always".equals(spec.options().get("restart.policy"))
                    && !spec.options().containsKey(SimulatedPlanner.MISSING);
            model.check(
                    disabled || heldBack || !always || stopped.contains(id) || worker.state == WorkerState.STARTED,
                    id + " is to run and is " + worker.state + " " + worker.reason);
        });
    }
}
