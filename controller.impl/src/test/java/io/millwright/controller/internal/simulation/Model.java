package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.CommandOptions;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What must be true of the core, in rules that know nothing of how it works; a broken one is noted as a sentence. */
final class Model {
    /** What the last word on a worker was. */
    private enum Wanted {
        /** It is to run. */
        UP,
        /** It is to rest, by the word of a caller. */
        STOPPED,
        /** It is to rest, because its configuration says so or is gone. */
        DISABLED,
        /** Nothing was said, or what was said did not come to anything. */
        OPEN
    }

    private static final Map<String, Set<String>> AFTER = Map.of(
            "", Set.of("STARTING", "BACKOFF", "FAILED"),
            "STARTING", Set.of("CONNECTED", "STARTED", "FAILED", "STOP_REQUESTED", "STOPPING"),
            "CONNECTED", Set.of("STARTED", "FAILED", "STOP_REQUESTED", "STOPPING"),
            "STARTED", Set.of("EXITED", "STOP_REQUESTED", "STOPPING"),
            "STOP_REQUESTED", Set.of("STOPPING", "EXITED"),
            "STOPPING", Set.of("EXITED", "FAILED"),
            "EXITED", Set.of("STARTING", "BACKOFF", "FAILED"),
            "FAILED", Set.of("STARTING", "BACKOFF", "FAILED"),
            "BACKOFF", Set.of("STARTING", "FAILED", "STOP_REQUESTED", "BACKOFF"));

    private static final class Word {
        Wanted wanted = Wanted.OPEN;
        int number;

        @Nullable
        WorkerSpec spec;

        /** A restart by overlap has failed: what ran before goes on. */
        boolean keptOld;
    }

    private record Call(String what, WorkerId id, CompletableFuture<?> result) {}

    final List<String> broken = new ArrayList<>();
    private final FakeBackend backend;
    private final Map<WorkerId, Word> words = new HashMap<>();
    private final Map<String, String> steps = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final Set<WorkerId> contested = new HashSet<>();
    /** Bad answers of each worker since its last start. */
    private final Map<String, Integer> badAnswers = new HashMap<>();

    /** The commands of the present or last run of each worker. */
    private final Map<String, FakeProcess> commands = new HashMap<>();

    private final Set<String> failed = new HashSet<>();
    private final Set<String> succeeded = new HashSet<>();
    private boolean shutDown;
    private int ends;
    final ChannelModel channels;

    Model(FakeBackend backend, Supplier<Duration> elapsed) {
        this.backend = backend;
        channels = new ChannelModel(this, backend, elapsed);
    }

    void check(boolean holds, String sentence) {
        if (!holds) {
            broken.add(sentence);
        }
    }

    private Word word(WorkerId id) {
        return words.computeIfAbsent(id, key -> new Word());
    }

    /** A start or restart was taken. */
    void up(WorkerId id, @Nullable WorkerSpec spec, CompletableFuture<StartResult> result) {
        Word word = said(id, Wanted.UP);
        word.spec = spec;
        openIfRefused(word, result);
    }

    /** A stop was taken. */
    void stopped(WorkerId id) {
        said(id, Wanted.STOPPED);
    }

    /** Its configuration is gone. */
    void givenUp(WorkerId id) {
        said(id, Wanted.DISABLED);
    }

    /** A stop was taken; one that is answered by an error is no word. */
    void stopped(WorkerId id, CompletableFuture<StopResult> result) {
        openIfRefused(said(id, Wanted.STOPPED), result);
    }

    private Word said(WorkerId id, Wanted wanted) {
        Word word = word(id);
        word.wanted = wanted;
        word.number++;
        return word;
    }

    private static void openIfRefused(Word word, CompletableFuture<?> result) {
        int number = word.number;
        result.whenComplete((value, fault) -> {
            // One that the processes resist is a word all the same.
            boolean refused = fault instanceof NodeException e && e.code() != ErrorCode.STOP_WORKER_FAILED;
            if (refused && word.number == number) {
                word.wanted = Wanted.OPEN;
            }
        });
    }

    /**
     * A good configuration was taken.
     *
     * @param disabled it says that the worker is not to run
     * @param overrules it has the last word although the worker was stopped
     * @param pending a start of the worker is being checked, and goes on with it
     * @param rests the worker has ended by itself
     */
    void configured(WorkerSpec spec, boolean disabled, boolean overrules, boolean pending, boolean rests) {
        Word word = word(spec.id());
        word.spec = spec;
        word.keptOld = false;
        if (disabled) {
            said(spec.id(), Wanted.DISABLED);
        } else if (overrules) {
            said(spec.id(), Wanted.UP);
        } else if (word.wanted == Wanted.UP || word.wanted == Wanted.DISABLED) {
            said(spec.id(), rests && !pending ? Wanted.OPEN : Wanted.UP);
        }
    }

