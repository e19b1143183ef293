package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups whose number an operator changes. */
class ScaleTest extends InstancesFixture {
    @ParameterizedTest
    @ValueSource(strings = {"configured", "called"})
    void isScaledLive(String road) {
        if (road.equals("configured")) {
            group(2);
        } else {
            node.start("web", sleeps("instances", 2));
        }
        List<Long> before = pids(2);
        WorkerInfo scaled = get(node.controller.scaleWorker(id("web"), ScaleOptions.of(4), ME));
        assertThat(scaled.reason()).isEqualTo("4 instances: 4 started");
        assertThat(pids(2)).isEqualTo(before);
        node.awaitLog("web-4", "number 4");

        assertThat(get(node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME))
                        .reason())
                .isEqualTo("1 instance: 1 started");
        assertThat(node.controller.getWorkers(List.of())).containsExactly(id("web-1"));
        assertThat(pids(1)).isEqualTo(before.subList(0, 1));
        assertThat(get(node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME))
                        .reason())
                .isEqualTo("1 instance: 1 started");
    }

    @Test
    void aScaledNumberHoldsUntilTheConfigurationSaysAnother() {
        group(2);
        get(node.controller.scaleWorker(id("web"), ScaleOptions.of(3), ME));
        configure("web", sleeps("instances", 2, "umask", "0027"));
        await().until(() -> "0027".equals(node.info("web-3").options().get("umask")));
        awaitStarted(3);
        configure("web", sleeps("instances", 4, "umask", "0027"));
        awaitStarted(4);
        configure("web", sleeps("instances", 2, "umask", "0027"));
        node.awaitState("web-3", WorkerState.EXITED);
        node.awaitState("web-4", WorkerState.EXITED);
    }

    @Test
    void aScaleThatCannotBeChangesNothing() {
        group(1);
        node.start("web-3", sleeps());
        for (int count : List.of(0, 1001, 3)) {
            assertThatThrownBy(() -> get(node.controller.scaleWorker(id("web"), ScaleOptions.of(count), ME)))
                    .isInstanceOf(NodeException.class);
        }
        assertThatThrownBy(() -> get(node.controller.scaleWorker(id("web-3"), ScaleOptions.of(2), ME)))
                .hasMessageContaining("worker 'web-3' is no group");
        assertThatThrownBy(() -> get(node.controller.scaleWorker(id("wbe"), ScaleOptions.of(2), ME)))
                .hasMessageContaining("did you mean 'web'");
        assertThat(listed(Scope.LIVE)).contains("web web started", "web-1 web started", "web-3 null started");
        assertThat(node.info("web").reason()).isEqualTo("1 instance: 1 started");
    }
}
