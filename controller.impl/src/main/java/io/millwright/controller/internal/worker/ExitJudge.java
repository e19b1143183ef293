package io.millwright.controller.internal.worker;

import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.ExitNames;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.ProcessExit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the ends of runs: whether an exit is a success, an error or what was requested, and says how it came to it. Called in the
 * controller loop.
 */
final class ExitJudge {
    private static final int MOST_NAMES = 5;

    private final ControllerLoop loop;

    ExitJudge(ControllerLoop loop) {
        this.loop = loop;
    }

    /** Decides how the end that an event brings is judged, before it is published. */
    void judge(Worker worker, LifeEvent event) {
        Instant now = loop.now().at();
        StopRequest stop = worker.stop;
        worker.exitOfWait = event == LifeEvent.STOP || event == LifeEvent.KILL;
        worker.exit = switch (event) {
            case STOP, KILL ->
                WorkerExit.of(
                        ExitClass.REQUESTED,
                        worker.exit == null ? null : worker.exit.code(),
                        worker.exit == null ? null : worker.exit.signal(),
                        "stopped by " + (stop == null ? "" : stop.caller) + " while it waited for its next start",
                        now);
            case REFUSED, SPAWN_FAILED -> unspawned(worker.run, stop);
            default -> judgeProcess(worker, Objects.requireNonNull(worker.run, "no run"), stop);
        };
        worker.reason = null;
    }

    /** How the end of a run will be judged that has ended and was not told yet. */
    WorkerExit exitOf(Worker worker, Run run) {
        return run.failure == null ? judgeProcess(worker, run, worker.stop) : unspawned(run, worker.stop);
    }

    private WorkerExit unspawned(@Nullable Run run, @Nullable StopRequest stop) {
        return WorkerExit.of(
                stop != null ? ExitClass.REQUESTED : ExitClass.ERROR,
                null,
                null,
                stop != null ? "cancelled by " + stop.caller : failure(run),
                loop.now().at());
    }

    private static String failure(@Nullable Run run) {
        return run == null || run.failure == null ? "could not be started" : run.failure;
    }

    private WorkerExit judgeProcess(Worker worker, Run run, @Nullable StopRequest stop) {
        Instant at = (run.mainExitAt == null ? loop.now() : run.mainExitAt).at();
        ProcessExit exit = run.mainExit == null ? new ProcessExit(null, null) : run.mainExit;
        String how = exit.signal() != null ? "ended by signal " + exit.signal() : "exit code " + exit.code();
        Enclosure enclosure = run.process == null ? null : run.process.enclosure();
        String trouble = enclosure == null ? null : enclosure.trouble();
        if (trouble != null) {
            how += "; " + trouble;
        }
        if (stop == null || stop.exitedByItself) {
            how += leftBehind(exit, run.leftovers);
        }
        if (run.givenUp != null) {
            return WorkerExit.of(ExitClass.ERROR, exit.code(), exit.signal(), run.givenUp + "; " + how, at);
        }
        if (stop != null && !stop.exitedByItself) {
            String verb = stop.mode == StopMode.KILL ? "killed by " : "stopped by ";
            String late =
                    stop.timedOut == null ? "" : ", killed after the stop timeout of " + Settlement.text(stop.timedOut);
            return WorkerExit.of(
                    ExitClass.REQUESTED, exit.code(), exit.signal(), verb + stop.caller + late + "; " + how, at);
        }
        if (run.started == null) {
            return WorkerExit.of(
                    ExitClass.ERROR,
                    exit.code(),
                    exit.signal(),
                    "ended before it was ready" + unready(run) + ": " + how,
                    at);
        }
        OptionValues options = worker.options;
        WorkerExit failed = WorkerExit.of(ExitClass.ERROR, exit.code(), exit.signal(), how, at);
        boolean success = Objects.equals(exit.code(), 0)
                || (options != null && ExitNames.contains(options.strings(CommonOptions.EXIT_SUCCESS), failed));
        return success ? WorkerExit.of(ExitClass.SUCCESS, exit.code(), exit.signal(), how, at) : failed;
    }

    private static String unready(Run run) {
        return run.channel == null ? "" : run.channel.joined ? " (it had joined)" : " (it had not joined)";
    }

    private static String leftBehind(ProcessExit exit, List<Leftover> leftovers) {
        if (leftovers.isEmpty()) {
            return "";
        }
        String names =
                leftovers.stream().limit(MOST_NAMES).map(Leftover::toString).collect(Collectors.joining(", "));
        String more = leftovers.size() > MOST_NAMES ? " and " + (leftovers.size() - MOST_NAMES) + " more" : "";
        String text = "; what it left behind was ended: " + names + more;
        boolean daemon =
                Objects.equals(exit.code(), 0) && leftovers.stream().anyMatch(leftover -> leftover.background());
        return daemon
                ? text + "; the program put itself into the background: run it in the foreground"
                        + " (nginx: 'daemon off;', redis-server: --daemonize no), so that the node sees its end"
                : text;
    }
}
