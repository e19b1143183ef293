package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.process.ProcessOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations that change nothing. Thread-safe. */
final class Reads {
    private final String prefix;
    private final Samplers samplers;

    Reads(String prefix, Samplers samplers) {
        this.prefix = prefix;
        this.samplers = samplers;
    }

    void addTo(Map<Operation, Procedures.Handler> table) {
        now(table, Operation.GET_STATUS, request -> request.node().getStatus());
        now(table, Operation.GET_PUBLIC_KEY, request -> request.node().getPublicKey());
        now(table, Operation.GET_API, request -> ApiDocument.of(prefix));
        now(table, Operation.GET_WORKERS, request -> request.node()
                .getWorkers(request.arguments().texts("filter_types")));
        now(table, Operation.GET_HISTORY, request -> request.node().getHistory(history(request.arguments())));
        now(table, Operation.GET_EVENTS, request -> request.node()
                .getEvents(request.arguments().number("after")));
        now(table, Operation.GET_WORKER_LOG, request -> request.node()
                .getWorkerLog(request.arguments().id(), request.arguments().number("limit", 100)));
        blocking(table, Operation.GET_WORKER_TYPES, request -> request.node().getWorkerTypes());
        blocking(table, Operation.GET_SESSIONS, request -> request.node().getSessions());
        blocking(table, Operation.GET_DOCTOR, request -> request.node().doctor());
        blocking(table, Operation.GET_SYSTEM_STATS, samplers::sample);
        blocking(table, Operation.GET_WORKER, request -> request.node()
                .getWorker(request.arguments().id(), detail(request.arguments())));
        blocking(table, Operation.LIST_WORKERS, request -> request.node()
                .listWorkers(scope(request.arguments()), detail(request.arguments())));
        blocking(table, Operation.GET_PROCESS, request -> process(request.node().getProcess()));
        stage(table, Operation.SEARCH_WORKER_LOG, request -> request.node()
                .searchWorkerLog(request.arguments().id(), search(request.arguments())));
        stage(table, Operation.CHECK_WORKER, request -> request.node()
                .check(request.arguments().spec(), CheckDepth.FULL));
        stage(table, Operation.PLAN_WORKER, request -> request.node()
                .getPlanner()
                .options(request.arguments().id(), request.arguments().options()));
        stage(table, Operation.WAIT_WORKER, request -> request.node()
                .awaitExit(request.arguments().id()));
        table.put(Operation.PLAN_NODE, new Procedures.Handler(true, Reads::planNode));
    }

    private static void now(
            Map<Operation, Procedures.Handler> table, Operation operation, Function<Request, @Nullable Object> answer) {
        table.put(
                operation,
                new Procedures.Handler(false, request -> CompletableFuture.completedFuture(answer.apply(request))));
    }

    private static void blocking(
            Map<Operation, Procedures.Handler> table, Operation operation, Function<Request, @Nullable Object> answer) {
        table.put(
                operation,
                new Procedures.Handler(true, request -> CompletableFuture.completedFuture(answer.apply(request))));
    }

    private static void stage(
            Map<Operation, Procedures.Handler> table,
            Operation operation,
            Function<Request, CompletionStage<?>> answer) {
        table.put(operation, new Procedures.Handler(false, answer));
    }

    /** What the process is, and below that what it uses, its processors, its samples and its clock. */
    private static Map<String, @Nullable Object> process(ProcessOperations process) {
        Map<String, @Nullable Object> all =
                new LinkedHashMap<>(process.getProcessInfo().toMap());
        all.putAll(Documents.of(
                "uptime", process.uptime(),
                "utcnow", process.utcnow(),
                "stats", process.getProcessStats(),
                "cpu_count", process.getCpuCount(),
                "cpus", process.getCpus(),
                "affinity", affinity(process),
                "monitor", process.getProcessMonitor()));
        return all;
    }

    private static @Nullable List<Integer> affinity(ProcessOperations process) {
        try {
            return process.getCpuAffinity();
        } catch (NodeException e) {
            if (e.code() != ErrorCode.FEATURE_UNAVAILABLE) {
                throw e;
            }
            return null;
        }
    }

    private static Detail detail(Arguments arguments) {
        return arguments.flag("include_stats") ? Detail.WITH_STATS : Detail.PLAIN;
    }

    private static Scope scope(Arguments arguments) {
        return arguments.word("scope", "live", "all").equals("all") ? Scope.ALL : Scope.LIVE;
    }

    private static HistoryQuery history(Arguments arguments) {
        String id = arguments.text("id");
        return HistoryQuery.ALL
                .withWorker(id == null ? null : new WorkerId(id))
                .withBefore(arguments.number("before"))
                .withLimit(arguments.number("limit", 100));
    }

    private static LogQuery search(Arguments arguments) {
        String text = arguments.text("text");
        String regex = arguments.text("regex");
        if ((text == null) == (regex == null)) {
            throw Arguments.wrong("one of 'text' and 'regex' must be given, and not both");
        }
        String stream = arguments.text("stream");
        LogQuery query = text == null ? LogQuery.regex(String.valueOf(regex)) : LogQuery.text(text);
        return query.withBefore(arguments.time("before"))
                .withAfter(arguments.time("after"))
                .withLimit(arguments.number("limit", 100))
                .withContext(arguments.number("context", 0))
                .withStream(stream == null ? null : stream(stream));
    }

    private static LogEntry.Stream stream(String name) {
        for (LogEntry.Stream stream : LogEntry.Stream.values()) {
            if (stream.name().toLowerCase(Locale.ROOT).equals(name)) {
                return stream;
            }
        }
        throw Arguments.wrong("'stream' must be stdout or stderr, is '" + name + "'");
    }

    /** The planner reads files: the text goes through one of a folder of its own, in the node directory, where it is the node's alone. */
    private static CompletionStage<?> planNode(Request request) {
        String text = request.arguments().required("text");
        try {
            Path run = Files.createDirectories(
                    request.node().getStatus().directory().resolve("run"));
            Path folder = Files.createTempDirectory(run, "plan");
            Path file = folder.resolve("node.json");
            Files.writeString(file, text);
            return request.node().getPlanner().file(file).whenComplete((planned, fault) -> {
                try {
                    Files.deleteIfExists(file);
                    Files.deleteIfExists(folder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
