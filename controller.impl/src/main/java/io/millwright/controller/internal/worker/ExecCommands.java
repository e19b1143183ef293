package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.CommandOptions.Command;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands of callers beside workers, whether these run or not. They belong to no run: the end of the worker does not end them,
 * that of the node does. Its methods run in the controller loop, but for what is said of them.
 */
public final class ExecCommands {
    /** What stands before the words of a command in messages. */
    public static final String NAME = "worker:exec";

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Starter starter;
    private final Commands commands;
    private final WorkerEvents events;
    private final Executor readers;
    private final BooleanSupplier shuttingDown;
    private final Runnable changed;
    private final Set<Exec> running = new HashSet<>();

    /**
     * Has none yet.
     *
     * @param supervisor has what runs commands
     * @param readers run what takes the output and may be blocked by it
     * @param shuttingDown whether nothing is begun any more
     * @param changed run each time one is over
     */
    public ExecCommands(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Starter starter,
            Supervisor supervisor,
            WorkerEvents events,
            Executor readers,
            BooleanSupplier shuttingDown,
            Runnable changed) {
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.starter = starter;
        this.commands = supervisor.commands();
        this.events = events;
        this.readers = readers;
        this.shuttingDown = shuttingDown;
        this.changed = changed;
    }

    /**
     * Takes a command; for any thread.
     *
     * @param listener told at once, in this thread, that it is taken
     * @param result completed when it is over
     */
    public void begin(
            WorkerId id,
            CommandSpec command,
            CommandListener listener,
            Caller caller,
            CompletableFuture<CommandExit> result) {
        Exec exec = new Exec(id, command, caller, new CommandOutput(listener, readers), result);
        listener.onBegin(exec);
        loop.execute(exec::plan, exec::failed);
    }

    /** Whether none runs, and none is about to. */
    public boolean isIdle() {
        return running.isEmpty();
    }

    /** Ends them all: the node shuts down. */
    public void endAll() {
        Set.copyOf(running).forEach(Exec::end);
    }

    private final class Exec implements RunningCommand, CommandRun.Outcome {
        private final WorkerId id;
        private final CommandSpec spec;
        private final Caller caller;
        private final CommandOutput output;
        private final CompletableFuture<CommandExit> result;
        /** Its process; for any thread. */
        private final CompletableFuture<WorkerProcess> process = new CompletableFuture<>();

        private Moment begun = loop.now();
        private @Nullable CommandRun run;
        private boolean ending;
        private @Nullable Future<?> killer;

        Exec(
                WorkerId id,
                CommandSpec spec,
                Caller caller,
                CommandOutput output,
                CompletableFuture<CommandExit> result) {
            this.id = id;
            this.spec = spec;
            this.caller = caller;
            this.output = output;
            this.result = result;
        }

        void plan() {
            Worker worker = registry.get(id);
            if (shuttingDown.getAsBoolean()) {
                throw Settlement.shuttingDown();
            }
            running.add(this);
            Run present = worker.run;
            if (present != null && present.plan != null && present.live() != null) {
                run(present.plan);
                return;
            }
            planner.admit(worker.definition.spec)
                    .whenComplete(
                            (admission, fault) -> loop.execute(() -> admitted(worker, admission, fault), this::failed));
        }

        private void admitted(Worker worker, @Nullable Admission admission, @Nullable Throwable fault) {
            if (shuttingDown.getAsBoolean()) {
                failed(Settlement.shuttingDown());
            } else if (ending) {
                failed(cannotStart(what() + " was cancelled"));
            } else if (admission instanceof Admission.Planned planned && fault == null) {
                run(planned);
            } else {
                NodeException refusal = starter.refusals().of(worker.definition.spec, admission, fault);
                failed(refusal != null ? refusal : cannotStart("worker '" + id + "' cannot be planned"));
            }
        }

        private String what() {
            return NAME + " '" + spec + "'";
        }

        private void run(Admission.Planned plan) {
            events.say(
                    Level.INFO,
                    "worker " + id + ": the command '" + spec + "' is run in its place, asked by " + caller);
            begun = loop.now();
            Command command = new Command(NAME, spec.words(), spec.timeout(), "the timeout it was given");
            run = commands.run(
                    new Commands.Request(
                            id,
                            plan,
                            command,
                            Map.of(),
                            spec.openInput() ? LaunchPlan.Input.OPEN : LaunchPlan.Input.CLOSED,
                            output.sink(Stream.STDOUT),
                            output.sink(Stream.STDERR)),
                    this);
        }

        @Override
        public void begun(WorkerProcess there) {
            process.complete(there);
        }

        @Override
        public void timedOut() {
            output.hurry();
        }

        @Override
        public boolean holdsOutput() {
            return output.isFull();
        }

        @Override
        public void stuck(String why) {
            failed(new NodeException(ErrorCode.INTERNAL, why));
        }

        @Override
        public void over(@Nullable ProcessExit exit, @Nullable String failure) {
            if (exit == null) {
                failed(cannotStart(String.valueOf(failure)));
                return;
            }
            Duration took = begun.until(loop.now());
            CommandExit how = CommandExit.of(id, exit.code(), exit.signal(), failure, took);
            if (leave()) {
                events.say(
                        Level.INFO,
                        "worker " + id + ": the command '" + spec + "' "
                                + (exit.code() != null ? "ended with " + exit.code() : "was ended by " + exit.signal())
                                + " after " + Settlement.text(took));
            }
            output.end(() -> loop.execute(() -> events.complete(result, how)));
        }

        /** It does not run, or no longer; false if that was so before. */
        private boolean leave() {
            if (killer != null) {
                killer.cancel(false);
            }
            boolean was = running.remove(this);
            process.completeExceptionally(new IllegalStateException(what() + " does not run"));
            changed.run();
            return was;
        }

        private void failed(Throwable why) {
            output.close();
            leave();
            events.fail(result, why);
        }

        private NodeException cannotStart(String why) {
            return new NodeException(ErrorCode.CANNOT_START, why);
        }

        /** Asks it to end, and kills it when it does not. */
        private void end() {
            ending = true;
            output.hurry();
            if (run != null && killer == null && running.contains(this)) {
                run.terminate();
                killer = loop.schedule(GRACE, run::kill);
            }
        }

        @Override
        public CompletionStage<Void> write(byte[] data) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            process.thenCompose(there -> there.write(data))
                    .whenComplete((nothing, fault) -> events.afterwards(() -> {
                        if (fault == null) {
                            written.complete(null);
                        } else {
                            written.completeExceptionally(fault);
                        }
                    }));
            return written;
        }

        @Override
        public void closeInput() {
            process.thenAccept(WorkerProcess::closeInput);
        }

        @Override
        public void cancel() {
            output.close();
            loop.execute(this::end);
        }
    }
}
