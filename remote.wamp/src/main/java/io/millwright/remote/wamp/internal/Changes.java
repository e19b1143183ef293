package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.process.ProcessOperations.Numbering;
import io.millwright.wamp.message.Payload;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The operations that change something. Stateless. */
final class Changes {
    private Changes() {}

    static void addTo(Map<Operation, Procedures.Handler> table) {
        put(table, Operation.START_WORKER, Changes::start);
        put(table, Operation.START_WORKERS, request -> request.node()
                .startWorkers(request.arguments().selector(), request.caller()));
        put(table, Operation.STOP_WORKER, request -> request.node()
                .stopWorker(request.arguments().id(), stop(request.arguments()), request.caller()));
        put(table, Operation.STOP_WORKERS, request -> request.node()
                .stopWorkers(request.arguments().selector(), stop(request.arguments()), request.caller()));
        put(table, Operation.RESTART_WORKER, request -> request.node()
                .restartWorker(request.arguments().id(), request.caller()));
        put(table, Operation.RESTART_WORKERS, request -> request.node()
                .restartWorkers(
                        request.arguments().selector(),
                        RestartOptions.ALL_AT_ONCE
                                .withAtOnce(request.arguments().number("at_once", 0))
                                .withFirstFailureEnds(request.arguments().flag("first_failure_ends"))
                                .withStop(within(StopOptions.GRACEFUL, request.arguments())),
                        request.caller()));
        put(table, Operation.SCALE_WORKER, request -> request.node()
                .scaleWorker(
                        request.arguments().id(),
                        ScaleOptions.of(request.arguments().number("instances", 0))
                                .withOnce(request.arguments().flag("once")),
                        request.caller()));
        put(table, Operation.SIGNAL_WORKER, request -> request.node()
                .signalWorker(request.arguments().id(), request.arguments().signal(), request.caller()));
        put(table, Operation.WRITE_WORKER_INPUT, request -> request.node()
                .writeInput(
                        request.arguments().id(),
                        request.arguments().bytes("data"),
                        request.arguments().flag("end") ? InputEnd.CLOSE : InputEnd.KEEP_OPEN,
                        request.caller()));
        put(table, Operation.CALL_WORKER, request -> request.node()
                .callWorker(
                        request.arguments().id(),
                        request.arguments().required("operation"),
                        request.arguments().map("arguments"),
                        request.caller()));
        put(table, Operation.SAVE_WORKER, request -> request.node()
                .saveWorker(request.arguments().spec(), request.caller()));
        put(table, Operation.DELETE_WORKER, request -> request.node()
                .deleteWorker(request.arguments().id(), request.caller()));
        put(table, Operation.FORGET_WORKER, request -> request.node()
                .forgetWorker(request.arguments().id(), request.caller()));
        put(table, Operation.ROTATE_LOG, request -> request.node()
                .rotateLog(request.arguments().id(), request.caller()));
        put(table, Operation.REOPEN_LOGS, request -> request.node().reopenLogs(request.caller()));
        put(table, Operation.END_SESSION, request -> request.node()
                .endSession(
                        request.arguments().number("id", 0), request.arguments().flag("force"), request.caller()));
        put(table, Operation.SHUTDOWN, request -> request.node()
                .shutdown(shutdown(request.arguments()), request.caller()));
        processes(table);
    }

    private static void processes(Map<Operation, Procedures.Handler> table) {
        put(table, Operation.SET_CPU_AFFINITY, request -> {
            Numbering numbering = request.arguments().flag("relative") ? Numbering.RELATIVE : Numbering.ABSOLUTE;
            return CompletableFuture.completedFuture(request.node()
                    .getProcess()
                    .setCpuAffinity(request.arguments().numbers("cpus"), numbering, request.caller()));
        });
        put(table, Operation.SET_PROCESS_STATS_MONITORING, request -> {
            Duration interval = request.arguments().duration("interval");
            if (interval == null) {
                throw Arguments.wrong("'interval' must be a length of time; 0 ends the sampling");
            }
            return CompletableFuture.completedFuture(
                    request.node().getProcess().setProcessStatsMonitoring(interval, request.caller()));
        });
        table.put(
                Operation.TRIGGER_GC,
                new Procedures.Handler(
                        true,
                        request -> CompletableFuture.completedFuture(
                                request.node().getProcess().triggerGc(request.caller()))));
    }

    private static void put(
            Map<Operation, Procedures.Handler> table,
            Operation operation,
            Function<Request, CompletionStage<?>> answer) {
        table.put(operation, new Procedures.Handler(false, answer));
    }

    private static CompletionStage<?> start(Request request) {
        return request.node().startWorker(request.arguments().spec(), request.caller(), progress -> request.call()
                .progress(Payload.args(progress.toMap())));
    }

    private static StopOptions stop(Arguments arguments) {
        return within(StopOptions.of(arguments.flag("kill") ? StopMode.KILL : StopMode.GRACEFUL), arguments)
                .withOnce(arguments.flag("once"));
    }

    private static StopOptions within(StopOptions options, Arguments arguments) {
        return options.withTimeout(arguments.duration("timeout"))
                .withSignal(arguments.text("signal") == null ? null : arguments.signal());
    }

    private static ShutdownRequest shutdown(Arguments arguments) {
        return (arguments.flag("restart") ? ShutdownRequest.RESTART : ShutdownRequest.STOP)
                .withMode(arguments.text("mode"));
    }
}