    /** If it is to run, nobody knows as what. */
    void unsure(WorkerId id) {
        if (word(id).wanted == Wanted.UP) {
            open(id);
        }
    }

    /** A second configuration asks for a worker. */
    void contested(WorkerId id) {
        contested.add(id);
    }

    /** Nothing is known of what is wanted. */
    void open(WorkerId id) {
        said(id, Wanted.OPEN);
    }

    /** Each call is answered once, and what it is told is true. */
    <T> CompletableFuture<T> call(String what, WorkerId id, CompletableFuture<T> result) {
        calls.add(new Call(what, id, result));
        List<FakeProcess> before = backend.alive(id);
        result.whenComplete((value, fault) -> {
            if (fault != null) {
                check(fault instanceof NodeException, what + " was answered by " + fault);
            } else if (value instanceof StopResult) {
                check(
                        before.stream().noneMatch(FakeProcess::isAlive),
                        what + " was answered, and " + before + " is there");
            } else if (value instanceof StartResult started) {
                check(backend.find(started.pid()) != null, what + " was answered with a pid that never was");
            }
        });
        return result;
    }

    void event(NodeEvent event) {
        String topic = event.topic();
        String step = topic.substring(topic.lastIndexOf('/') + 1);
        if (topic.equals(NodeTopics.NODE_READY)) {
            check(!shutDown, "READY came after SHUTDOWN");
        }
        if (topic.equals(NodeTopics.NODE_SHUTDOWN)) {
            check(!shutDown, "SHUTDOWN came twice");
            shutDown = true;
        }
        if (event.properties().get(EventProperties.WORKER_ID) instanceof String id) {
            if (step.equals("ROLLOUT_STOPPED")) {
                // It is of a group.
                return;
            }
            String run = run(id, event);
            String before = steps.getOrDefault(run, "");
            if (step.equals("HEALTHY") || step.equals("UNHEALTHY")) {
                health(id, before, step);
                return;
            }
            if (step.equals("STARTED")) {
                badAnswers.remove(id);
            }
            check(AFTER.getOrDefault(before, Set.of()).contains(step), id + ": " + step + " came after " + before);
            channels.event(event, id, before, step);
            check(!(shutDown && step.equals("STARTING")), id + " was started after the shutdown");
            if ("error".equals(event.properties().get(EventProperties.EXIT_CLASS))) {
                failed.add(id);
            }
            if ("success".equals(event.properties().get(EventProperties.EXIT_CLASS))) {
                succeeded.add(id);
            }
            boolean waited = before.equals("STOP_REQUESTED") && step.equals("EXITED");
            if ((step.equals("EXITED") && !waited) || step.equals("FAILED")) {
                ends++;
            }
            steps.put(run, step);
            boolean next = "next".equals(event.properties().get(EventProperties.OVERLAP));
            if (next && (step.equals("EXITED") || step.equals("FAILED"))) {
                word(new WorkerId(id)).keptOld = true;
            }
        }
    }

    /** Whose steps an event is one of: those of a worker, or of one of its runs if it may have two at once. */
    private String run(String id, NodeEvent event) {
        Object number = event.properties().get(EventProperties.WORKER_RUN);
        if (number != null) {
            return id + " " + number;
        }
        // It was begun before its worker was to have two runs at once.
        String run = id + " of pid " + event.properties().get(EventProperties.WORKER_PID);
        if (!steps.containsKey(run)) {
            if (!"retiring".equals(event.properties().get(EventProperties.OVERLAP))) {
                return id;
            }
            check("STARTED".equals(steps.put(id, "EXITED")), id + " retires and was not started");
            steps.put(run, "STARTED");
        }
        return run;
    }

    /** A worker was asked how it is. */
    void answered(WorkerId id, boolean bad) {
        if (bad) {
            badAnswers.merge(id.value(), 1, Integer::sum);
        }
    }

    /** What does not run is neither well nor not, and nothing is unhealthy that has not answered badly often enough. */
    private void health(String id, String before, String step) {
        check(before.equals("STARTED"), id + ": " + step + " came after " + before);
        check(
                step.equals("HEALTHY") || badAnswers.getOrDefault(id, 0) >= 2,
                id + " is unhealthy after " + badAnswers.get(id) + " bad answers");
    }

