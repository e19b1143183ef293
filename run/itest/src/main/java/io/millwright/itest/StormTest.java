package io.millwright.itest;

import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.configure;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/**
 * More updates of configurations than anybody can follow: in the end each worker is as the last one says, nothing else was
 * touched, and the node has answered all the while.
 */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class StormTest {
    private static final int UPDATES = 1000;

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @InjectService
    ConfigurationAdmin admin;

    private final List<Configuration> all = new ArrayList<>();
    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
    }

    @AfterEach
    void end() throws IOException {
        for (Configuration configuration : all) {
            configuration.delete();
        }
        node.clear();
    }

    @Test
    void ofOneWorkerTheLastUpdateCountsWhetherInPlaceOrByRestart() throws IOException {
        all.add(configure(admin, "calm", script("exec sleep 60")));
        long calm = node.awaitStarted("calm");
        long starts = controller.getEvents().stream().filter(StormTest::isStart).count();
        for (int i = 1; i <= UPDATES; i++) {
            // Every tenth is a restart, and some are refused.
            configure(
                    admin,
                    "storm",
                    script(
                            "echo \"$N\"; exec sleep 6" + i / 10 % 10,
                            "log.ring",
                            i % 7 == 0 ? "none" : Integer.toString(i)));
            if (i % 100 == 0) {
                assertThat(node.info("calm").pid()).isEqualTo(calm);
            }
        }
        all.add(configure(admin, "storm", script("echo the last; exec sleep 60", "log.ring", "77")));
        await("the last one is in force", () -> {
            WorkerInfo info = node.info("storm");
            return info.status() == WorkerState.STARTED
                    && Long.valueOf(77).equals(info.options().get("log.ring"))
                    && controller.getWorkerLog(info.id(), 100).stream()
                            .anyMatch(line -> line.text().equals("the last"));
        });
        assertThat(node.info("calm").pid()).isEqualTo(calm);
        assertThat(node.info("storm").reason()).isNull();
        // A start for each update would be a storm of processes too: what is overtaken is not started.
        assertThat(controller.getEvents().stream().filter(StormTest::isStart).count() - starts)
                .isLessThan(UPDATES / 2);
    }

    private static boolean isStart(NodeEvent event) {
        return event.topic().endsWith("/STARTING");
    }

    @Test
    void ofManyWorkersEachIsAsItsLastUpdateSays() throws IOException {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < UPDATES / 10 / 2; i++) {
                Configuration configuration =
                        configure(admin, "s" + i, script("exec sleep 60", "log.ring", Integer.toString(10 + round)));
                if (round == 9 && i % 2 == 0) {
                    configuration.delete();
                } else if (round == 9) {
                    all.add(configuration);
                } else if (round % 3 == 1 && i % 5 == 0) {
                    configuration.delete();
                }
            }
        }
        await("each is as its last word says", () -> {
            for (int i = 0; i < UPDATES / 10 / 2; i++) {
                WorkerState state = node.state("s" + i);
                if (i % 2 == 0 ? state != null && state.isLive() : state != WorkerState.STARTED) {
                    return false;
                }
            }
            return true;
        });
        for (int i = 1; i < UPDATES / 10 / 2; i += 2) {
            assertThat(node.info("s" + i).options()).containsEntry("log.ring", 19L);
        }
    }
}
