package io.millwright.worker.runtime.container;

import static io.millwright.worker.runtime.internal.FakeNode.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.message.Payload;
import io.millwright.worker.runtime.internal.FakeNode;
import io.millwright.worker.runtime.internal.FakeNode.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers in JVMs of their own. */
@Timeout(120)
class ContainerTest extends ContainerFixture {
    @Test
    void classesAreStartedStoppedAndRestarted() throws Exception {
        Child child = start("shutdown-manual", QUIET, component("broken", "Broken", ""));
        Map<?, ?> info = next(node.ready);
        assertThat((List<?>) info.get("operations"))
                .asString()
                .contains("start_component", "get_components", "trigger_gc");
        assertThat(get("quiet").get("state")).isEqualTo("started");
        assertThat(get("broken").get("state")).isEqualTo("failed");
        assertThat(String.valueOf(((Map<?, ?>) get("broken").get("error")).get("message")))
                .isEqualTo("no ink");
        assertThat(String.valueOf(((Map<?, ?>) get("broken").get("error")).get("trace")))
                .contains("Parts$Broken.<init>");
        assertThat(((Map<?, ?>) node.call("stop_component", "quiet")).get("state"))
                .isEqualTo("stopped");
        assertThat(((Map<?, ?>) node.call("restart_component", "quiet")).get("state"))
                .isEqualTo("started");
        assertThat(get("quiet").get("restarts")).isEqualTo(1L);
        assertThat((List<?>) node.call("get_components", "failed")).hasSize(1);
        assertThatThrownBy(() -> node.call("restart_component", "broken")).hasMessageContaining("no ink");
        assertThatThrownBy(() -> node.call("get_component", "other")).hasMessageContaining("no component 'other'");
        assertThat(List.of(next(node.changes), next(node.changes)))
                .containsExactlyInAnyOrder("quiet started", "broken failed: no ink");
        assertThat(List.of(next(node.changes), next(node.changes), next(node.changes)))
                .containsExactly("quiet stopped", "quiet started", "broken failed: no ink");
        node.call("shutdown");
        assertThat(child.exit()).isZero();
        assertThat(next(node.changes)).isEqualTo("quiet stopped");
        assertThat(child.out).containsExactly("quiet is closed", "quiet is closed");
    }

    @Test
    void componentsAreAddedAtRunTime() throws Exception {
        start("shutdown-manual");
        next(node.ready);
        Map<String, Object> spec = Map.of("id", "q", "class", Parts.Quiet.class.getName());
        assertThat(((Map<?, ?>) node.call("start_component", Payload.of(List.of(), Map.of("component", spec))))
                        .get("state"))
                .isEqualTo("started");
        assertThatThrownBy(() -> node.call("start_component", spec)).hasMessageContaining("component 'q' is started");
        assertThatThrownBy(() -> node.call("start_component", Map.of("id", "x")))
                .hasMessageContaining("give 'bundle' or 'class'");
        assertThatThrownBy(() -> node.call("start_component", Map.of("id", "x", "class", "com.acme.None")))
                .hasMessageContaining("the class 'com.acme.None' is not on the class path");
        assertThat(get("x").get("state")).isEqualTo("failed");
        assertThatThrownBy(() -> node.call("start_component", Map.of("id", "b", "bundle", "none.jar")))
                .hasMessageContaining("there is no bundle " + dir.resolve("none.jar"));
    }

    @Test
    void whatIsSavedIsStartedWithTheNextRun() throws Exception {
        Child first = start("shutdown-manual", QUIET);
        next(node.ready);
        for (String one : List.of("kept", "gone", "quiet2")) {
            node.call("start_component", Map.of("id", one, "class", Parts.Quiet.class.getName()));
        }
        node.call("save_component", "kept");
        node.call("save_component", "gone");
        node.call("forget_component", "gone");
        assertThatThrownBy(() -> node.call("save_component", "none")).hasMessageContaining("no component 'none'");
        assertThatThrownBy(() -> node.call("forget_component", "gone"))
                .hasMessageContaining("component 'gone' is not saved; saved are [kept]");
        node.call("shutdown");
        assertThat(first.exit()).isZero();
        node.close();
        node = new FakeNode(dir);
        start("shutdown-manual", QUIET);
        next(node.ready);
        List<?> started = (List<?>) node.call("get_components", "started");
        assertThat(started.stream().map(one -> ((Map<?, ?>) one).get("id")).toList())
                .isEqualTo(List.of("quiet", "kept"));
    }