    /** Nothing starts before what it requires is ready. */
    void required(Worker worker, Registry registry) {
        for (String text : Objects.requireNonNull(worker.options).strings("requires")) {
            String[] parts = text.split(":", 2);
            Worker other = registry.find(new WorkerId(parts[0]));
            boolean completed = parts.length > 1 && parts[1].equals("completed");
            check(
                    completed ? succeeded.contains(parts[0]) : other != null && other.state == WorkerState.STARTED,
                    worker.id + " starts and requires " + text + ", which is "
                            + (other == null ? "not there" : other.state));
        }
    }

    private static List<?> requires(WorkerSpec spec) {
        Object requires = spec.options().get("requires");
        // What was saved comes back as Config Admin keeps it.
        return requires instanceof String[] kept ? List.of(kept) : requires instanceof List<?> list ? list : List.of();
    }

    /** A caller's command runs once, and not in a node that ends. */
    void bornOfCaller(FakeProcess process) {
        check(!shutDown, process + " is begun for a caller after the shutdown");
        check(
                backend.processes.stream()
                                .filter(other -> other.isCallers() && other.lastWord.equals(process.lastWord))
                                .count()
                        == 1,
                "command " + process.lastWord + " is run twice");
    }

    /** Nothing is left of a command whose caller is told how it ended. */
    void commandEnded(String number) {
        check(
                backend.callers().stream().noneMatch(process -> process.lastWord.equals(number)),
                "command " + number + " was answered, and " + backend.callers() + " are there");
    }

    void born(FakeProcess process, Worker worker) {
        if (process.command.equals(CommandOptions.FAILED)) {
            check(
                    failed.contains(process.id.value()),
                    process.command + " runs, and " + process.id + " has not failed");
            return;
        } else if (process.isCommand()) {
            command(process, worker);
            return;
        }
        List<FakeProcess> alive = backend.alive(process.id);
        if (worker.beside != null) {
            check(alive.size() <= 2, "there are " + alive + " at once");
            return;
        }
        check(alive.size() == 1, "there are " + alive + " at once");
        check(backend.commands(process.id).isEmpty(), process + " is there beside " + backend.commands(process.id));
        Admission.Planned plan = Objects.requireNonNull(Objects.requireNonNull(worker.run).plan);
        FakeProcess before = commands.get(process.id + " " + CommandOptions.BEFORE);
        check(
                CommandOptions.of(plan.options(), CommandOptions.BEFORE) == null || before != null && before.isGood,
                process + " is there, and what comes before it is not done: " + before);
    }

    /** A command has its place: before there is a process, while one is to end, or when it is gone; and never two. */
    private void command(FakeProcess process, Worker worker) {
        if (worker.beside != null) {
            commands.put(process.id + " " + process.command, process);
            return;
        }
        List<FakeProcess> running = backend.commands(process.id);
        check(running.size() == 1, "there are the commands " + running + " at once");
        boolean stops = process.command.equals(CommandOptions.STOP);
        check(
                stops || backend.alive(process.id).isEmpty(),
                process.command + " runs beside " + backend.alive(process.id));
        check(!stops || worker.state == WorkerState.STOPPING, process.command + " runs, and " + worker.state);
        commands.put(process.id + " " + process.command, process);
    }

    /** A start begins, or an end is told. */
    void turn(Worker worker, String step) {
        if (worker.beside != null) {
            return;
        }
        List<FakeProcess> running = backend.commands(worker.id);
        check(running.isEmpty(), worker.id + ": " + step + " while " + running + " run");
        if (step.equals("STARTING")) {
            commands.keySet().removeIf(key -> key.startsWith(worker.id + " "));
        }
    }

    /** After each step. */
    void always(Iterable<Worker> workers) {
        for (Worker worker : workers) {
            second(worker, worker.beside);
            if (worker.state == WorkerState.BACKOFF) {
                check(
                        worker.view.nextStart() != null || worker.view.reason() != null,
                        worker.id + " waits and does not say why");
            }
        }
    }

