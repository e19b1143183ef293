package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;

/** The remote management in a file. */
class NodeFileRemoteTest extends NodeFileFixture {
    @Test
    void remoteManagementBecomesConfigurations() throws Exception {
        String first =
                """
                {"version": 2, "controller": {"remote": {
                   "listeners": {"lan": {"type": "websocket", "address": "127.0.0.1:8080", "auth": ["ticket"], "tls": {"cert": "c", "key": "k"}}},
                   "principals": {"ci": {"role": "observer", "ticketFile": "key/ci"}},
                   "roles": {"some": {"rules": ["call exact a.b", "call exact a.c"]}},
                   "limits": {"sessions": 5}}}}
                """;
        write("node.json", first);
        NodeFileSource source = translated();
        assertThat(source.problems()).isEmpty();
        Map<String, Map<String, Object>> all = configAdmin.all();
        assertThat(all.keySet())
                .containsExactly(
                        "io.millwright.remote",
                        "io.millwright.remote.listener~lan",
                        "io.millwright.remote.principal~ci",
                        "io.millwright.remote.role~some");
        assertThat(all.get("io.millwright.remote"))
                .containsEntry("limits.sessions", 5L)
                .containsEntry("millwright.origin", "node.json");
        assertThat(all.get("io.millwright.remote.listener~lan"))
                .containsEntry("type", "websocket")
                .containsEntry("tls.cert", "c")
                .containsEntry("auth", new String[] {"ticket"})
                .doesNotContainKey("worker.id");
        assertThat(source.propose(directory.resolve("node.json")).orElseThrow().changes())
                .isEmpty();

        write("node.json", first.replace("\"observer\"", "\"operator\"").replace("\"some\"", "\"other\""));
        // Before they are made, what changes is said.
        List<ConfigurationChange> changes =
                source.propose(directory.resolve("node.json")).orElseThrow().changes();
        assertThat(changes)
                .extracting(ConfigurationChange::pid)
                .containsExactly(
                        "io.millwright.remote.role~some",
                        "io.millwright.remote.principal~ci",
                        "io.millwright.remote.role~other");
        assertThat(changes.get(0).properties()).isNull();
        assertThat(changes.get(1).before()).containsEntry("role", "observer");
        assertThat(changes.get(1).properties()).containsEntry("role", "operator");
        assertThat(changes.get(2).before()).isNull();
        source.refresh();
        assertThat(configAdmin.all().get("io.millwright.remote.principal~ci")).containsEntry("role", "operator");
        assertThat(configAdmin.all())
                .containsKey("io.millwright.remote.role~other")
                .doesNotContainKey("io.millwright.remote.role~some");
        write("node.json", "{\"version\": 2}");
        source.refresh();
        assertThat(configAdmin.all()).isEmpty();
    }

    @Test
    void remoteManagementByHandIsLeftAloneAndToldFromTheFiles() throws Exception {
        configAdmin
                .admin()
                .getFactoryConfiguration("io.millwright.remote.principal", "ci", "?")
                .update(FrameworkUtil.asDictionary(Map.of("role", "observer")));
        String text =
                "{\"version\": 2, \"controller\": {\"remote\": {\"principals\": {\"ci\": {\"role\": \"operator\"}}}}}";
        write("node.json", text);
        assertThat(translated().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("controller.remote.principals.ci");
            assertThat(problem.message())
                    .contains("also configured in the configuration io.millwright.remote.principal~ci");
        });
        assertThat(configAdmin.all().get("io.millwright.remote.principal~ci")).containsEntry("role", "observer");
        write("node.json", text.replace("\"ci\"", "\"other\""));
        assertThat(translated().problems()).isEmpty();
        assertThat(configAdmin.all())
                .containsKeys("io.millwright.remote.principal~ci", "io.millwright.remote.principal~other");
    }

    @Test
    void wrongShapesOfRemoteManagementAreRefused() throws Exception {
        String all = "{\"version\": 2, \"controller\": {\"remote\": %s}}";
        refused(all.formatted("[]"), "controller.remote", 1);
        refused(all.formatted("{\"listener\": {}}"), "controller.remote.listener", 1);
        refused(all.formatted("{\"listeners\": []}"), "controller.remote.listeners", 1);
        refused(all.formatted("{\"listeners\": {\"a\": 1}}"), "controller.remote.listeners.a", 1);
        refused(all.formatted("{\"listeners\": {\"a b\": {}}}"), "controller.remote.listeners.a b", 1);
        refused(all.formatted("{\"listeners\": {\"a\": {\"path\": null}}}"), "controller.remote.listeners.a.path", 1);
    }

    /** The kind: an option that is passed over leaves open what was to be closed. */
    @Test
    void optionsOfRemoteManagementAreChecked() throws Exception {
        String file =
                """
                {"version": 2, "controller": {"remote": {
                "listeners": {"lan": {
                "adress": "127.0.0.1:1",
                "path": 5,
                "tls": {"cert": "c", "certificate": "d"},
                "auth": ["ticket", 1],
                "origins": "https://a.example",
                "insecure": "yes",
                "ping": 1.5,
                "limits": {"message": "100", "hello": 9999999999}}},
                "principals": {"ci": {"rolle": "observer"}},
                "roles": {"r": {"rules": {"a": "b"}}},
                "limits": {"session": 5, "calls": "7"}}}}
                """;
        String lan = "controller.remote.listeners.lan.";
        refused(
                file,
                lan + "adress",
                3,
                lan + "path",
                4,
                lan + "tls.certificate",
                5,
                lan + "auth[1]",
                6,
                lan + "insecure",
                8,
                lan + "ping",
                9,
                lan + "limits.hello",
                10,
                "controller.remote.principals.ci.rolle",
                11,
                "controller.remote.roles.r.rules.a",
                12,
                "controller.remote.limits.session",
                13);
        assertThat(translated().problems())
                .extracting(Problem::message)
                .contains(
                        "'adress' is not an option; did you mean 'address'?",
                        "must be a text, is a number",
                        "must be true or false, is a text",
                        "must be a whole number, is a number",
                        "'rolle' is not an option; did you mean 'role'?",
                        "'limits.session' is not an option; did you mean 'limits.sessions'?");
    }
}
