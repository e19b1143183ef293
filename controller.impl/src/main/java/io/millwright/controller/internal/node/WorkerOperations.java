package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.worker.Channel;
import io.millwright.controller.internal.worker.Run;
import io.millwright.controller.internal.worker.Worker;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done with the present run of one worker, or with what is left of it. Thread-safe; works in the controller loop. */
final class WorkerOperations {
    private final Core core;

    WorkerOperations(Core core) {
        this.core = core;
    }

    CompletableFuture<Void> signal(WorkerId id, Signal signal, Caller caller) {
        return this.<Void>inLoop(result -> {
            WorkerProcess process = Objects.requireNonNull(running(id).process);
            process.signalMain(signal).whenComplete((sent, fault) -> {
                if (fault != null) {
                    fail(
                            result,
                            ErrorCode.INTERNAL,
                            signal + " could not be sent to worker '" + id + "': " + fault.getMessage());
                } else if (!sent) {
                    fail(result, ErrorCode.WORKER_NOT_RUNNING, "worker '" + id + "' has just ended");
                } else {
                    core.events.say(Level.INFO, "worker " + id + ": sent " + signal + ", asked by " + caller);
                    core.events.afterwards(() -> result.complete(null));
                }
            });
        });
    }

    CompletableFuture<Void> write(WorkerId id, byte[] bytes, InputEnd end, Caller caller) {
        return this.<Void>inLoop(result -> {
            Run run = running(id);
            Admission.Planned plan = run.plan;
            if (run.channel != null) {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "worker '" + id + "' is a native worker: its standard input belongs to the controller; call its"
                                + " operations instead");
            }
            if (plan == null || !plan.plan().input().keepOpen()) {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the standard input of worker '" + id + "' is not open; start it with stdin=open");
            }
            core.events.say(
                    Level.DEBUG, "worker " + id + ": gets " + bytes.length + " bytes of input, asked by " + caller);
            WorkerProcess process = Objects.requireNonNull(run.process);
            process.write(bytes).whenComplete((nothing, fault) -> {
                if (fault != null) {
                    fail(
                            result,
                            ErrorCode.INVALID_ARGUMENT,
                            "the standard input of worker '" + id + "' takes nothing any more: " + fault.getMessage());
                } else {
                    core.events.afterwards(() -> result.complete(null));
                }
            });
            if (end == InputEnd.CLOSE) {
                process.closeInput();
            }
        });
    }

    CompletableFuture<WorkerAnswer> call(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments, Caller caller) {
        return inLoop(result -> {
            Channel channel = running(id).channel;
            if (channel == null) {
                throw new NodeException(
                        ErrorCode.FEATURE_UNAVAILABLE,
                        "worker '" + id + "' cannot be asked for '" + operation + "': it has no control channel");
            }
            core.events.say(Level.DEBUG, "worker " + id + ": is asked for '" + operation + "' by " + caller);
            core.channels
                    .operations()
                    .call(id, channel, operation, arguments)
                    .whenComplete((answer, fault) -> core.events.afterwards(() -> {
                        if (fault == null) {
                            result.complete(answer);
                        } else {
                            result.completeExceptionally(fault);
                        }
                    }));
        });
    }

    CompletableFuture<Void> forget(WorkerId id, Caller caller) {
        return this.<Void>inLoop(result -> {
            Worker worker = core.registry.get(id);
            if (worker.isLive() || core.starter.isPending(id)) {
                throw new NodeException(
                        ErrorCode.WORKER_ALREADY_RUNNING,
                        "worker '" + id + "' is " + worker.state.text() + "; stop it before it is forgotten");
            }
            if (worker.isConfigured()) {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "worker '" + id + "' comes from " + worker.definition.origin + "; delete it there");
            }
            core.events.say(Level.INFO, "worker " + id + ": forgotten, asked by " + caller);
            core.registry.remove(worker);
            core.registry.forgetHistory(id);
            core.events.afterwards(() -> result.complete(null));
        });
    }

    CompletableFuture<WorkerExit> awaitExit(WorkerId id) {
        return inLoop(result -> {
            Worker worker = core.registry.get(id);
            if (worker.isLive()) {
                worker.exitWaiters.add(result);
            } else if (worker.exit == null) {
                throw new NodeException(
                        ErrorCode.WORKER_NOT_RUNNING,
                        "worker '" + id + "' has not run yet: it is " + worker.state.text());
            } else {
                WorkerExit exit = worker.exit;
                core.events.afterwards(() -> result.complete(exit));
            }
        });
    }

    private Run running(WorkerId id) {
        Worker worker = core.registry.get(id);
        Run run = worker.run;
        if (!worker.isLive() || run == null || run.live() == null) {
            throw new NodeException(
                    ErrorCode.WORKER_NOT_RUNNING, "worker '" + id + "' has no process: it is " + worker.state.text());
        }
        return run;
    }

    /** Runs a task in the loop; what it throws is the answer. */
    <T> CompletableFuture<T> inLoop(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        core.loop.execute(() -> task.accept(result), fault -> core.events.fail(result, fault));
        return result;
    }

    private void fail(CompletableFuture<?> result, ErrorCode code, String message) {
        core.events.afterwards(() -> result.completeExceptionally(new NodeException(code, message)));
    }
}
