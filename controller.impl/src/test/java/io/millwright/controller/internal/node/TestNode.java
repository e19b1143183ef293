package io.millwright.controller.internal.node;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.process.ProcessBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.osgi.framework.Version;

/** A real node over real processes, without OSGi, for tests: one worker type, {@code guest}. */
public final class TestNode implements AutoCloseable {
    public static final Caller ME = Caller.shell("test");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    public final Node node;
    public final NodeController controller;
    public final Path directory;
    private final CompletableFuture<Integer> down = new CompletableFuture<>();

    public TestNode(Path directory) throws IOException {
        this(directory, new NodeLog());
    }

    /** A node whose own log is another one. */
    TestNode(Path directory, NodeLog log) throws IOException {
        this(directory, log, backend -> backend);
    }

    /** A node whose backend is changed. */
    TestNode(Path directory, NodeLog log, UnaryOperator<ProcessBackend> change) throws IOException {
        this.directory = directory;
        NodeDirectory nodeDirectory = new NodeDirectory(directory);
        nodeDirectory.create();
        ProcessBackend backend =
                change.apply(io.millwright.controller.internal.process.TestBackends.open(nodeDirectory.run()));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("NODE_ONLY", "node value");
        node = new Node(nodeDirectory, backend, "Millwright test", environment, ready -> {}, log);
        node.keepHistory();
        controller = NodeView.service(new NodeOperations(node, () -> "00"), node.audit);
        node.onDown((info, code) -> down.complete(code));
        node.types().add(guest(1, new Guest()));
        node.boot(List.of());
        await().atMost(LIMIT)
                .until(() -> controller.getStatus().state() == io.millwright.controller.api.NodeState.READY);
    }

    public static WorkerTypes.Provider guest(long serviceId, WorkerType type) {
        return new WorkerTypes.Provider("guest", type, "test.guest", new Version(1, 0, 0), 0, serviceId);
    }

    /** Runs any executable, as the real type does. */
    public static class Guest implements WorkerType {
        @Override
        public List<OptionDefinition> options() {
            return List.of(
                    option("executable", OptionType.STRING, "What to run.")
                            .required()
                            .build(),
                    option("arguments", OptionType.STRINGS, "Its arguments.").build());
        }

        @Override
        public LaunchPlan plan(PlanRequest request) {
            List<String> command = new ArrayList<>();
            command.add(request.options().string("executable").orElseThrow());
            command.addAll(request.options().strings("arguments"));
            return request.plan("executable", command);
        }
    }

    /** Options of a guest that runs a shell script. */
    public static Map<String, Object> script(String script, Object... keysAndValues) {
        Map<String, Object> options = new HashMap<>();
        options.put("executable", "/bin/sh");
        options.put("arguments", List.of("-c", script));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return options;
    }

    public static WorkerId id(String text) {
        return new WorkerId(text);
    }

    public StartResult start(String id, Map<String, Object> options) {
        return get(controller.startWorker(WorkerSpec.of(id(id), "guest", options), ME));
    }

    public StopResult stop(String id) {
        return get(controller.stopWorker(id(id), StopOptions.GRACEFUL, ME));
    }

    public WorkerInfo info(String id) {
        return controller.getWorker(id(id), NodeController.Detail.WITH_STATS);
    }

    public WorkerInfo awaitState(String id, WorkerState state) {
        await().atMost(LIMIT).until(() -> {
            try {
                return info(id).status() == state;
            } catch (NodeException notYet) {
                return false;
            }
        });
        return info(id);
    }

    public List<String> log(String id) {
        return controller.getWorkerLog(id(id), 1000).stream()
                .map(entry -> entry.text())
                .toList();
    }

    public void awaitLog(String id, String line) {
        await().atMost(LIMIT).until(() -> log(id).contains(line));
    }

    /** The events of one worker so far, as the last part of their topics. */
    public List<String> events(String id) {
        return controller.getEvents().stream()
                .filter(event -> id.equals(event.properties().get("worker.id")))
                .map(TestNode::step)
                .toList();
    }

    public static String step(NodeEvent event) {
        return event.topic().substring(event.topic().lastIndexOf('/') + 1);
    }

    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    boolean isDown() {
        return down.isDone();
    }

    public int shutdown() {
        controller.shutdown(ShutdownRequest.STOP, ME);
        return get(down);
    }

    @Override
    public void close() {
        shutdown();
        node.close();
        assertThat(node.core.supervisor.impossible())
                .as("events the life-cycle table does not know")
                .isZero();
    }
}
