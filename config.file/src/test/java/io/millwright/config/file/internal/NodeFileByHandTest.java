package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millwright.controller.api.Problem;
import java.util.Dictionary;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.cm.Configuration;

/** What is configured by hand beside a file. */
class NodeFileByHandTest extends NodeFileFixture {
    @Test
    void anIdConfiguredByHandTooIsRefusedNamingBoth() throws Exception {
        configAdmin.byHand(WORKER + "guest", "a", "felix.fileinstall.filename", "file:/n/etc/w-a.cfg");
        configAdmin.byHand(WORKER + "other", "z", "worker.id", "b");
        configAdmin
                .admin()
                .getConfiguration("io.millwright.controller", "?")
                .update(FelixConfigAdmin.properties("title", "by hand"));
        Map<String, Long> before = configAdmin.changeCounts();
        write(
                "node.json",
                """
                {"version": 2, "controller": {"id": "n"}, "workers": [
                 {"type": "guest", "id": "a", "executable": "/x"},
                 {"type": "guest", "id": "b", "executable": "/x"},
                 {"type": "guest", "id": "z", "executable": "/x"}]}
                """);
        NodeFileSource source = translated();
        assertThat(source.problems())
                .extracting(Problem::path, Problem::line)
                .containsExactly(tuple("controller", 1), tuple("workers[0].id", 2), tuple("workers[1].id", 3));
        assertThat(source.problems().get(1).message())
                .contains(WORKER + "guest~a")
                .contains("file:/n/etc/w-a.cfg");
        assertThat(configAdmin.changeCounts()).isEqualTo(before);

        // The reason is gone, the file is the same: the next look accepts it.
        configAdmin.admin().getFactoryConfiguration(WORKER + "guest", "a", "?").delete();
        configAdmin.admin().getFactoryConfiguration(WORKER + "other", "z", "?").delete();
        configAdmin.admin().getConfiguration("io.millwright.controller", "?").delete();
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all()).hasSize(4);
    }

    /** The kind: one id in the file and elsewhere. The one that came last is refused; here it is not the file. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "~x, a, -",
                "~other, a, file:/n/etc/io.millwright.worker.guest-other.cfg",
                "., -, file:/n/etc/io.millwright.worker.guest-a.cfg",
                "., -, file:/n/etc/io.millwright.worker.guest~a.config",
            })
    void whoComesAfterTheFileIsNoProblemOfTheFile(String pid, @Nullable String id, @Nullable String file)
            throws Exception {
        write(
                "node.json",
                "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"a\", \"executable\": \"/x\"}]}");
        translated();
        Configuration second = pid.equals(".")
                ? configAdmin.admin().createFactoryConfiguration(WORKER + "guest", "?")
                : configAdmin.admin().getFactoryConfiguration(WORKER + "guest", pid.substring(1), "?");
        Dictionary<String, Object> properties = FelixConfigAdmin.properties("executable", "/y");
        if (id != null) {
            properties.put("worker.id", id);
        }
        if (file != null) {
            properties.put("felix.fileinstall.filename", file);
        }
        second.update(properties);
        assertThat(translated().problems()).isEmpty();

        // Before the file it is the file that is refused.
        configAdmin.admin().getFactoryConfiguration(WORKER + "guest", "a", "?").delete();
        NodeFileSource refused = translated();
        assertThat(refused.problems()).extracting(Problem::path).containsExactly("workers[0].id");
        second.delete();
        refused.refresh();
        assertThat(refused.problems()).isEmpty();
    }

    @Test
    void nodeOptionsByHandStayWhenTheFileHasNone() throws Exception {
        configAdmin
                .admin()
                .getConfiguration("io.millwright.controller", "?")
                .update(FelixConfigAdmin.properties("title", "by hand"));
        write("node.json", "{\"version\": 2, \"controller\": {}}");
        assertThat(translated().problems()).isEmpty();
        assertThat(configAdmin.all().get("io.millwright.controller")).isEqualTo(Map.of("title", "by hand"));
    }
}
