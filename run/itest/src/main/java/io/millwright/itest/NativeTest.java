package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelInfo;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Real workers of the native types, which join the node over its socket. */
class NativeTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService
    NodeController controller;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
        await(
                "the native types and their channels are there",
                () -> controller.getStatus().workerTypes().containsAll(List.of("java", "process", "container"))
                        && Files.exists(
                                Path.of(controller.getStatus().directory().toString(), "run", "wamp.sock")));
    }

    @AfterEach
    void end() {
        node.clear();
    }

    /** The jar of this test, which holds the programs. */
    private String programs() {
        String location = context.getBundle().getLocation();
        return Path.of(URI.create(location.substring(location.indexOf("file:"))))
                .toString();
    }

    private WorkerSpec java(String id, Map<String, ?> more, String... arguments) {
        Map<String, Object> options = new HashMap<>(more);
        options.put("main", NativePrograms.class.getName());
        options.put("classpath", new String[] {programs()});
        options.put("arguments", arguments);
        return WorkerSpec.of(new WorkerId(id), "java", options);
    }

    private Object call(String id, String operation, Map<String, ?> arguments) {
        return get(controller.callWorker(new WorkerId(id), operation, arguments, ME))
                .value();
    }

    private WorkerExit exit(String id, WorkerState state) {
        await(id + " has ended", () -> node.state(id) == state);
        return node.info(id).exit();
    }

    private String log(String id) {
        StringBuilder log = new StringBuilder();
        controller.getWorkerLog(new WorkerId(id), 100).forEach(entry -> log.append(entry.text())
                .append('\n'));
        return log.toString();
    }

    @Test
    void aJavaWorkerIsStartedCalledLogsAndIsStopped() {
        long pid = get(controller.startWorker(java("j", Map.of(), "serve"), ME)).pid();
        assertThat(node.state("j")).isEqualTo(WorkerState.STARTED);
        assertThat(call("j", "add", Map.of("a", 3, "b", 4))).isEqualTo(7L);
        assertThat((Map<?, ?>) call("j", "get_heap_info", Map.of())).isNotEmpty();
        call("j", "log", Map.of());
        await("its record", () -> log("j").contains("low on paper"));
        assertThatThrownBy(() -> call("j", "fly", Map.of())).isInstanceOf(NodeException.class);
        WorkerExit exit = get(controller.stopWorker(new WorkerId("j"), StopOptions.GRACEFUL, ME))
                .exit();
        assertThat(exit.exitClass()).isEqualTo(WorkerExit.ExitClass.REQUESTED);
        assertThat(exit.code()).isZero();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    /** A process that joins by itself, here by the same runtime. */
    @Test
    void aProcessWorkerIsStartedCalledAndStopped() throws Exception {
        get(controller.startWorker(java("j", Map.of(), "serve"), ME));
        String runtime;
        try (Stream<Path> files =
                Files.walk(Path.of(controller.getStatus().directory().toString(), "cache", "runtime"))) {
            runtime = files.filter(file -> file.endsWith("runtime.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
        List<String> arguments = List.of("-cp", runtime + ":" + programs(), NativePrograms.class.getName(), "serve");
        Map<String, Object> options = Map.of(
                "executable",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "arguments", arguments.toArray(new String[0]));
        get(controller.startWorker(WorkerSpec.of(new WorkerId("p"), "process", options), ME));
        assertThat(call("p", "add", Map.of("a", 1, "b", 1))).isEqualTo(2L);
        WorkerExit exit = get(controller.stopWorker(new WorkerId("p"), StopOptions.GRACEFUL, ME))
                .exit();
        assertThat(exit.code()).isZero();
        assertThat(node.state("j")).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void aWorkerThatIsKilledOrExitsOrRunsOutOfMemoryEndsAndSaysHow() {
        long pid = get(controller.startWorker(java("killed", Map.of(), "serve"), ME))
                .pid();
        get(controller.startWorker(java("exits", Map.of(), "serve"), ME));
        get(controller.startWorker(java("full", Map.of("jvm.options", new String[] {"-Xmx24m"}), "serve"), ME));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        assertThat(exit("killed", WorkerState.EXITED).signal()).isEqualTo("KILL");
        // Its answer may come, or the end be there first.
        controller.callWorker(new WorkerId("exits"), "end", Map.of(), ME);
        assertThat(exit("exits", WorkerState.EXITED).code()).isEqualTo(3);
        controller.callWorker(new WorkerId("full"), "fill", Map.of(), ME);
        assertThat(exit("full", WorkerState.EXITED).code()).isEqualTo(3);
        assertThat(log("full")).contains("java.lang.OutOfMemoryError");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"exit 0 | ", "exit 5 | ", "throw | out of order", "elsewhere | not_authorized", "hang | "})
    void aWorkerThatDoesNotGetReadyFails(String program, String said) {
        Map<String, Object> options =
                Map.of("start.timeout", program.equals("hang") ? "4s" : "60s", "stop.timeout", "2s");
        CompletionStage<?> start = controller.startWorker(java("w", options, program.split(" ")), ME);
        assertThatThrownBy(() -> get(start)).isInstanceOf(NodeException.class);
        exit("w", WorkerState.FAILED);
        if (said != null) {
            assertThat(log("w")).contains(said);
        }
    }

    @Test
    void aContainerStartsStopsAndRestartsItsComponents() {
        Map<String, Object> options = Map.of(
                "classpath", new String[] {programs()},
                "components.part.class", NativePrograms.Part.class.getName(),
                "components.broken.class", NativePrograms.BrokenPart.class.getName());
        get(controller.startWorker(WorkerSpec.of(new WorkerId("box"), "container", options), ME));
        assertThat(component("get_component", "part")).isEqualTo("started");
        assertThat(component("get_component", "broken")).isEqualTo("failed");
        assertThat(log("box")).contains("no paper");
        assertThat(component("stop_component", "part")).isEqualTo("stopped");
        assertThat(component("restart_component", "part")).isEqualTo("started");
        await("what became of them is told", () -> componentEvents().size() == 4);
        assertThat(componentEvents().subList(2, 4)).containsExactly("part STOPPED", "part STARTED");
        assertThat(componentEvents().subList(0, 2)).containsExactlyInAnyOrder("part STARTED", "broken FAILED");
        WorkerExit exit = get(controller.stopWorker(new WorkerId("box"), StopOptions.GRACEFUL, ME))
                .exit();
        assertThat(exit.code()).isZero();
        assertThat(log("box")).contains("the part is closed");
    }

    /** As long as it only rests or is changed, they are its own. */
    @Test
    void whatAContainerHasSavedIsGoneWithItsConfiguration() {
        WorkerId box = new WorkerId("box");
        Map<String, Object> options = new HashMap<>(Map.of("classpath", new String[] {programs()}));
        get(controller.saveWorker(WorkerSpec.of(box, "container", options), ME));
        call(
                "box",
                "start_component",
                Map.of("component", Map.of("id", "part", "class", NativePrograms.Part.class.getName())));
        call("box", "save_component", Map.of("id", "part"));
        Path file = Path.of(controller.getStatus().directory().toString(), "state", "components", "box.json");
        assertThat(file).exists();
        get(controller.stopWorker(box, StopOptions.GRACEFUL, ME));
        get(controller.restartWorker(box, ME));
        assertThat(component("get_component", "part")).isEqualTo("started");
        get(controller.deleteWorker(box, ME));
        assertThat(file).doesNotExist();
        get(controller.saveWorker(WorkerSpec.of(box, "container", options), ME));
        assertThat((List<?>) call("box", "get_components", Map.of())).isEmpty();
        get(controller.deleteWorker(box, ME));
    }

    private List<String> componentEvents() {
        return controller.getEvents().stream()
                .filter(event -> event.topic().startsWith("io/millwright/component/")
                        && "box".equals(event.properties().get("worker.id")))
                .map(event -> event.properties().get("component.id")
                        + event.topic().replaceFirst("io/millwright/component/", " "))
                .toList();
    }

    private Object component(String operation, String id) {
        return ((Map<?, ?>) call("box", operation, Map.of("id", id))).get("state");
    }

    @Test
    void workersGoOnWhileTheirTypesBundleIsStoppedAndStarted() throws Exception {
        get(controller.startWorker(java("j", Map.of(), "serve"), ME));
        Bundle bundle = node.bundle("io.millwright.worker.native");
        for (int i = 0; i < 5; i++) {
            bundle.stop();
            assertThat(call("j", "add", Map.of("a", 1, "b", i))).isEqualTo(1L + i);
            bundle.start();
        }
        bundle.stop();
        assertThat(get(controller.stopWorker(new WorkerId("j"), StopOptions.GRACEFUL, ME))
                        .exit()
                        .code())
                .isZero();
        bundle.start();
    }

    /** The bundle that carries the channels. Fifty workers and a hundred rounds by the environment, for a bench: MILLWRIGHT_NATIVES="50 100". */
    @Test
    void noWorkerEndsWhileTheirChannelsBundleIsStoppedAndStarted() throws Exception {
        String[] most =
                System.getenv().getOrDefault("MILLWRIGHT_NATIVES", "4 10").split(" ");
        Map<String, Object> small =
                Map.of("jvm.options", new String[] {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"});
        Map<String, Long> pids = new HashMap<>();
        for (int i = 0; i < Integer.parseInt(most[0]); i++) {
            pids.put(
                    "n" + i,
                    get(controller.startWorker(java("n" + i, small, "serve"), ME))
                            .pid());
        }
        Bundle bundle = node.bundle("io.millwright.remote.wamp");
        for (int i = 0; i < Integer.parseInt(most[1]); i++) {
            bundle.stop();
            bundle.start();
        }
        for (Map.Entry<String, Long> one : pids.entrySet()) {
            String id = one.getKey();
            await("the channel of " + id, () -> node.info(id).channel().state() == ChannelInfo.State.UP);
            assertThat(node.info(id).pid()).isEqualTo(one.getValue());
            assertThat(call(id, "add", Map.of("a", 1, "b", 2))).isEqualTo(3L);
        }
    }

    @Test
    void tenStartAtOnce() {
        List<CompletionStage<?>> starts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            starts.add(controller.startWorker(java("j" + i, Map.of(), "serve"), ME));
        }
        starts.forEach(Fixture::get);
        for (int i = 0; i < 10; i++) {
            assertThat(call("j" + i, "add", Map.of("a", i, "b", 1))).isEqualTo(i + 1L);
        }
    }
}
