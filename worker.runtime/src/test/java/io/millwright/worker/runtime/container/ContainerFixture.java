package io.millwright.worker.runtime.container;

import io.millwright.wamp.message.Payload;
import io.millwright.worker.runtime.internal.FakeNode;
import io.millwright.worker.runtime.internal.FakeNode.Child;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A container in a JVM of its own, and a node that it joins. */
abstract class ContainerFixture {
    static final String QUIET = component("quiet", "Quiet", "");

    @TempDir
    Path dir;

    FakeNode node;

    @BeforeEach
    void open() throws Exception {
        node = new FakeNode(dir);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    static String component(String id, String type, String more) {
        return "{\"id\":\"" + id + "\",\"class\":\"io.millwright.worker.runtime.container.Parts$" + type + "\"" + more
                + "}";
    }

    static Path jar(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    Child start(String exit, String... components) throws Exception {
        String options = ",\"options\":{\"components_exit\":\"" + exit + "\",\"components\":["
                + String.join(",", components) + "]}";
        return node.startMain(
                node.birth("the-token", options),
                List.of(
                        org.apache.felix.framework.FrameworkFactory.class,
                        org.slf4j.LoggerFactory.class,
                        org.osgi.service.cm.ConfigurationAdmin.class,
                        org.osgi.service.component.runtime.ServiceComponentRuntime.class,
                        org.osgi.util.promise.Promise.class,
                        org.osgi.util.function.Function.class,
                        org.apache.felix.scr.info.ScrInfo.class,
                        org.apache.felix.cm.PersistenceManager.class),
                Container.class.getName());
    }

    Map<?, ?> get(String id) throws Exception {
        return (Map<?, ?>) node.call("get_component", id);
    }

    Object configure(Object... components) throws Exception {
        Map<String, Object> options = Map.of("components_exit", "shutdown-manual", "components", List.of(components));
        return node.call("configure", Payload.of(List.of(), Map.of("options", options)));
    }

    List<String> changes() {
        List<String> all = new ArrayList<>();
        node.changes.drainTo(all);
        return all;
    }

    static String ofBundle(String name) {
        return "{\"id\":\"" + name + "\",\"bundle\":\"" + name + ".jar\"}";
    }

    Object started(String id) throws Exception {
        return ((Map<?, ?>) node.call("start_component", Map.of("id", id, "bundle", id + ".jar"))).get("state");
    }

    static Set<Path> temporary() throws IOException {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "millwright-w1-*")) {
            all.forEach(found::add);
        }
        return found;
    }
}
