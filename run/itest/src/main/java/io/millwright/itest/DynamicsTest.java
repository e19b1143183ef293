package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.worker.LaunchCustomizer;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** Plug-ins come and go while workers run; the controller and its workers outlive each. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class DynamicsTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
    }

    @AfterEach
    void end() {
        node.clear();
        assertThat(context.getService(context.getServiceReference(NodeController.class)))
                .as("the controller instance outlives every coming and going")
                .isSameAs(controller);
    }

    private static WorkerType shell(String text) {
        return new WorkerType() {
            @Override
            public List<OptionDefinition> options() {
                return List.of();
            }

            @Override
            public LaunchPlan plan(PlanRequest request) {
                return request.plan("type", List.of("/bin/sh", "-c", "echo " + text + "; exec sleep 60"));
            }
        };
    }

    private ServiceRegistration<WorkerType> register(String type, WorkerType service, int ranking) {
        return context.registerService(
                WorkerType.class,
                service,
                new Hashtable<>(Map.of(WorkerType.WORKER_TYPE, type, Constants.SERVICE_RANKING, ranking)));
    }

    @Test
    void aTypeIsStartableAtOnceAndItsWorkersOutliveIt() {
        ServiceRegistration<WorkerType> registration = register("passing", shell("hello"), 0);
        get(controller.startWorker(
                io.millwright.controller.api.WorkerSpec.of(new WorkerId("p1"), "passing", Map.of()), ME));
        long pid = node.awaitStarted("p1");
        registration.unregister();
        assertThat(controller.getStatus().workerTypes()).doesNotContain("passing");
        assertThat(node.info("p1").pid()).isEqualTo(pid);
        await(
                "its log goes on",
                () -> !controller.getWorkerLog(new WorkerId("p1"), 10).isEmpty());
        assertThat(get(controller.stopWorker(new WorkerId("p1"), StopOptions.GRACEFUL, ME))
                        .exit())
                .isNotNull();
    }

    @Test
    void theHigherRankingServesAndTheOtherIsShownAsShadowed() {
        ServiceRegistration<WorkerType> low = register("twice", shell("low"), 0);
        ServiceRegistration<WorkerType> high = register("twice", shell("high"), 10);
        assertThat(controller.getWorkerTypes())
                .filteredOn(type -> type.type().equals("twice"))
                .extracting(WorkerTypeInfo::shadowed)
                .containsExactly(false, true);
        get(controller.startWorker(
                io.millwright.controller.api.WorkerSpec.of(new WorkerId("t"), "twice", Map.of()), ME));
        await("the higher one planned it", () -> controller.getWorkerLog(new WorkerId("t"), 10).stream()
                .anyMatch(entry -> entry.text().equals("high")));
        high.unregister();
        low.unregister();
    }

    @Test
    void aWorkerInBackoffWaitsForItsTypeBundleAndComesBackWithIt() throws BundleException {
        Bundle guestBundle = node.bundle("io.millwright.worker.guest");
        get(controller.startWorker(
                guest("w", script("sleep 0.2; exit 1", "restart.policy", "always", "restart.delay", "50ms")), ME));
        get(controller.startWorker(guest("steady", script("exec sleep 60")), ME));
        long steady = node.awaitStarted("steady");
        guestBundle.stop();
        await(
                "it waits for its type",
                () -> node.state("w") == WorkerState.BACKOFF
                        && String.valueOf(node.info("w").reason()).startsWith("type unavailable"));
        assertThat(node.info("steady").pid()).isEqualTo(steady);
        guestBundle.start();
        await("it is back", () -> node.state("w") == WorkerState.STARTED);
        assertThat(node.info("steady").pid()).isEqualTo(steady);
    }

    @Test
    void refreshingTheTypesBundleEndsNoWorker() throws Exception {
        get(controller.startWorker(guest("r", script("exec sleep 60")), ME));
        long pid = node.awaitStarted("r");
        Bundle guestBundle = node.bundle("io.millwright.worker.guest");
        java.util.concurrent.CountDownLatch refreshed = new java.util.concurrent.CountDownLatch(1);
        context.getBundle(0)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(guestBundle), event -> refreshed.countDown());
        assertThat(refreshed.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        await("the type is back", () -> controller.getStatus().workerTypes().contains("guest"));
        assertThat(node.info("r").pid()).isEqualTo(pid);
    }

    @Test
    void customizersChangeLaunchesAndAreNamed() {
        LaunchCustomizer customizer = (spec, plan) -> plan.withVariable("CUSTOM", "yes");
        ServiceRegistration<LaunchCustomizer> registration = context.registerService(
                LaunchCustomizer.class,
                customizer,
                new Hashtable<>(Map.of(LaunchCustomizer.CUSTOMIZER_NAME, "adds-custom")));
        get(controller.startWorker(guest("c", script("echo custom=$CUSTOM; exec sleep 60")), ME));
        await("it sees the variable", () -> controller.getWorkerLog(new WorkerId("c"), 10).stream()
                .anyMatch(entry -> entry.text().equals("custom=yes")));
        assertThat(node.info("c").customizers()).containsExactly("adds-custom");
        registration.unregister();
    }

    @Test
    void eventsComeThroughEventAdminInOrder() {
        List<String> topics = Collections.synchronizedList(new ArrayList<>());
        EventHandler handler = new EventHandler() {
            @Override
            public void handleEvent(Event event) {
                if ("e".equals(event.getProperty("worker.id"))) {
                    topics.add(event.getTopic().substring(event.getTopic().lastIndexOf('/') + 1));
                }
            }
        };
        ServiceRegistration<EventHandler> registration = context.registerService(
                EventHandler.class,
                handler,
                new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "io/millwright/worker/*")));
        get(controller.startWorker(guest("e", Map.of("executable", "/bin/true")), ME));
        await("three events", () -> topics.size() >= 3);
        assertThat(topics).containsExactly("STARTING", "STARTED", "EXITED");
        registration.unregister();
    }

    /** The kind: a stranger's handler that keeps the event admin; nothing of the node is wrong, and nobody gets its events. */
    @Test
    void aHandlerThatKeepsEventsIsNamedByTheDoctor() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        EventHandler slow = new EventHandler() {
            @Override
            public void handleEvent(Event event) {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        // Before the handler is there: an event of an earlier test may still be on its way to it.
        assertThat(eventAdminFindings()).isEmpty();
        ServiceRegistration<EventHandler> registration = context.registerService(
                EventHandler.class, slow, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "io/millwright/*")));
        try {
            get(controller.startWorker(guest("e", Map.of("executable", "/bin/true")), ME));
            await("the handler has an event", () -> inside.getCount() == 0);
            assertThat(eventAdminFindings()).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                assertThat(finding.what()).contains(slow.getClass().getName(), "bundle io.millwright.itest");
            });
        } finally {
            release.countDown();
            registration.unregister();
        }
        await("events are delivered again", () -> eventAdminFindings().isEmpty());
    }

    /** The kind: a handler that looks registered and never gets an event, of which the EventAdmin tells nobody. */
    @Test
    void aHandlerThatGetsNoEventIsNamedByTheDoctor() {
        Map<String, Map<String, Object>> wrong = Map.of(
                "it has no property event.topics", Map.of(),
                "its property event.topics is neither a text nor a list of texts",
                        Map.of(EventConstants.EVENT_TOPIC, 7),
                "its property event.filter is no text",
                        Map.of(EventConstants.EVENT_TOPIC, "a/*", EventConstants.EVENT_FILTER, 7),
                "its property event.filter is no filter",
                        Map.of(EventConstants.EVENT_TOPIC, "a/*", EventConstants.EVENT_FILTER, "(a=b"));
        await("events of earlier tests are delivered", () -> eventAdminFindings()
                .isEmpty());
        EventHandler handler = event -> {};
        wrong.forEach((problem, properties) -> {
            ServiceRegistration<EventHandler> registration =
                    context.registerService(EventHandler.class, handler, new Hashtable<>(properties));
            try {
                assertThat(eventAdminFindings()).singleElement().satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                    assertThat(finding.what()).contains("bundle io.millwright.itest", problem);
                });
            } finally {
                registration.unregister();
            }
        });
        assertThat(eventAdminFindings()).isEmpty();
    }

    /** The same kind, when EventAdmin has had enough of it: only its log tells. */
    @Test
    void aHandlerThatEventAdminDeniesIsNamedByTheDoctorAsLongAsItIsThere() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        EventHandler slow = new EventHandler() {
            @Override
            public void handleEvent(Event event) {
                // Felix's EventAdmin gives a handler no time limit at its first event.
                if (first.getCount() > 0) {
                    first.countDown();
                    return;
                }
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        assertThat(deniedHandlers()).isEmpty();
        ServiceRegistration<EventHandler> registration = context.registerService(
                EventHandler.class, slow, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "io/millwright/*")));
        try {
            get(controller.startWorker(guest("e", Map.of("executable", "/bin/true")), ME));
            await("it is denied", () -> !deniedHandlers().isEmpty());
            assertThat(deniedHandlers()).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                assertThat(finding.subject())
                        .contains("handler " + slow.getClass().getName(), "of bundle io.millwright.itest [");
            });
        } finally {
            release.countDown();
            registration.unregister();
        }
        assertThat(deniedHandlers()).isEmpty();
    }

    private List<Finding> deniedHandlers() {
        return controller.doctor().stream()
                .filter(finding -> finding.what().contains("EventAdmin denies it"))
                .toList();
    }

    /** The kind: a service that the node hands things to and that does not come back. */
    @Test
    void anEventAdminThatTakesNoEventHoldsUpNothingOfTheNode() {
        CountDownLatch release = new CountDownLatch(1);
        EventAdmin stuck = new EventAdmin() {
            @Override
            public void postEvent(Event event) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void sendEvent(Event event) {
                postEvent(event);
            }
        };
        ServiceRegistration<EventAdmin> registration =
                context.registerService(EventAdmin.class, stuck, new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 1)));
        try {
            get(controller.startWorker(guest("e", Map.of("executable", "/bin/true")), ME));
            get(controller.awaitExit(new WorkerId("e")));
            assertThat(controller.doctor())
                    .filteredOn(finding -> finding.what().contains("has not taken an event for"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR));
        } finally {
            registration.unregister();
            release.countDown();
        }
        await("events are delivered again", () -> eventAdminFindings().isEmpty());
    }

    private List<Finding> eventAdminFindings() {
        return controller.doctor().stream()
                .filter(finding -> finding.subject().equals("EventAdmin"))
                .toList();
    }

    @Test
    void listenersHearEventsAndLinesOfTheWorkersTheyAskFor() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        WorkerListener listener = new WorkerListener() {
            @Override
            public boolean wantsLog() {
                return true;
            }

            @Override
            public void onEvent(NodeEvent event, long lost) {
                heard.add(event.topic());
            }

            @Override
            public void onLog(WorkerId id, List<LogEntry> entries, long lost) {
                entries.forEach(entry -> heard.add(id + ":" + entry.text()));
            }
        };
        ServiceRegistration<WorkerListener> registration = context.registerService(
                WorkerListener.class, listener, new Hashtable<>(Map.of(WorkerListener.WORKER_ID, "mine")));
        get(controller.startWorker(guest("mine", script("echo one")), ME));
        get(controller.startWorker(guest("other", script("echo two")), ME));
        await("its line", () -> heard.contains("mine:one"));
        await("its end", () -> heard.contains("io/millwright/worker/EXITED"));
        get(controller.awaitExit(new WorkerId("other")));
        get(controller.startWorker(guest("mine", script("echo again")), ME));
        await("the line of its next run", () -> heard.contains("mine:again"));
        assertThat(heard).noneMatch(text -> text.startsWith("other:"));
        registration.unregister();
    }
}