    /** Beside a worker that lives there may be one run, which gets ready or can only end. */
    private void second(Worker worker, @Nullable Worker place) {
        int alive = backend.alive(worker.id).size();
        check(alive <= (place == null ? 1 : 2), worker.id + " has " + alive + " processes at once");
        if (place != null) {
            check(worker.isLive(), worker.id + " is " + worker.state + ", and another run of it is " + place.state);
            check(place.beside == null, worker.id + " has a third run");
            check(
                    place.state == WorkerState.STOPPING || place.state == WorkerState.STARTING && place.next != null,
                    "the second run of " + worker.id + " is " + place.state);
        }
    }

    /** Once everything is quiet and each type is there. */
    void quiet(List<Worker> workers, int history) {
        check(backend.afterFailures().isEmpty(), "left are " + backend.afterFailures());
        check(backend.callers().isEmpty(), "left are " + backend.callers());
        check(ends == history, ends + " ends were published, the history has " + history);
        Map<WorkerId, Worker> known = new HashMap<>();
        workers.forEach(worker -> known.put(worker.id, worker));
        for (Call call : calls) {
            Worker worker = known.get(call.id);
            // What requires the end of one that runs waits for that.
            check(call.result.isDone() || waitsForAnEnd(worker, known), call.what + " was never answered");
        }
        words.forEach((id, word) -> lastWord(id, word, known.get(id)));
        for (Worker worker : workers) {
            check(backend.commands(worker.id).isEmpty(), "left are " + backend.commands(worker.id));
            boolean runs = worker.state == WorkerState.STARTED;
            check(worker.beside == null, "a second run of " + worker.id + " is left");
            check(backend.alive(worker.id).size() <= 1, "there are " + backend.alive(worker.id));
            check(
                    backend.alive(worker.id).isEmpty() != runs,
                    worker.id + " is " + worker.state + " with " + backend.alive(worker.id));
            socketsOf(worker);
            String other = waitsFor(worker);
            if (other != null) {
                check(
                        known.get(new WorkerId(other)) == null
                                || known.get(new WorkerId(other)).state != WorkerState.STARTED
                                || requires(worker.definition.spec).contains(other + ":completed"),
                        worker.id + " waits for " + other + ", which is there");
            }
            check(
                    (worker.view.health() != null)
                            == (runs && worker.options != null && ProbeOptions.isHealthAsked(worker.options)),
                    worker.id + " is " + worker.state + " and its health is " + worker.view.health());
            check(
                    runs || !worker.isLive() || worker.state == WorkerState.BACKOFF,
                    worker.id + " stays " + worker.state);
        }
    }

    /** Once everything is quiet: a worker that good configurations ask for is one's of them, and is as that says. */
    void owner(WorkerId id, @Nullable Worker worker, Map<String, Configured> all, List<Configured> asking) {
        check(
                asking.isEmpty() || worker != null && (worker.isConfigured() || worker.isLive()),
                id + " is nobody's, and asked for by " + asking);
        Configured own = worker == null || worker.definition.pid == null ? null : all.get(worker.definition.pid);
        if (worker == null || worker.definition.pid == null) {
            return;
        }
        check(own != null, id + " is of " + worker.definition.pid + ", which is deleted");
        boolean tried = own != null
                && asking.contains(own)
                && !own.spec().options().containsKey(SimulatedPlanner.MISSING)
                && !isOverlap(own.spec());
        check(
                !tried
                        || worker.definition.spec.equals(
                                Objects.requireNonNull(own).spec()),
                id + " is as " + worker.definition.spec.options() + ", its configuration says " + own);
    }

    /** Sockets are held for those that live, and for nobody else. */
    private void socketsOf(Worker worker) {
        for (String address : List.of(worker.id + "-0", worker.id + "-1")) {
            boolean asked = worker.options != null
                    && worker.options.objects("sockets").values().stream()
                            .anyMatch(
                                    socket -> socket.string("listen").orElse("").endsWith(address));
            boolean held = backend.listens(address);
            boolean needed = worker.state == WorkerState.STARTED || listens(worker);
            check(
                    !needed || held == asked,
                    worker.id + " is " + worker.state + " and " + address + " is held: " + held);
            check(
                    !listens(worker) || !backend.waits(address),
                    worker.id + " waits for a connection, and one waits for it");
            check(worker.isLive() || !held, worker.id + " rests and " + address + " is held");
        }
    }

    /** Whether a worker waits for a connection, and has a socket to wait at. */
    private static boolean listens(Worker worker) {
        WorkerWait waits = waiting(worker);
        return waits != null && waits.reason() == WaitReason.DEMAND && waits.until() == null;
    }

    static boolean waits(Worker worker, WaitReason why) {
        WorkerWait waits = waiting(worker);
        return waits != null && waits.reason() == why;
    }

