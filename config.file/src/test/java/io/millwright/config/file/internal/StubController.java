package io.millwright.config.file.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows the type {@code guest} with a few options and answers checks from threads of its own, as the controller does. */
final class StubController implements AutoCloseable {
    static final Set<String> GUEST = Set.of(
            "executable",
            "arguments",
            "workdir",
            "stop.signal",
            "stop.timeout",
            "disabled",
            "stdin",
            "stdin.type",
            "stdin.value",
            "exit.success",
            "flags",
            "rates");
    static final Set<String> NODE = Set.of("node.id", "title", "shutdown.triggers", "shutdown.scope", "history.size");

    /** What the types that are there say of their options. */
    List<WorkerTypeInfo> types = List.of(type(
            "guest",
            List.of(OptionDefinition.option("stdin.value", OptionType.JSON_TEXT, "Input.")
                    .build())));

    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicInteger mostInFlight = new AtomicInteger();
    final AtomicInteger checks = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    static WorkerTypeInfo type(String name, List<OptionDefinition> options) {
        return WorkerTypeInfo.builder(name, "test." + name, "1.0.0")
                .options(options)
                .build();
    }

    NodeController service() {
        return (NodeController) Proxy.newProxyInstance(
                NodeController.class.getClassLoader(),
                new Class<?>[] {NodeController.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "as" -> proxy;
                    case "check" -> check((WorkerSpec) arguments[0], (CheckDepth) arguments[1]);
                    case "getWorkerTypes" -> types;
                    case "checkNodeOptions" -> checkKeys((Map<?, ?>) arguments[0], NODE);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "StubController";
                    default -> throw new AssertionError("unexpected call of " + method);
                });
    }

    private CompletableFuture<List<Problem>> check(WorkerSpec spec, CheckDepth depth) {
        checks.incrementAndGet();
        int now = inFlight.incrementAndGet();
        mostInFlight.accumulateAndGet(now, Math::max);
        return CompletableFuture.supplyAsync(
                () -> {
                    inFlight.decrementAndGet();
                    return problems(spec, depth);
                },
                threads);
    }

    private static List<Problem> problems(WorkerSpec spec, CheckDepth depth) {
        if (spec.type().equals("broken")) {
            throw new IllegalStateException("the check broke");
        } else if (!spec.type().equals("guest")) {
            return List.of(Problem.environment("type", "unknown worker type '" + spec.type() + "'"));
        }
        List<Problem> problems = checkKeys(spec.options(), GUEST);
        Object executable = spec.options().get("executable");
        if (executable == null) {
            problems.add(Problem.definition("executable", "is missing"));
        } else if (depth == CheckDepth.FULL && executable.equals("/nowhere")) {
            problems.add(Problem.environment("executable", "there is no such file"));
        }
        if (spec.options().get("rates") instanceof List<?> rates
                && rates.stream().anyMatch(Map.class::isInstance)) {
            problems.add(Problem.definition("rates", "is no list of numbers"));
        }
        if (spec.options().get("arguments") instanceof List<?> arguments) {
            int bad = arguments.indexOf("bad");
            if (bad >= 0) {
                problems.add(Problem.definition("arguments[" + bad + "]", "is bad"));
            }
        }
        return problems;
    }

    private static List<Problem> checkKeys(Map<?, ?> options, Set<String> known) {
        List<Problem> problems = new ArrayList<>();
        options.forEach((key, value) -> {
            if (!known.contains(key) && !String.valueOf(key).startsWith("env.vars.")) {
                problems.add(Problem.definition(String.valueOf(key), "unknown key '" + key + "'"));
            }
        });
        return problems;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
