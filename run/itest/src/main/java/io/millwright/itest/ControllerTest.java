package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.configure;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The controller's own bundle goes and comes: an orderly stop of all workers, then a node that begins anew. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class ControllerTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService
    ConfigurationAdmin admin;

    private Configuration configured;
    private Bundle bundle;
    private Fixture node;

    @BeforeEach
    void begin() {
        node = currentNode();
        bundle = node.bundle("io.millwright.controller.impl");
        configured = configure(admin, "kept", script("trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done"));
        node.awaitStarted("kept");
        get(node.controller.startWorker(guest("called", script("exec sleep 3600")), ME));
    }

    @AfterEach
    void end() throws IOException {
        configured.delete();
        currentNode().clear();
    }

    /** The node of the controller that serves now. */
    private Fixture currentNode() {
        await("a controller serves", () -> context.getServiceReference(NodeController.class) != null);
        ServiceReference<NodeController> reference = context.getServiceReference(NodeController.class);
        Fixture current = new Fixture(context, context.getService(reference));
        await(
                "the node is ready",
                () -> current.controller.getStatus().state() == NodeState.READY
                        && current.controller.getStatus().workerTypes().contains("guest"));
        return current;
    }

    private interface Change {
        void make() throws Exception;
    }

    /** Makes a change of the controller's bundle and proves what must be so after it. */
    private void begins(Change change) throws Exception {
        long kept = node.awaitStarted("kept");
        long called = node.awaitStarted("called");
        NodeController before = node.controller;
        try (EventLedger ledger = new EventLedger(before)) {
            change.make();
            node = currentNode();
            for (String id : List.of("kept", "called")) {
                assertThat(ledger.count(id, NodeTopics.WORKER_EXITED))
                        .as("exits of %s", id)
                        .isEqualTo(1);
            }
            assertThat(ledger.all())
                    .filteredOn(event -> event.topic().equals(NodeTopics.NODE_SHUTDOWN)
                            || event.topic().equals(NodeTopics.WORKER_STOP_REQUESTED))
                    .hasSize(3)
                    .allSatisfy(event ->
                            assertThat(event.properties()).containsEntry(EventProperties.WHO, Caller.FRAMEWORK.who()));
        }
        assertThat(node.controller).isNotSameAs(before);
        assertThat(ProcessHandle.of(kept)).as("the old process of kept").isEmpty();
        assertThat(ProcessHandle.of(called)).as("the old process of called").isEmpty();
        assertThat(node.awaitStarted("kept")).as("it runs again").isNotEqualTo(kept);
        assertThatThrownBy(() -> node.info("called"))
                .as("what a call started ends with its node")
                .isInstanceOf(NodeException.class);
        assertThat(node.controller.getStatus().state()).isEqualTo(NodeState.READY);
        get(node.controller.startWorker(guest("called", script("exec sleep 3600")), ME));
    }

    @Test
    void stopStartUpdateAndRefreshAreEachAnOrderlyStopAndANewBeginning() throws Exception {
        Path jar = Plugins.jar(bundle);
        // Once before, for what is made at the first use and kept.
        begins(() -> Plugins.update(bundle, jar));
        Plugins.refresh(context, List.of(bundle));
        node = currentNode();
        get(node.controller.startWorker(guest("called", script("exec sleep 3600")), ME));
        Snapshot before = Snapshot.of(context);
        begins(() -> {
            bundle.stop();
            assertThat(context.getServiceReference(NodeController.class)).isNull();
            bundle.start();
        });
        begins(() -> Plugins.update(bundle, jar));
        begins(() -> Plugins.refresh(context, List.of(bundle)));
        Snapshot.awaitAsBefore(context, before);
    }

    @Test
    void aTriggersBundleThatComesLaterFires() throws Exception {
        Bundle triggers = node.bundle("io.millwright.shutdown.triggers");
        triggers.stop();
        Configuration options = admin.getConfiguration("io.millwright.controller", "?");
        options.update(new Hashtable<>(
                Map.of("shutdown.triggers", "shutdown_on_worker_exit", "shutdown.scope", "workers", "title", "Armed")));
        await("the options are taken", () -> node.controller.getStatus().title().startsWith("Armed"));
        get(node.controller.startWorker(guest("unseen", script("exit 0")), ME));
        get(node.controller.awaitExit(new WorkerId("unseen")));
        assertThat(node.state("called")).isEqualTo(WorkerState.STARTED);
        triggers.start();
        get(node.controller.startWorker(guest("seen", script("exit 0")), ME));
        await(
                "the trigger stopped all",
                () -> node.controller.getWorkers(List.of()).isEmpty());
        assertThat(node.controller.getEvents())
                .filteredOn(event -> event.topic().equals(NodeTopics.NODE_SHUTDOWN))
                .singleElement()
                .satisfies(event -> assertThat(String.valueOf(event.properties().get(EventProperties.REASON)))
                        .contains("seen"));
        options.delete();
        // The node is down and the framework goes on: the controller is started again by hand.
        bundle.stop();
        bundle.start();
        currentNode().awaitStarted("kept");
    }
}