    private static @Nullable WorkerWait waiting(Worker worker) {
        return info(worker).waiting();
    }

    private static WorkerInfo info(Worker worker) {
        return worker.view
                .info(new Moment(Instant.EPOCH, Duration.ZERO), null, List.of())
                .build();
    }

    private void lastWord(WorkerId id, Word word, @Nullable Worker worker) {
        boolean live = worker != null && worker.isLive();
        if (shutDown) {
            check(!live, id + " lives after the shutdown");
        } else if (contested.contains(id)) {
            return;
        } else if (word.wanted == Wanted.STOPPED || word.wanted == Wanted.DISABLED) {
            check(!live, id + " is to rest (" + word.wanted + ") and is " + (worker == null ? "gone" : worker.state));
        } else if (word.wanted == Wanted.UP && word.spec != null && isScheduled(word.spec)) {
            // What it was before goes on where its changed configuration could not be taken.
            check(
                    live || worker != null && worker.definition.notInForce() != null,
                    id + " has a schedule and is "
                            + (worker == null ? "not there" : worker.state + " " + worker.reason));
        } else if (word.wanted == Wanted.UP && word.spec != null && isEverRunning(word.spec) && !word.keptOld) {
            check(
                    worker != null
                            && (worker.state == WorkerState.STARTED
                                    || waits(worker, WaitReason.DEMAND)
                                            && (isByDemand(word.spec) || mayBeSpared(word.spec))
                                    || !requires(word.spec).isEmpty() && waitsFor(worker) != null),
                    id + " is to run and is " + (worker == null ? "not there" : worker.state + " " + worker.reason));
            check(
                    worker == null || worker.definition.spec.equals(word.spec) || mayBeSpared(word.spec),
                    id + " runs as " + (worker == null ? "" : worker.definition.spec.options()) + ", asked was "
                            + word.spec.options());
        }
    }

    /** A change by overlap is refused while what it requires is not ready: what runs goes on as it was, and is restarted so. */
    private static boolean mayBeSpared(WorkerSpec spec) {
        return isOverlap(spec) && !requires(spec).isEmpty();
    }

    /** The other worker that a worker waits for, {@code null} if it does not wait for one. */
    private static @Nullable String waitsFor(Worker worker) {
        WorkerWait waits = info(worker).waiting();
        return waits == null || waits.reason() != WaitReason.DEPENDENCY ? null : waits.what();
    }

    private static boolean waitsForAnEnd(@Nullable Worker worker, Map<WorkerId, Worker> known) {
        String what = worker == null ? null : waitsFor(worker);
        Worker other = what == null ? null : known.get(new WorkerId(what));
        return other != null && (other.state == WorkerState.STARTED || waitsForAnEnd(other, known));
    }

    /** Once everything is quiet: there is a timer for schedules as long as a worker lives that has one. */
    void schedules(Iterable<Worker> workers, int timers) {
        boolean any = false;
        for (Worker worker : workers) {
            boolean scheduled = ScheduleOptions.isGiven(worker.options);
            boolean waits = waits(worker, WaitReason.SCHEDULE);
            any |= scheduled && (waits || worker.state == WorkerState.STARTED);
            check(scheduled || !waits, worker.id + " waits for a time and has no schedule");
        }
        check(!any || timers > 0, "no timer is for schedules, and a worker has one");
        boolean live = false;
        for (Worker worker : workers) {
            live |= worker.isLive() && ScheduleOptions.isGiven(worker.options);
        }
        check(live || timers == 0, timers + " timers are for schedules, and no worker has one");
    }

    static boolean isScheduled(WorkerSpec spec) {
        return spec.options().containsKey("schedule.cron") && !spec.options().containsKey(SimulatedPlanner.UNKNOWN);
    }

    private static boolean isOverlap(WorkerSpec spec) {
        return "overlap".equals(spec.options().get("reload.mode"));
    }

    private static boolean isByDemand(WorkerSpec spec) {
        return "demand".equals(spec.options().get("start.on"));
    }

    private static boolean isEverRunning(WorkerSpec spec) {
        return "always".equals(spec.options().get("restart.policy"))
                && !"stop".equals(spec.options().get("health.action"))
                && !Long.valueOf(SimulatedGroups.BAD).equals(spec.options().get("cgroup.pids.max"))
                && !spec.options().containsKey(SimulatedPlanner.MISSING)
                && !spec.options().containsKey(SimulatedPlanner.UNKNOWN);
    }
}
