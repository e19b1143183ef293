package io.millwright.remote.cli;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.Traffic;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.api.monitor.ProcessStats;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the node says of workers, made from its documents. Stateless. */
final class WorkerDocuments {
    private WorkerDocuments() {}

    static WorkerInfo worker(Values values) {
        Values waiting = values.inner("waiting");
        Values health = values.inner("health");
        Values stats = values.inner("stats");
        Values retiring = values.inner("retiring");
        return WorkerInfo.builder(values.id(), values.text("type"), values.word(WorkerState.class, "status"))
                .group(values.textOrNull("group"))
                .reason(values.textOrNull("reason"))
                .operatorWord(values.textOrNull("operator_word"))
                .run(values.numberOrNull("run"))
                .pid(values.numberOrNull("pid"))
                .retiring(retiring == null ? null : retiring(retiring))
                .created(values.timeOrNull("created"))
                .started(values.timeOrNull("started"))
                .startupTime(values.durationOrNull("startup_time"))
                .uptime(values.durationOrNull("uptime"))
                .restarts((int) values.number("restarts"))
                .nextStart(values.timeOrNull("next_start"))
                .waiting(waiting == null ? null : waiting(waiting))
                .health(health == null ? null : health(health))
                .exit(exitOrNull(values))
                .origin(values.text("origin"))
                .who(values.callerOrNull("who"))
                .options(
                        values.has("options")
                                ? Values.of(values.all().get("options")).all()
                                : Map.of())
                .customizers(values.texts("customizers"))
                .planHash(values.textOrNull("plan_hash"))
                .stats(stats == null ? null : stats(stats))
                .build();
    }

    private static RetiringRun retiring(Values values) {
        return RetiringRun.of(values.numberOrNull("pid"), values.numberOrNull("run"), values.time("since"));
    }

    private static WorkerWait waiting(Values values) {
        return WorkerWait.of(values.word(WaitReason.class, "reason"), values.time("since"))
                .withUntil(values.timeOrNull("until"))
                .withWhat(values.textOrNull("for"));
    }

    private static WorkerHealth health(Values values) {
        return WorkerHealth.of(values.word(WorkerHealth.State.class, "state"), values.time("since"))
                .withReason(values.textOrNull("reason"));
    }

    private static WorkerStats stats(Values values) {
        Values traffic = Values.of(values.all().get("traffic"));
        Values process = values.inner("process");
        WorkerStats stats = WorkerStats.of(
                traffic(Values.of(traffic.all().get("stdout"))),
                traffic(Values.of(traffic.all().get("stderr"))),
                values.number("lost_log_bytes"),
                process == null
                        ? null
                        : ProcessStats.of(
                                process.number("pid"),
                                process.duration("cpu"),
                                process.number("rss"),
                                (int) process.number("threads"),
                                process.intOrNull("fds")));
        Values figures = values.inner("figures");
        return figures == null ? stats : stats.withFigures(figures.all());
    }

    private static Traffic traffic(Values values) {
        return Traffic.of(values.number("lines"), values.number("bytes"));
    }

    /** The exit in a document, {@code null} if there is none. */
    static @Nullable WorkerExit exitOrNull(Values values) {
        Values exit = values.inner("exit");
        return exit == null ? null : exit(exit);
    }

    static WorkerExit exit(Values values) {
        return WorkerExit.of(
                values.word(WorkerExit.ExitClass.class, "class"),
                values.intOrNull("code"),
                values.textOrNull("signal"),
                values.text("reason"),
                values.time("at"));
    }

    static WorkerRun run(Values values) {
        return WorkerRun.builder(
                        values.id(),
                        values.text("type"),
                        values.time("created"),
                        exit(Values.of(values.all().get("exit"))))
                .run(values.numberOrNull("run"))
                .pid(values.numberOrNull("pid"))
                .started(values.timeOrNull("started"))
                .restart((int) values.number("restart"))
                .build();
    }

    static StartProgress progress(Values values) {
        return StartProgress.of(values.id(), values.time("created"), values.caller("who"));
    }

    static StartResult started(Values values) {
        return StartResult.of(
                values.id(),
                values.time("started"),
                values.caller("who"),
                values.number("pid"),
                values.duration("startup_time"));
    }

    static StopResult stopped(Values values) {
        return StopResult.of(
                values.id(),
                values.text("type"),
                values.flag("kill") ? StopMode.KILL : StopMode.GRACEFUL,
                values.caller("who"),
                values.time("when"),
                exitOrNull(values));
    }

    /** One of several: a result, or what was wrong with it. */
    static <T extends Document> Outcome<T> outcome(Values values, Function<Values, T> result) {
        return values.has("error")
                ? Outcome.failed(values.id(), Errors.of(values.text("error"), values))
                : Outcome.of(values.id(), result.apply(values));
    }

    static PlannedChange planned(Values values) {
        return PlannedChange.of(
                values.text("id"),
                values.textOrNull("type"),
                values.word(PlannedChange.Action.class, "action"),
                values.texts("keys"),
                values.textOrNull("reason"),
                values.list("problems", Errors::problem));
    }

    static LogEntry entry(Values values) {
        return LogEntry.of(
                values.time("time"),
                values.word(LogEntry.Stream.class, "stream"),
                values.textOrNull("level"),
                values.text("text"));
    }

    static LogMatches matches(Values values) {
        List<LogMatches.Match> matches = values.list(
                "matches",
                match -> LogMatches.Match.of(
                        entry(Values.of(match.all().get("entry"))),
                        match.list("before", WorkerDocuments::entry),
                        match.list("after", WorkerDocuments::entry)));
        return LogMatches.of(matches, values.flag("more"), values.texts("problems"));
    }
}
