package io.millwright.controller.internal.worker;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.CommandOptions;
import io.millwright.controller.internal.options.CommandOptions.Command;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.process.ProcessExit;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has somebody told of workers that have ended for good with an error, by a command of their options. The worker does not wait for
 * it and may be started again meanwhile; a shutdown waits, but no longer than {@code stop.timeout}. Runs in the controller loop.
 */
public final class FailedCommands {
    private static final int LINES = 20;

    private final Commands commands;
    private final Runnable changed;
    private final Set<Told> running = new HashSet<>();
    private boolean shuttingDown;

    /**
     * Has none yet.
     *
     * @param supervisor has what runs commands
     * @param changed run each time one is over
     */
    public FailedCommands(Supervisor supervisor, Runnable changed) {
        this.commands = supervisor.commands();
        this.changed = changed;
    }

    /** A worker has ended, and no run follows. */
    public void endedForGood(Worker worker, WorkerExit exit) {
        Command command = CommandOptions.of(worker.options, CommandOptions.FAILED);
        Admission.Planned plan = worker.lastPlan;
        if (command == null || plan == null || exit.exitClass() != ExitClass.ERROR) {
            return;
        }
        Commands.Request request =
                Commands.Request.logged(worker, plan, command, RunCommands.variables(exit), text(worker, exit));
        Told told = new Told(worker);
        running.add(told);
        told.run = commands.run(request, told);
        if (shuttingDown) {
            told.hurry();
        }
    }

    /** The node shuts down. */
    public void shutDown() {
        shuttingDown = true;
        running.forEach(Told::hurry);
    }

    /** One such command; a shutdown does not wait for processes that outlive SIGKILL. */
    private final class Told implements CommandRun.Outcome {
        private final Worker worker;

        @Nullable
        CommandRun run;

        Told(Worker worker) {
            this.worker = worker;
        }

        void hurry() {
            if (run != null) {
                run.endWithin(RunEnder.stopTimeout(worker, StopOptions.GRACEFUL), CommonOptions.STOP_TIMEOUT);
            }
        }

        @Override
        public void over(@Nullable ProcessExit exit, @Nullable String failure) {
            leave(failure);
        }

        @Override
        public void stuck(String why) {
            leave(why);
        }

        private void leave(@Nullable String why) {
            if (why != null) {
                worker.log.note(why);
            }
            running.remove(this);
            changed.run();
        }
    }

    private static byte[] text(Worker worker, WorkerExit exit) {
        List<LogEntry> lines = worker.log.tail(LINES);
        return ("worker " + worker.id + ": " + exit.reason() + "\n"
                        + lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether none runs. */
    public boolean isIdle() {
        return running.isEmpty();
    }
}
