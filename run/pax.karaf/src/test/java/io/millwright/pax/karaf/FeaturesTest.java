package io.millwright.pax.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.features;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.logLevel;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.features.FeaturesService;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.karaf.options.LogLevelOption.LogLevel;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The features in a Karaf, from inside: this class is a bundle there, the configuration is made outside. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class FeaturesTest {
    private static final String MAVEN = "etc/org.ops4j.pax.url.mvn.cfg";

    private static final String MANAGEMENT = "etc/org.apache.karaf.management.cfg";

    @Inject
    private BundleContext context;

    @Inject
    private FeaturesService features;

    @Inject
    private NodeController node;

    @Configuration
    public Option[] karaf() {
        return options(
                karafDistributionConfiguration()
                        .frameworkUrl(Path.of(System.getProperty("karaf.archive"))
                                .toUri()
                                .toString())
                        .unpackDirectory(new File(System.getProperty("karaf.unpacked"))),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                logLevel(LogLevel.WARN),
                editConfigurationFilePut(MANAGEMENT, "rmiRegistryPort", freePort()),
                editConfigurationFilePut(MANAGEMENT, "rmiServerPort", freePort()),
                // ours and Pax Exam's: nothing from afar, and nothing is put into the user's
                editConfigurationFilePut(
                        MAVEN,
                        "org.ops4j.pax.url.mvn.repositories",
                        uri("repository") + "@id=millwright@snapshots," + uri("exam.repository") + "@id=exam"),
                editConfigurationFilePut(
                        MAVEN,
                        "org.ops4j.pax.url.mvn.localRepository",
                        System.getProperty("karaf.unpacked") + "-maven"),
                features(uri("features"), "millwright-all"));
    }

    /** Other than Karaf's own, so that several builds can run on one machine. */
    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String uri(String property) {
        return Path.of(System.getProperty(property)).normalize().toUri().toString();
    }

    @Test
    public void everyBundleOfOursIsActive() throws Exception {
        Map<String, Integer> states = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().startsWith("io.millwright.")) {
                states.put(bundle.getSymbolicName().substring("io.millwright.".length()), bundle.getState());
            }
        }
        assertEquals(
                Set.of(
                        "config.etc",
                        "config.file",
                        "controller.api",
                        "controller.impl",
                        "monitor.oshi",
                        "shell.gogo",
                        "shell.karaf",
                        "shutdown.triggers",
                        "watcher.fs",
                        "worker.guest"),
                states.keySet());
        assertEquals(states.toString(), Set.of(Bundle.ACTIVE), Set.copyOf(states.values()));
        assertNotNull(features.getFeature("millwright-shell-local"));
    }

    @Test
    public void aGuestRunsAndItsExitIsSeen() throws Exception {
        WorkerId id = new WorkerId("job");
        WorkerSpec spec = WorkerSpec.of(
                id,
                "guest",
                Map.of("executable", "/bin/sh", "arguments", List.of("-c", "read line; exit 7"), "stdin", "open"));
        StartResult started = node.startWorker(spec, Caller.shell("pax"))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertEquals(List.of(id), node.getWorkers(List.of()));
        node.writeInput(
                id, "go\n".getBytes(StandardCharsets.UTF_8), NodeController.InputEnd.CLOSE, Caller.shell("pax"));
        WorkerExit exit = node.awaitExit(id).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(Integer.valueOf(7), exit.code());
        assertEquals(0, ProcessHandle.of(started.pid()).stream().count());
    }
}
