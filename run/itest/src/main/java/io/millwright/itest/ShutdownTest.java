package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.shutdown.ShutdownParticipant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/**
 * The node shuts down in its framework: participants, triggers, and the exit code at the launcher's door, which the test keeps so
 * that the framework lives on. Afterwards the controller is started anew for the other tests.
 */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class ShutdownTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @InjectService
    ConfigurationAdmin admin;

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final CompletableFuture<Map<String, Object>> left = new CompletableFuture<>();
    private final CompletableFuture<Event> announced = new CompletableFuture<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private Configuration options;
    private Fixture node;

    @BeforeEach
    void begin() throws Exception {
        node = Fixture.ready(context, controller);
        Consumer<Map<String, Object>> door = left::complete;
        register(Consumer.class, door, Map.of("millwright.launcher", true));
        EventHandler handler = announced::complete;
        register(EventHandler.class, handler, Map.of(EventConstants.EVENT_TOPIC, NodeTopics.NODE_SHUTDOWN));
        options = admin.getConfiguration("io.millwright.controller", "?");
    }

    private void register(Class<?> type, Object service, Map<String, Object> properties) {
        registrations.add(context.registerService(type.getName(), service, new Hashtable<>(properties)));
    }

    @AfterEach
    void end() throws Exception {
        never.countDown();
        options.delete();
        Bundle bundle = node.bundle("io.millwright.controller.impl");
        bundle.stop();
        registrations.forEach(ServiceRegistration::unregister);
        bundle.start();
        await("a new controller is there and ready", () -> {
            ServiceReference<NodeController> reference = context.getServiceReference(NodeController.class);
            return reference != null
                    && context.getServiceReferences("org.osgi.service.condition.Condition", READY) != null;
        });
    }

    private static final String READY = "(osgi.condition.id=io.millwright.node.ready)";

    @Test
    void participantsAreAskedAfterTheWorkersAndOneThatHangsIsLeftAtItsDeadline() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        ShutdownParticipant good = info -> {
            heard.add("released by " + info.who() + " with "
                    + controller.getWorkers(List.of()).size() + " workers");
            return CompletableFuture.completedFuture(null);
        };
        ShutdownParticipant silent = info -> {
            heard.add("silent");
            return new CompletableFuture<>();
        };
        ShutdownParticipant blocking = new ShutdownParticipant() {
            @Override
            public CompletionStage<Void> release(ShutdownInfo info) {
                heard.add("blocking");
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return CompletableFuture.completedFuture(null);
            }
        };
        register(ShutdownParticipant.class, good, Map.of());
        register(ShutdownParticipant.class, silent, Map.of(ShutdownParticipant.DEADLINE, 1));
        register(ShutdownParticipant.class, blocking, Map.of(ShutdownParticipant.DEADLINE, 1));
        get(controller.startWorker(
                guest("last", script("trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.1; done")), ME));
        node.awaitStarted("last");
        get(controller.shutdown(ShutdownRequest.STOP, ME));
        Map<String, Object> answer = left.get(60, TimeUnit.SECONDS);
        assertThat(answer).containsEntry("exit.code", 0).containsEntry("restart", false);
        assertThat(heard).containsExactlyInAnyOrder("released by api:itest with 0 workers", "silent", "blocking");
        assertThat(never.getCount()).as("one still hangs").isEqualTo(1);
    }

    @Test
    void aTriggerThatSawAnErrorIsInTheEventAndTheExitCode() throws Exception {
        trigger("shutdown_on_worker_exit_with_error");
        get(controller.startWorker(guest("fine", script("exit 0")), ME));
        get(controller.awaitExit(node.info("fine").id()));
        get(controller.startWorker(guest("boom", script("exit 7")), ME));
        Event event = announced.get(60, TimeUnit.SECONDS);
        assertThat(event.getProperty("who")).isEqualTo("trigger:shutdown_on_worker_exit_with_error");
        assertThat(event.getProperty("was.clean")).isEqualTo(false);
        assertThat(String.valueOf(event.getProperty("reason")))
                .contains("shutdown_on_worker_exit_with_error")
                .contains("boom")
                .contains("7");
        assertThat(left.get(60, TimeUnit.SECONDS)).containsEntry("exit.code", 1);
    }

    @Test
    void aTriggerThatSawASuccessGivesExitCodeZero() throws Exception {
        trigger("shutdown_on_last_worker_exit");
        get(controller.startWorker(guest("first", script("exec sleep 60")), ME));
        get(controller.startWorker(guest("job", script("exit 0")), ME));
        get(controller.awaitExit(node.info("job").id()));
        assertThat(announced).isNotDone();
        get(controller.stopWorker(node.info("first").id(), io.millwright.controller.api.StopOptions.KILL, ME));
        assertThat(announced).as("a stop that was asked for does not count").isNotDone();
        get(controller.startWorker(guest("job", script("exit 0")), ME));
        assertThat(announced.get(60, TimeUnit.SECONDS).getProperty("who"))
                .isEqualTo("trigger:shutdown_on_last_worker_exit");
        assertThat(left.get(60, TimeUnit.SECONDS)).containsEntry("exit.code", 0);
    }

    private void trigger(String name) throws Exception {
        // The title tells that the options are in force.
        options.update(new Hashtable<>(Map.of("shutdown.triggers", name, "title", name)));
        await("the options are in force", () -> controller.getStatus().title().startsWith(name));
    }
}