    @Test
    void savedComponentsThatCannotBeReadAreSetAside() throws Exception {
        Path file = Files.createDirectories(dir.resolve("state/components")).resolve("w1.json");
        Files.writeString(file, "{\"version\":7,\"components\":[]}");
        start("shutdown-manual", QUIET);
        next(node.ready);
        assertThat(file).doesNotExist();
        assertThat(file.resolveSibling("w1.json.broken")).content().contains("\"version\":7");
        node.call("save_component", "quiet");
        assertThat(file).content().contains("\"version\":1").contains("\"id\":\"quiet\"");
        Files.delete(file);
        Files.createDirectories(file.resolve("in its place"));
        assertThatThrownBy(() -> node.call("save_component", "quiet"))
                .hasMessageContaining("cannot be saved in " + file)
                .hasMessageNotContaining("another user");
    }

    @Test
    void aFailedComponentThatIsConfiguredNoMoreIsToldToBeGone() throws Exception {
        start("shutdown-manual", component("broken", "Broken", ""));
        next(node.ready);
        assertThat(next(node.changes)).isEqualTo("broken failed: no ink");
        configure();
        assertThat(next(node.changes)).isEqualTo("broken stopped");
    }

    @Test
    void aChangedComponentIsRestartedAlone() throws Exception {
        Child child = start(
                "shutdown-manual",
                QUIET,
                component("changes", "Does", ",\"config\":{\"do\":\"wait\",\"n\":1}"),
                component("goes", "Quiet", ""));
        next(node.ready);
        Map<String, Object> added = Map.of("id", "added", "class", Parts.Quiet.class.getName());
        node.call("start_component", added);
        await().until(() -> node.changes.size() == 4);
        changes();
        Map<String, Object> quiet = Map.of("id", "quiet", "class", Parts.Quiet.class.getName());
        Map<String, Object> changes =
                Map.of("id", "changes", "class", Parts.Does.class.getName(), "config", Map.of("do", "wait", "n", 2));
        configure(quiet, changes, added);
        await().until(() -> node.changes.size() >= 3);
        assertThat(changes()).containsExactlyInAnyOrder("changes stopped", "changes started", "goes stopped");
        assertThatThrownBy(() -> get("goes")).hasMessageContaining("no component 'goes'");
        // What a caller has added is the configuration's by now, and goes with it.
        configure(quiet, changes);
        await().until(() -> node.changes.size() >= 1);
        assertThat(changes()).containsExactly("added stopped");
        assertThatThrownBy(() -> configure(quiet, Map.of("id", "x"))).hasMessageContaining("give 'bundle' or 'class'");
        assertThat(get("quiet").get("state")).isEqualTo("started");
        assertThat(get("changes").get("state")).isEqualTo("started");
        assertThat(child.process.isAlive()).isTrue();
    }

    @Test
    void aComponentThatBlocksHoldsUpNoOther() throws Exception {
        start("shutdown-manual", QUIET);
        next(node.ready);
        Map<String, Object> spec = Map.of("id", "blocks", "class", Parts.Blocks.class.getName());
        node.begin("start_component", spec);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(get("blocks").get("state")).isEqualTo("starting"));
        assertThat(((Map<?, ?>) node.call("restart_component", "quiet")).get("state"))
                .isEqualTo("started");
    }

    @ParameterizedTest
    @CsvSource({
        "shutdown-on-any-component-failed, Broken, , 1",
        "shutdown-on-any-component-failed, Does, throw, 1",
        "shutdown-on-any-component-stopped, Does, end, 0",
        "shutdown-on-last-component-stopped, Does, end, 0",
        "shutdown-on-last-component-stopped, Does, throw, 0"
    })
    void itEndsByItsRule(String rule, String type, String does, int code) throws Exception {
        Child child = start(rule, component("one", type, does == null ? "" : ",\"config\":{\"do\":\"" + does + "\"}"));
        assertThat(child.exit()).isEqualTo(code);
    }

    @Test
    void whatFailsIsStartedAgainByItsOwnRule() throws Exception {
        start(
                "shutdown-manual",
                QUIET,
                component(
                        "one",
                        "Does",
                        ",\"config\":{\"do\":\"throw\"},\"restart.policy\":\"on-failure\",\"restart.delay\":0.05"));
        next(node.ready);
        await().untilAsserted(
                        () -> assertThat((Long) get("one").get("restarts")).isGreaterThan(3));
        node.call("stop_component", "one");
        assertThat(get("quiet").get("state")).isEqualTo("started");
    }
}
