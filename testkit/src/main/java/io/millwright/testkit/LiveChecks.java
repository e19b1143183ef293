package io.millwright.testkit;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Check.Skipped;
import io.millwright.testkit.Samples.Kind;
import io.millwright.testkit.Samples.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks of a type on a running node: life cycle, order of events, and its bundle's coming and going. */
final class LiveChecks {
    private static final Map<String, Object> ALWAYS =
            Map.of("restart.policy", "always", "restart.delay", "50ms", "restart.max", "50ms");

    private static final Duration SETTLING = Duration.ofMillis(500);

    private final TypeUnderTest subject;
    private final LiveNode node;

    LiveChecks(TypeUnderTest subject, LiveNode node) {
        this.subject = subject;
        this.node = node;
    }

    List<Check> all() {
        return List.of(
                new Check("the node offers the type", this::offered),
                new Check("the node accepts the good options", this::accepted),
                new Check("the node refuses the bad options, blaming the right key", this::refused),
                new Check("a start with bad options starts nothing", this::nothingStarted),
                new Check("a worker starts and stops, with its events in order", this::startAndStop),
                new Check("a worker can be killed", this::kill),
                new Check("a start can be cancelled", this::cancel),
                new Check("a restart gives a new process", this::restart),
                new Check("a process that ends by itself is restarted if asked for", this::recovery),
                new Check("workers outlive their type", this::outlive),
                new Check("a restart waits for the type and comes with it", this::waiting),
                new Check("a type that is back serves new starts", this::back));
    }

    /** Runs a check with a worker of its own, which is gone afterwards. */
    private interface Trial {
        void run(LiveWorker worker) throws Broken, InterruptedException;
    }

    @SuppressWarnings("try")
    private void on(Trial trial) throws Broken, InterruptedException, Skipped {
        if (!subject.fingerprint().usable()) {
            throw new Skipped(
                    "the type cannot be used here: " + subject.fingerprint().reason());
        }
        try (LiveWorker worker = new LiveWorker(subject, node)) {
            trial.run(worker);
        }
    }

    private NodeController controller() {
        return node.controller();
    }

    private void offered(List<String> findings) throws Broken, InterruptedException {
        List<WorkerTypeInfo> found = controller().getWorkerTypes().stream()
                .filter(type -> type.type().equals(subject.name))
                .toList();
        if (found.isEmpty()) {
            throw new Broken("The node offers no type '" + subject.name + "', only "
                    + controller().getStatus().workerTypes() + "; is it registered with the property worker.type?");
        }
        if (found.get(0).usable() != subject.fingerprint().usable()) {
            findings.add("The node says " + found.get(0).toMap() + ", the type itself " + subject.fingerprint() + ".");
        }
    }

    private List<Problem> problems(LiveWorker worker, Sample sample) throws Broken, InterruptedException {
        return worker.await(
                "a check of '" + sample.name() + "'",
                controller().check(worker.spec(sample, Map.of()), NodeController.CheckDepth.FULL));
    }

