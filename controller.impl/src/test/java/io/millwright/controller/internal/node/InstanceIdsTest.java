package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A group and a worker that want one id. */
class InstanceIdsTest extends InstancesFixture {
    /** A group and a worker want one id: the one that was first has it, and both are named. */
    @ParameterizedTest
    @CsvSource({
        "web-2, 0, configured",
        "web, 0, configured",
        "web-2, 0, called",
        "web, 0, called",
        "web-2, 2, configured",
    })
    void aCollisionIsRefused(String other, int instances, String road) {
        Map<String, Object> options = sleeps();
        if (instances > 0) {
            options.put("instances", instances);
        }
        if (road.equals("configured")) {
            node.node.configure(new Configured(GUEST + ".7", "other.cfg", WorkerSpec.of(id(other), "guest", options)));
        } else {
            node.start(other, options);
        }
        node.awaitState(instances > 0 ? other + "-1" : other, WorkerState.STARTED);
        configure("web", sleeps("instances", 3));
        await().until(() -> refused.containsKey(GUEST + "~web"));
        assertThat(refused.get(GUEST + "~web"))
                .contains("node.json")
                .contains(other)
                .contains(road.equals("configured") ? "other.cfg" : "call");
        assertThatThrownBy(() -> node.start("web", sleeps("instances", 3))).isInstanceOf(NodeException.class);
        assertThat(node.controller.listWorkers(Scope.ALL)).noneMatch(info -> "web".equals(info.group()));

        if (road.equals("configured")) {
            node.node.unconfigure(GUEST + ".7");
        } else {
            node.stop(other);
        }
        awaitStarted(3);
        assertThat(refused).isEmpty();
    }

    /** The other way round. */
    @ParameterizedTest
    @CsvSource({"web-2, configured", "web, configured", "web-2, called", "web, called"})
    void aWorkerIsRefusedTheIdOfAGroup(String other, String road) {
        if (road.equals("configured")) {
            group(3);
        } else {
            node.start("web", sleeps("instances", 3));
        }
        assertThatThrownBy(() -> node.start(other, sleeps()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(other);
        node.node.configure(new Configured(GUEST + ".7", "other.cfg", WorkerSpec.of(id(other), "guest", sleeps())));
        await().until(() -> refused.containsKey(GUEST + ".7"));
        assertThat(refused.get(GUEST + ".7"))
                .contains("other.cfg")
                .contains(other)
                .contains(road.equals("configured") ? "node.json" : "call");
        awaitStarted(3);

        if (road.equals("configured")) {
            node.node.unconfigure(GUEST + "~web");
        } else {
            get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME));
        }
        node.awaitState(other, WorkerState.STARTED);
    }
}
