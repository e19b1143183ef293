package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** An application router in a process of its own, and workers that talk through it. */
class RouterTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService
    NodeController controller;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
        await(
                "the native types and their channels are there",
                () -> controller.getStatus().workerTypes().containsAll(List.of("java", "router"))
                        && Files.exists(
                                Path.of(controller.getStatus().directory().toString(), "run", "wamp.sock")));
    }

    @AfterEach
    void end() {
        node.clear();
    }

    private long start(String id, String type, Map<String, Object> options) {
        return get(controller.startWorker(WorkerSpec.of(new WorkerId(id), type, options), ME))
                .pid();
    }

    private long application(String id, String role) {
        String location = context.getBundle().getLocation();
        Map<String, Object> options = new HashMap<>();
        options.put("main", NativePrograms.class.getName());
        options.put("classpath", new String[] {
            Path.of(URI.create(location.substring(location.indexOf("file:")))).toString()
        });
        options.put("arguments", new String[] {"application"});
        options.put("connect", Map.of("router", "apps", "realm", "com.realm", "role", role));
        return start(id, "java", options);
    }

    private Object ask(String id, String procedure) {
        return get(controller.callWorker(new WorkerId(id), "ask", Map.of("procedure", procedure), ME))
                .value();
    }

    private boolean answers(String id, String procedure) {
        try {
            return ask(id, procedure).equals(procedure.substring(procedure.lastIndexOf('.') + 1) + " is here");
        } catch (NodeException e) {
            return false;
        }
    }

    private static Map<String, Object> role(String... allow) {
        return Map.of("permissions", List.of(Map.of("uri", "com.example", "match", "prefix", "allow", List.of(allow))));
    }

    @Test
    void workersTalkThroughARouterByNameAndAreBackWhenItWasKilled() {
        // One is there before the router, one after it.
        long one = application("one", "app");
        long router = start(
                "apps",
                "router",
                Map.of(
                        "restart.policy",
                        "always",
                        "realms",
                        Map.of(
                                "r",
                                Map.of(
                                        "name",
                                        "com.realm",
                                        "roles",
                                        Map.of("app", role("call", "register"), "guest", role("register"))))));
        long two = application("two", "app");
        application("guest", "guest");
        await("two is answered by one", () -> answers("two", "com.example.one"));
        await("one is answered by two", () -> answers("one", "com.example.two"));
        assertThatThrownBy(() -> ask("guest", "com.example.one"))
                .hasMessageContaining("role 'guest' may not call 'com.example.one'");
        assertThat((List<?>) get(controller.callWorker(new WorkerId("apps"), "get_sessions", Map.of(), ME))
                        .value())
                .hasSize(3);

        ProcessHandle.of(router).orElseThrow().destroyForcibly();
        await("the router runs again", () -> {
            Long pid = node.info("apps").pid();
            return pid != null && pid != router && node.state("apps") == WorkerState.STARTED;
        });
        await("two is answered by one again", () -> answers("two", "com.example.one"));
        await("one is answered by two again", () -> answers("one", "com.example.two"));
        assertThat(node.info("one").pid()).isEqualTo(one);
        assertThat(node.info("two").pid()).isEqualTo(two);
    }
}