    private void accepted(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            for (Sample sample : subject.samples.of(Kind.VALID)) {
                List<Problem> problems = problems(worker, sample);
                if (!problems.isEmpty()) {
                    findings.add("The good options of '" + sample.name() + "' are refused: " + problems + ".");
                }
            }
        });
    }

    private List<Sample> bad() {
        return java.util.stream.Stream.of(Kind.REFUSED, Kind.UNLAUNCHABLE)
                .flatMap(kind -> subject.samples.of(kind).stream())
                .toList();
    }

    private void refused(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            for (Sample sample : bad()) {
                List<Problem> problems = problems(worker, sample);
                String path = String.valueOf(sample.path());
                if (problems.isEmpty()) {
                    findings.add("The bad options of '" + sample.name() + "' are accepted.");
                } else if (problems.stream().noneMatch(problem -> ProblemChecks.blames(problem, path))) {
                    findings.add(
                            "The problems of '" + sample.name() + "' do not blame '" + path + "': " + problems + ".");
                }
            }
        });
    }

    private void nothingStarted(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            for (Sample sample : bad()) {
                try {
                    StartResult result = worker.start(sample, Map.of());
                    findings.add("The bad options of '" + sample.name() + "' started process " + result.pid() + ".");
                } catch (LiveWorker.Refusal refusal) {
                    NodeException error = refusal.error();
                    if (error.code() != ErrorCode.INVALID_CONFIGURATION && error.code() != ErrorCode.CANNOT_START) {
                        findings.add("The start of '" + sample.name() + "' failed with " + error.toMap() + ".");
                    }
                }
            }
        });
    }

    private void startAndStop(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult started = worker.start(subject.samples.running(), Map.of());
            // One that ends by itself may still be there just after its start.
            if (!livesFor(started.pid(), SETTLING)) {
                throw new Broken("The worker was reported as started and its process is gone; the options of '"
                        + subject.samples.running().name() + "' must keep it running.");
            }
            StopResult stopped = worker.stop(StopOptions.GRACEFUL);
            if (stopped.exit() == null || stopped.exit().exitClass() != ExitClass.REQUESTED) {
                findings.add("It did not run until it was stopped: its exit is " + stopped.exit() + ".");
            } else if ("KILL".equals(stopped.exit().signal())) {
                findings.add("It did not end on its stop signal and had to be killed.");
            }
            gone(started.pid(), findings);
            List<String> events = worker.events("EXITED");
            List<String> expected = subject.isNative()
                    ? List.of("STARTING", "CONNECTED", "STARTED", "STOP_REQUESTED", "STOPPING", "EXITED")
                    : List.of("STARTING", "STARTED", "STOP_REQUESTED", "STOPPING", "EXITED");
            if (!events.equals(expected)) {
                findings.add("Its events were " + events + " and not " + expected + ".");
            }
        });
    }

    private static boolean livesFor(long pid, Duration time) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return false;
        }
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException stillThere) {
            return process.isAlive();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void gone(long pid, List<String> findings) {
        if (alive(pid)) {
            findings.add("Process " + pid + " is still there after the stop.");
        }
    }

    private void kill(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult started = worker.start(subject.samples.running(), Map.of());
            worker.stop(StopOptions.KILL);
            gone(started.pid(), findings);
        });
    }

    private void cancel(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            CompletableFuture<CompletionStage<StopResult>> stop = new CompletableFuture<>();
            CompletionStage<StartResult> start = controller()
                    .startWorker(
                            worker.spec(subject.samples.running(), Map.of()),
                            LiveWorker.ME,
                            progress -> stop.complete(
                                    controller().stopWorker(progress.id(), StopOptions.GRACEFUL, LiveWorker.ME)));
            try {
                worker.await("the start that is cancelled", start);
            } catch (LiveWorker.Refusal cancelled) {
                if (cancelled.error().code() != ErrorCode.CANNOT_START) {
                    throw new Broken("The cancelled start failed with "
                            + cancelled.error().toMap() + ".");
                }
            }
            worker.await("the stop", worker.await("the start's progress", stop));
            WorkerInfo info = worker.info();
            if (info.status().isLive()) {
                findings.add("After a cancelled start it is " + info.status().text() + ".");
            }
        });
    }

    private void restart(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult first = worker.start(subject.samples.running(), Map.of());
            StartResult second = worker.await("the restart", controller().restartWorker(worker.id(), LiveWorker.ME));
            if (first.pid() == second.pid()) {
                findings.add("It has the same process after the restart.");
            }
            gone(first.pid(), findings);
        });
    }

    private void recovery(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult first = worker.start(subject.samples.running(), ALWAYS);
            signalKill(worker);
            worker.eventually(
                    "restarted", info -> info.status() == WorkerState.STARTED && hasOtherPid(info, first.pid()));
        });
    }

    private void signalKill(LiveWorker worker) throws Broken, InterruptedException {
        CompletionStage<Void> sent = controller().signalWorker(worker.id(), Signal.KILL, LiveWorker.ME);
        worker.await("the signal", sent.thenApply(nothing -> true));
    }

    private static boolean hasOtherPid(WorkerInfo info, long pid) {
        Long now = info.pid();
        return now != null && now != pid;
    }

    private void away(Trial trial, LiveWorker worker) throws Broken, InterruptedException {
        try {
            withdraw();
            worker.eventually(
                    "without its type",
                    info -> !controller().getStatus().workerTypes().contains(subject.name));
            trial.run(worker);
        } finally {
            offer();
        }
    }

    private void withdraw() throws Broken, InterruptedException {
        try {
            node.withdraw();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new Broken("The type could not be taken away: " + e + ".");
        }
    }

    private void offer() throws Broken, InterruptedException {
        try {
            node.offer();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new Broken("The type could not be brought back: " + e + ".");
        }
    }

    private void outlive(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult started = worker.start(subject.samples.running(), Map.of());
            away(
                    gone -> {
                        WorkerInfo info = gone.info();
                        if (info.status() != WorkerState.STARTED || hasOtherPid(info, started.pid())) {
                            throw new Broken(
                                    "Without its type it is " + info.status().text() + ", process " + info.pid()
                                            + "; it was process " + started.pid() + ".");
                        }
                        gone.stop(StopOptions.GRACEFUL);
                        gone(started.pid(), findings);
                    },
                    worker);
        });
    }

    private void waiting(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            StartResult started = worker.start(subject.samples.running(), ALWAYS);
            away(
                    gone -> {
                        signalKill(gone);
                        gone.eventually(
                                "waiting for its type",
                                info -> info.status() == WorkerState.BACKOFF
                                        && String.valueOf(info.reason()).startsWith("type unavailable"));
                    },
                    worker);
            worker.eventually(
                    "back with its type",
                    info -> info.status() == WorkerState.STARTED && hasOtherPid(info, started.pid()));
        });
    }

    private void back(List<String> findings) throws Broken, InterruptedException, Skipped {
        on(worker -> {
            worker.start(subject.samples.running(), Map.of());
            worker.stop(StopOptions.GRACEFUL);
            away(
                    gone -> {
                        try {
                            gone.start(subject.samples.running(), Map.of());
                            findings.add("It could be started while its type was away.");
                        } catch (LiveWorker.Refusal refusal) {
                            if (refusal.error().code() != ErrorCode.INVALID_WORKER_TYPE) {
                                findings.add("A start without the type failed with "
                                        + refusal.error().toMap() + ".");
                            }
                        }
                    },
                    worker);
            worker.eventually(
                    "offered", info -> controller().getStatus().workerTypes().contains(subject.name));
            worker.start(subject.samples.running(), Map.of());
        });
    }
}
