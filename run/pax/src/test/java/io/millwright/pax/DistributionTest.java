package io.millwright.pax;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.util.tracker.ServiceTracker;

/** Exactly the bundles of the distribution, at its start levels: all active, the node ready, a guest runs. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DistributionTest {
    private static final Caller ME = Caller.api("pax");
    private static final int LAST_START_LEVEL = 5;

    @Inject
    BundleContext context;

    /** Called by Pax Exam, outside the framework. */
    @Configuration
    public static Option[] distribution() throws IOException {
        Path node = Files.createDirectories(Path.of("target", "node").toAbsolutePath());
        List<Option> options = new ArrayList<>(List.of(
                junitBundles(),
                cleanCaches(),
                frameworkStartLevel(LAST_START_LEVEL),
                frameworkProperty(Constants.FRAMEWORK_BEGINNING_STARTLEVEL).value(String.valueOf(LAST_START_LEVEL)),
                frameworkProperty("millwright.dir").value(node.toString()),
                frameworkProperty("shutdown.scope").value("workers"),
                frameworkProperty("felix.fileinstall.dir")
                        .value(node.resolve("etc").toString()),
                frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level")
                        .value("WARN")));
        for (Path jar : jars()) {
            int level = Integer.parseInt(jar.getParent().getFileName().toString());
            options.add(bundle(jar.toUri().toString()).startLevel(level));
        }
        return options.toArray(Option[]::new);
    }

    private static List<Path> jars() throws IOException {
        Path folder = Path.of(System.getProperty("millwright.home"), "bundle").toRealPath();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            assertTrue("the distribution in " + folder + " has bundles", jars.size() > 10);
            return jars;
        }
    }

    private Object await(String filter) throws Exception {
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, context.createFilter(filter), null);
        tracker.open();
        try {
            Object service = tracker.waitForService(TimeUnit.SECONDS.toMillis(60));
            assertNotNull("a service " + filter, service);
            return service;
        } finally {
            tracker.close();
        }
    }

    private NodeController node() throws Exception {
        await("(&(objectClass=org.osgi.service.condition.Condition)(osgi.condition.id=io.millwright.node.ready))");
        return (NodeController) await("(objectClass=" + NodeController.class.getName() + ")");
    }

    @Test
    public void everyBundleOfTheDistributionIsActive() throws Exception {
        node();
        TreeSet<String> present = new TreeSet<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                assertEquals(bundle + " is active", Bundle.ACTIVE, bundle.getState());
            }
            present.add(bundle.getLocation());
        }
        for (Path jar : jars()) {
            assertTrue(jar + " is installed", present.contains(jar.toUri().toString()));
        }
    }

    @Test
    public void theNodeIsReadyAndRunsAGuest() throws Exception {
        NodeController node = node();
        assertEquals(NodeState.READY, node.getStatus().state());
        WorkerId id = new WorkerId("guest");
        Map<String, Object> options =
                Map.of("executable", "/bin/sh", "arguments", List.of("-c", "echo hello; exec sleep 60"));
        node.startWorker(WorkerSpec.of(id, "guest", options), ME)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        node.stopWorker(id, StopOptions.GRACEFUL, ME).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals("hello", node.getWorkerLog(id, 10).get(0).text());
    }
}
