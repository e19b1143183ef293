package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file would change, said before it is taken. */
class NodeFileProposalTest extends NodeFileFixture {
    @Test
    void aProposalHasWhatATranslationWouldDoAndDoesNothing() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [
                  {"type": "guest", "id": "a", "executable": "/bin/true"},
                  {"type": "guest", "id": "b", "executable": "/bin/true"}]}
                """);
        NodeFileSource source = translated();
        Map<String, Map<String, Object>> before = configAdmin.all();
        write(
                "draft.yaml",
                """
                version: 2
                controller: {options: {title: New}}
                workers:
                - {type: guest, id: b, executable: /bin/false}
                - {type: guest, executable: /bin/true}
                """);
        ConfigurationSource.Proposal proposal =
                source.propose(directory.resolve("draft.yaml")).orElseThrow();
        assertThat(proposal.problems()).isEmpty();
        assertThat(proposal.changes())
                .extracting(ConfigurationChange::pid)
                .containsExactly(
                        WORKER + "guest~a", "io.millwright.controller", WORKER + "guest~b", WORKER + "guest~worker001");
        assertThat(proposal.changes().get(0).properties()).isNull();
        assertThat(proposal.changes().get(2).properties())
                .containsEntry("executable", "/bin/false")
                .containsEntry("worker.id", "b")
                .containsEntry("millwright.origin", "node.json");
        assertThat(configAdmin.all()).isEqualTo(before);

        // What the proposal says is what the translation then does.
        write("node.json", "");
        Files.delete(directory.resolve("node.json"));
        Files.move(directory.resolve("draft.yaml"), directory.resolve("node.yaml"));
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all().keySet())
                .containsExactlyInAnyOrder("io.millwright.controller", WORKER + "guest~b", WORKER + "guest~worker001");
    }

    @Test
    void aBadProposalHasAllItsProblemsAndAFileOfAnotherKindIsLeftToOthers() throws Exception {
        NodeFileSource source = translated();
        write("draft.json", "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"a\", \"executible\": 1}]}");
        ConfigurationSource.Proposal proposal =
                source.propose(directory.resolve("draft.json")).orElseThrow();
        assertThat(proposal.changes()).isEmpty();
        assertThat(proposal.problems()).extracting(Problem::line).containsOnly(1);
        assertThat(source.propose(directory.resolve("none.json")).orElseThrow().problems())
                .singleElement()
                .asString()
                .contains("no file");
        write("broken.json", "{");
        assertThat(source.propose(directory.resolve("broken.json"))
                        .orElseThrow()
                        .problems())
                .hasSize(1);
        assertThat(source.propose(directory.resolve("worker.cfg"))).isEmpty();
        assertThat(source.problems()).isEmpty();
    }
}
