package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.CommandOptions;
import io.millwright.controller.internal.options.CommandOptions.Command;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.ProcessExit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a worker's options that belong to one run: before its process is made, to stop it, and after its end. There is
 * one of them at a time; the run goes on when nothing of it is left. Runs in the controller loop.
 */
final class RunCommands {
    private static final byte[] NO_INPUT = {};

    private final ControllerLoop loop;
    private final Supervisor supervisor;
    private final Settlement settlement;
    private final Commands commands;

    /** What comes when a command is over, and its run is wanted still. */
    interface Next {
        /**
         * Goes on.
         *
         * @param at where the run is by now
         * @param failure why the command has failed, {@code null} if it has not
         */
        void go(Worker at, @Nullable String failure);
    }

    RunCommands(ControllerLoop loop, Supervisor supervisor, Settlement settlement, Commands commands) {
        this.loop = loop;
        this.supervisor = supervisor;
        this.settlement = settlement;
        this.commands = commands;
    }

    /** Whether a worker has a command of its own to stop it. */
    static boolean hasStop(Worker worker) {
        return CommandOptions.of(worker.options, CommandOptions.STOP) != null;
    }

    /**
     * Runs what comes before the process of a run, whose time is that of the start.
     *
     * @param then gets why it has failed, {@code null} if there is nothing to run or all is well
     */
    void before(Worker worker, Run run, Admission.Planned plan, Next then) {
        Command command = CommandOptions.of(plan.options(), CommandOptions.BEFORE);
        if (command == null) {
            then.go(worker, null);
            return;
        }
        Command limited = command.within(ProbeOptions.startTimeout(plan.options()), ProbeOptions.START_TIMEOUT);
        begin(worker, run, limited, Map.of(), (at, failure) -> {
            run.prepared = run.created.until(loop.now());
            then.go(at, failure);
        });
    }

    /**
     * Runs what stops a worker, the first time.
     *
     * @param then gets why it has failed, {@code null} if it has not
     * @return false if there is nothing to run, or it was run before
     */
    boolean stop(Worker worker, Run run, long pid, Consumer<@Nullable String> then) {
        Command command = CommandOptions.of(worker.options, CommandOptions.STOP);
        if (command == null || run.commanded || run.mainExit != null) {
            return false;
        }
        run.commanded = true;
        begin(worker, run, command, Map.of("MAINPID", Long.toString(pid)), (at, failure) -> then.accept(failure));
        return true;
    }

    /** Runs what comes after the end of a run, and then what is to follow. */
    void after(Worker worker, Run run, Consumer<Worker> then) {
        Command command = CommandOptions.of(worker.options, CommandOptions.AFTER);
        if (command == null || run.plan == null) {
            then.accept(worker);
            return;
        }
        WorkerExit exit = settlement.exits.exitOf(worker, run);
        begin(worker, run, command, variables(exit), (at, failure) -> then.accept(at));
    }

    /** What a command finds in its environment of an end. */
    static Map<String, String> variables(WorkerExit exit) {
        Map<String, String> variables = new HashMap<>();
        variables.put("EXIT_CODE", exit.code() == null ? "" : exit.code().toString());
        variables.put("EXIT_SIGNAL", exit.signal() == null ? "" : exit.signal());
        variables.put("EXIT_CLASS", exit.exitClass().name().toLowerCase(Locale.ROOT));
        return variables;
    }

    private void begin(Worker worker, Run run, Command command, Map<String, String> variables, Next then) {
        Admission.Planned plan = Objects.requireNonNull(run.plan, "no plan");
        Commands.Request request = Commands.Request.logged(worker, plan, command, variables, NO_INPUT);
        run.command = commands.run(request, new CommandRun.Outcome() {
            @Override
            public void over(@Nullable ProcessExit exit, @Nullable String failure) {
                run.command = null;
                if (failure != null) {
                    worker.log.note(failure);
                }
                Worker at = run.place();
                if (at != null) {
                    at.publishView();
                    then.go(at, failure);
                }
            }

            @Override
            public void stuck(String why) {
                Worker at = run.place();
                if (at != null && at.state.isLive() && at.state != WorkerState.BACKOFF) {
                    at.reason = why;
                    supervisor.fire(at, LifeEvent.STUCK);
                }
            }
        });
        worker.publishView();
    }
}
