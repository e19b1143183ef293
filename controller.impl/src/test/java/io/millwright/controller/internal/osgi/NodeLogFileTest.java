package io.millwright.controller.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedService;

class NodeLogFileTest {
    @TempDir
    Path node;

    private final List<String> warnings = new ArrayList<>();
    private int got;
    private int opened;
    private @Nullable RuntimeException failure;
    private boolean makesNone;
    private Path file = Path.of("");

    @BeforeEach
    void make() throws IOException {
        file = Files.createDirectory(node.resolve("log")).resolve("node.log");
        Files.writeString(file, "old\n");
    }

    /** Pax-logging, as far as it is called. */
    private void updated(@Nullable Dictionary<String, ?> configuration) throws ConfigurationException {
        assertThat(got).isEqualTo(1);
        opened++;
        if (failure != null) {
            throw failure;
        }
        try {
            if (!makesNone && Files.notExists(file)) {
                Files.createFile(file);
            }
        } catch (IOException e) {
            throw new ConfigurationException(null, "no file", e);
        }
    }

    private NodeLogFile log() {
        ManagedService logging = this::updated;
        ServiceReference<ManagedService> reference =
                FakeServices.reference(FakeServices.properties("service.pid", "org.ops4j.pax.logging"));
        Map<String, Object> answers = Map.of(
                "getProperty", "etc/logback.xml", "getServiceReferences", List.of(reference), "getService", logging);
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (self, method, arguments) -> {
                    String name = method.getName();
                    got += name.equals("getService") ? 1 : name.equals("ungetService") ? -1 : 0;
                    return name.equals("ungetService") ? (Object) true : answers.get(name);
                });
        return new NodeLogFile(context, node, warnings::add);
    }

    private void rename(String from, String to) throws IOException {
        Files.move(file.resolveSibling(from), file.resolveSibling(to));
    }

    @Test
    void aFileThatIsGoneIsMadeAnewAndToldOf() throws IOException {
        NodeLogFile log = log();
        log.check();
        assertThat(opened).isZero();
        Files.delete(file);
        log.check();
        log.check();
        assertThat(opened).isEqualTo(1);
        assertThat(got).isZero();
        assertThat(warnings).singleElement().asString().contains("was removed or renamed");
        Files.delete(file);
        log.check();
        assertThat(opened).isEqualTo(2);
        assertThat(warnings).hasSize(2);
    }

    /** The log back end has the new file open itself. */
    @Test
    void theLogsOwnRotationIsRemembered() throws IOException {
        NodeLogFile log = log();
        rename("node.log", "node.log.1");
        Files.writeString(file, "new\n");
        log.check();
        rename("node.log.1", "node.log.3");
        rename("node.log", "node.log.2");
        Files.writeString(file, "newer\n");
        log.check();
        assertThat(opened).isZero();
        // The new one is the known one now.
        Files.delete(file);
        log.check();
        assertThat(opened).isEqualTo(1);
    }

    /** It has made a file that nobody writes to. */
    @Test
    void aRotationByAnotherProgramHasItOpened() throws IOException {
        NodeLogFile log = log();
        rename("node.log", "node.log.1");
        Files.createFile(file);
        log.check();
        log.check();
        assertThat(opened).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void troubleThatLastsIsToldOfOnce() throws IOException {
        NodeLogFile log = log();
        failure = new IllegalStateException("told to fail");
        Files.delete(file);
        log.check();
        log.check();
        assertThat(opened).isEqualTo(2);
        assertThat(got).isZero();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("could not be opened anew")
                .contains("told to fail");
        failure = null;
        makesNone = true;
        log.check();
        assertThat(warnings).hasSize(1);
        makesNone = false;
        log.check();
        assertThat(file).exists();
        Files.delete(file);
        log.check();
        assertThat(warnings).hasSize(2);
    }
}
