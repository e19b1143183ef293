package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.log.LogLane;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.LogRotation;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the process of a run made by the spawn threads, and brings what the backend says of it into the loop as events. Runs in the
 * controller loop.
 */
final class RunLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(RunLauncher.class);

    /**
     * The signals by which a service manager or a machine that goes down ends all processes, the node and its workers alike. What
     * they end is judged a moment later, in which the node learns that the end was meant for it too.
     */
    private static final Set<String> ENDING = Set.of("TERM", "INT", "HUP");

    private static final Duration NODE_SIGNALLED = Duration.ofMillis(250);
    private static final String CANCELLED = "cancelled before it was started";
    private static final byte[] NO_BIRTH_LINE = {};

    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final Executor spawners;
    private final Supervisor supervisor;
    private final RunEnder ender;
    private final RunCommands commands;
    private final Channels channels;
    private final Notices notices;
    private final HeldSockets sockets;
    private final Confined confined;
    private final Path logDirectory;
    private final Path runDirectory;

    RunLauncher(
            ControllerLoop loop,
            ProcessBackend backend,
            Executor spawners,
            Supervisor supervisor,
            RunEnder ender,
            RunCommands commands,
            Channels channels,
            Notices notices,
            HeldSockets sockets,
            Confined confined,
            Path logDirectory,
            Path runDirectory) {
        this.loop = loop;
        this.backend = backend;
        this.spawners = spawners;
        this.supervisor = supervisor;
        this.ender = ender;
        this.commands = commands;
        this.channels = channels;
        this.notices = notices;
        this.sockets = sockets;
        this.confined = confined;
        this.logDirectory = logDirectory;
        this.runDirectory = runDirectory;
    }

    void spawn(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        Admission.Planned plan = Objects.requireNonNull(run.plan, "no plan");
        commands.before(worker, run, plan, (at, failure) -> {
            if (at.state != WorkerState.STARTING) {
                ender.spawnFailed(run, CANCELLED);
            } else if (failure != null) {
                ender.spawnFailed(run, failure);
            } else {
                prepared(at, run, plan);
            }
        });
    }

    private void prepared(Worker worker, Run run, Admission.Planned plan) {
        if (!plan.plan().channel()) {
            spawn(worker, run, plan, plan.plan(), NO_BIRTH_LINE);
            return;
        }
        LaunchPlan open = plan.plan().withInput(LaunchPlan.Input.OPEN);
        channels.expect(worker, run, plan)
                .whenComplete((line, fault) -> loop.execute(() -> {
                    if (line == null) {
                        ender.spawnFailed(run, "its control channel could not be prepared: " + message(fault));
                    } else {
                        spawn(worker, run, plan, open, line);
                    }
                }));
    }

    static String message(@Nullable Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    /** Has the process made; its birth line is in no plan, for plans are shown. */
    private void spawn(Worker worker, Run run, Admission.Planned plan, LaunchPlan launched, byte[] birthLine) {
        Run other = otherRun(worker);
        LogLane lane = worker.log.lane(other == null ? null : other.lane);
        run.lane = lane;
        if (other != null && ProbeOptions.isLogged(plan.options())) {
            lane.keepLines();
        }
        Output stdout = output(worker, "stdout", lane.stdout());
        Output stderr =
                output(worker, "stderr", run.channel == null ? lane.stderr() : worker.log.stderr(run.channel.mark));
        LaunchStep step = LaunchStep.of(plan.options());
        sockets.want(worker.id, plan.options());
        LogOptions limits = worker.options == null ? LogOptions.DEFAULT : LogOptions.of(worker.options);
        spawners.execute(() -> {
            if (run.cancelled) {
                loop.execute(() -> ender.spawnFailed(run, CANCELLED));
                return;
            }
            try {
                if (plan.createDirectory()) {
                    Commands.makeDirectory(plan.plan().directory(), step);
                }
                rotate(worker.id, stdout, limits);
                rotate(worker.id, stderr, limits);
                LaunchPlan heard = notices.prepare(worker, launched, plan.options());
                List<HeldSocket> held = sockets.bind(worker.id, plan.options(), other != null);
                Launch request = new Launch(worker.id, heard, plan.program(), stdout, stderr).withSockets(held);
                WorkerProcess process = spawn(request, new Listener(run), step);
                Map<String, Object> inForce = step == null ? Map.of() : step.inForce(process);
                if (birthLine.length > 0) {
                    process.write(birthLine).whenComplete((written, fault) -> birthLineWritten(worker, fault));
                }
                loop.execute(() -> {
                    run.inForce = inForce;
                    spawned(worker.id, run, plan, process);
                });
            } catch (IOException | RuntimeException | Error e) {
                loop.execute(() -> ender.spawnFailed(run, message(e)));
            }
        });
    }

    private WorkerProcess spawn(Launch request, ProcessListener listener, @Nullable LaunchStep step)
            throws IOException {
        return step == null
                ? backend.spawn(request, listener)
                : step.spawn(
                        backend, request, listener, runDirectory.resolve("launch-" + request.id()), confined.groups());
    }

    private static void birthLineWritten(Worker worker, @Nullable Throwable fault) {
        if (fault != null) {
            // A worker that ends at once, or closes its input, is told of by what follows.
            LOG.debug("worker {}: the birth line could not be written", worker.id, fault);
        }
    }

    private static void rotate(WorkerId id, Output output, LogOptions limits) {
        if (output instanceof Output.ToFile to) {
            try {
                LogRotation.beforeRun(to.file(), limits);
            } catch (IOException e) {
                LOG.warn("worker {}: {} could not be rotated and grows on: {}", id, to.file(), e.toString());
            }
        }
    }

    private Output output(Worker worker, String stream, OutputSink sink) {
        String mode =
                worker.options == null ? "log" : worker.options.string(stream).orElse("log");
        return switch (mode) {
            case "close" -> new Output.Closed();
            case "drop" -> new Output.Drop();
            case "file" ->
                new Output.ToFile(logDirectory.resolve(worker.id + (stream.equals("stdout") ? ".out" : ".err")));
            default -> new Output.Pipe(sink);
        };
    }

    /** The other run of a worker that has two, {@code null} if this is its only one. */
    private static @Nullable Run otherRun(Worker worker) {
        Worker other = worker.whole == null ? worker.beside : worker.whole;
        return other == null ? null : other.run;
    }

    private void spawned(WorkerId id, Run run, Admission.Planned plan, WorkerProcess process) {
        Worker worker = run.place();
        if (worker == null) {
            LOG.error("worker {}: a process of an older launch appeared; it is ended", id);
            process.endTree();
            return;
        }
        worker.sockets = HeldSockets.shown(plan.options());
        run.process = process;
        // They may have changed while it was made.
        confined.update(worker);
        supervisor.fire(worker, LifeEvent.SPAWNED);
        Worker at = run.place();
        if (run.mainExit != null && at != null) {
            supervisor.fire(at, LifeEvent.MAIN_EXITED);
        }
    }

    /** Brings what the backend says of one launch into the loop. */
    private final class Listener implements ProcessListener {
        private final Run run;

        Listener(Run run) {
            this.run = run;
        }

        @Override
        public void exited(ProcessExit exit) {
            Moment when = loop.now();
            loop.execute(() -> {
                Worker worker = run.place();
                boolean stopped = worker == null || worker.stop != null;
                if (!stopped && exit.signal() != null && ENDING.contains(exit.signal())) {
                    loop.schedule(NODE_SIGNALLED, () -> exited(exit, when));
                } else {
                    exited(exit, when);
                }
            });
        }

        private void exited(ProcessExit exit, Moment when) {
            if (run.mainExit == null) {
                run.mainExit = exit;
                run.mainExitAt = when;
                if (run.started != null) {
                    run.started = Supervisor.startedBy(run, run.started);
                }
                Worker worker = run.place();
                if (worker != null && run.process != null) {
                    supervisor.fire(worker, LifeEvent.MAIN_EXITED);
                    ender.endedIfComplete(run);
                }
            }
        }

        @Override
        public void drained() {
            loop.execute(() -> {
                if (!run.drained) {
                    run.drained = true;
                    ender.endedIfComplete(run);
                }
            });
        }
    }
}
