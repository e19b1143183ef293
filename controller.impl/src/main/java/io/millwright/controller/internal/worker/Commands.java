package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.launch.Located;
import io.millwright.controller.internal.launch.Programs;
import io.millwright.controller.internal.options.CommandOptions.Command;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands beside workers, as their programs run: in their directory, with their environment, user and limits, and as
 * launches of their own, so that the whole tree of each can be ended. Called in the controller loop; processes are made by the
 * spawn threads, and no thread waits for one.
 */
final class Commands {
    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final Executor spawners;
    private final Path runDirectory;
    private final Enclosures groups;
    private final AtomicLong numbers = new AtomicLong();

    Commands(ControllerLoop loop, ProcessBackend backend, Executor spawners, Path runDirectory, Enclosures groups) {
        this.loop = loop;
        this.backend = backend;
        this.spawners = spawners;
        this.runDirectory = runDirectory;
        this.groups = groups;
    }

    /**
     * What a command is run with.
     *
     * @param worker whose command it is
     * @param plan the launch of the worker whose directory, environment, user and limits it gets
     * @param command what is run, and how long it may take
     * @param variables what it finds in its environment besides
     * @param input what it finds on its standard input
     * @param stdout gets its output
     * @param stderr gets its error output
     */
    record Request(
            WorkerId worker,
            Admission.Planned plan,
            Command command,
            Map<String, String> variables,
            LaunchPlan.Input input,
            OutputSink stdout,
            OutputSink stderr) {
        /** One whose output goes to the worker's log, marked with its name. */
        static Request logged(
                Worker worker, Admission.Planned plan, Command command, Map<String, String> variables, byte[] input) {
            Supplier<OutputSink> log = () -> worker.log.command(command.option() + ": ");
            return new Request(
                    worker.id, plan, command, variables, LaunchPlan.Input.of(input, false), log.get(), log.get());
        }

        private LaunchPlan launch() {
            Map<String, String> environment = new HashMap<>(plan.plan().environment());
            environment.putAll(variables);
            return LaunchPlan.builder(
                            command.option(), command.words(), plan.plan().directory())
                    .environment(environment)
                    .secretVariables(plan.plan().secretVariables())
                    .input(input)
                    .build();
        }
    }

    /**
     * Begins to run a command.
     *
     * @param request what is run
     * @param outcome told in the loop, later
     * @return it, to end it before its time
     */
    CommandRun run(Request request, CommandRun.Outcome outcome) {
        CommandRun run = new CommandRun(loop, request.command(), outcome);
        spawners.execute(() -> {
            try {
                if (run.isCancelled()) {
                    throw new IOException("was cancelled before it was started");
                }
                WorkerProcess process = spawn(request, run.listener());
                loop.execute(() -> run.spawned(process));
            } catch (IOException | RuntimeException | Error e) {
                loop.execute(() -> run.spawnFailed(String.valueOf(e.getMessage())));
            }
        });
        return run;
    }

    private WorkerProcess spawn(Request request, ProcessListener listener) throws IOException {
        LaunchPlan plan = request.launch();
        LaunchStep step = LaunchStep.of(request.plan().options());
        if (request.plan().createDirectory()) {
            makeDirectory(plan.directory(), step);
        }
        Located program = Programs.locate(plan);
        if (program.problem() != null) {
            throw new IOException(program.problem().message());
        }
        Launch launch = new Launch(
                request.worker(),
                plan,
                program.get(),
                new Output.Pipe(request.stdout()),
                new Output.Pipe(request.stderr()));
        // Several of a worker may be on their way at once: each has a file of its own, of a name that is no id.
        return step == null
                ? backend.spawn(launch, listener)
                : step.spawn(
                        backend,
                        launch,
                        listener,
                        runDirectory.resolve("launch-" + launch.id() + "." + numbers.incrementAndGet()),
                        groups);
    }

    /** Makes the working directory of a worker, for its user. Blocks for a moment. */
    static void makeDirectory(Path directory, @Nullable LaunchStep step) throws IOException {
        if (step != null) {
            step.makeDirectory(directory);
            return;
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException("its working directory cannot be made: " + Located.reason(e), e);
        }
    }
}
