package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** What native workers tell of their components. */
class NativeComponentsTest {
    private static final String LIVE = "read -r line; cat >/dev/null";

    @TempDir
    private Path directory;

    private TestNode node;
    private FakeChannelHost host;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
        host = new FakeChannelHost();
        node.node
                .types()
                .add(new WorkerTypes.Provider("native", new Native(), "test.native", new Version(1, 0, 0), 0, 7));
        node.node.setChannelHost(host);
    }

    @AfterEach
    void close() {
        node.close();
        assertThat(host.expected).as("runs that were not forgotten").isEmpty();
    }

    private static final class Native extends TestNode.Guest {
        @Override
        public boolean isNative() {
            return true;
        }
    }

    private void start() {
        CompletionStage<StartResult> started =
                node.controller.startWorker(WorkerSpec.of(id("n"), "native", script(LIVE)), ME);
        host.of("n").up("1");
        host.of("n").ready(ReadyInfo.of("test 1", List.of(), List.of()));
        get(started);
    }

    private List<NodeEvent> ofComponents() {
        return node.controller.getEvents().stream()
                .filter(event -> event.topic().startsWith("io/millwright/component/"))
                .toList();
    }

    @Test
    void whatBecomesOfAComponentIsAnEvent() {
        start();
        host.of("n").component(ComponentChange.of("a", ComponentChange.State.STARTED, null, 0));
        host.of("n").component(ComponentChange.of("a", ComponentChange.State.FAILED, "no ink", 2));
        host.of("n").component(ComponentChange.of("a", ComponentChange.State.STOPPED, null, 2));
        await().until(() -> ofComponents().size() == 3);
        assertThat(ofComponents())
                .extracting(event -> event.topic().substring("io/millwright/component/".length()))
                .containsExactly("STARTED", "FAILED", "STOPPED");
        assertThat(ofComponents().get(1).properties())
                .containsEntry("worker.id", "n")
                .containsEntry("worker.type", "native")
                .containsEntry("worker.pid", node.info("n").pid())
                .containsEntry("component.id", "a")
                .containsEntry("status", "failed")
                .containsEntry("reason", "no ink")
                .containsEntry("restarts", 2L);
    }

    private List<Finding> findings() {
        return node.controller.doctor().stream()
                .filter(finding -> finding.subject().equals("worker n"))
                .toList();
    }

    @Test
    void aComponentThatHasFailedIsNamedByTheWorkerAndByTheDoctorUntilItIsStarted() {
        start();
        host.of("n").component(ComponentChange.of("a", ComponentChange.State.FAILED, "no ink", 0));
        host.of("n").component(ComponentChange.of("b", ComponentChange.State.FAILED, "no paper", 0));
        await().until(() ->
                node.info("n").reason() != null && node.info("n").reason().contains("so have b"));
        assertThat(node.info("n").reason())
                .startsWith("component 'a' has failed: no ink, and so have b; worker:component info n a");
        assertThat(node.info("n").why()).contains(node.info("n").reason());
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).contains("component 'a' has failed: no ink");
            assertThat(finding.remedy()).contains("worker:component restart n COMPONENT");
        });
        host.of("n").component(ComponentChange.of("a", ComponentChange.State.STARTED, null, 1));
        host.of("n").component(ComponentChange.of("b", ComponentChange.State.STOPPED, null, 0));
        await().until(() -> node.info("n").reason() == null);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aComponentThatIsStartedAgainIsNotNamedAndWhatIsSoInTheEndIsKnownHoweverMuchWasSaid() {
        start();
        ChannelListener channel = host.of("n");
        ComponentChange again = ComponentChange.of("b", ComponentChange.State.FAILED, "no paper", 0)
                .thatIsTriedAgain();
        for (int i = 0; i < 2000; i++) {
            channel.component(again);
        }
        channel.component(ComponentChange.of("a", ComponentChange.State.FAILED, "no ink", 7));
        await().until(() -> node.info("n").reason() != null);
        assertThat(node.info("n").reason()).startsWith("component 'a' has failed: no ink; worker:component info n a");
    }

    @Test
    void aRunThatTellsTooMuchIsNotHeardForAWhile() {
        start();
        ChannelListener channel = host.of("n");
        for (int i = 0; i < 2000; i++) {
            channel.component(ComponentChange.of("a", ComponentChange.State.STARTED, null, i));
        }
        channel.lost("it is told after all that");
        await().until(() -> node.info("n").reason() != null);
        assertThat(ofComponents()).hasSizeBetween(1, 600);
    }
}
