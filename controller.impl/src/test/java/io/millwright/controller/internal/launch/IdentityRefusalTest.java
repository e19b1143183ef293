package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.ResourceLimit;
import io.millwright.options.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a node without rights says which right it lacks, and takes what needs none. */
class IdentityRefusalTest {
    @TempDir
    Path etc;

    private Accounts accounts;

    @BeforeEach
    void accounts() throws IOException {
        Files.writeString(etc.resolve("passwd"), "me:x:1000:1000::/home/me:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "me:x:1000:\nextra:x:77:other,web\n");
        accounts = new Accounts(etc);
    }

    /** A node of user 1000 without a capability, with priority 2, a score of 100 and at most 500 open files. */
    private static InForce poor() {
        return new InForce(
                Map.of("Uid", "1000 1000 1000 1000", "Gid", "1000 1000 1000 1000", "Groups", "1000", "CapEff", "0"),
                2,
                100,
                Map.of("limits.nofile", new ResourceLimit(100, 500)));
    }

    private List<String> problems(Map<String, Object> options) {
        Checked checked = CommonOptions.checker(List.of(), name -> null)
                .check(options, new OptionValues(Map.of(), java.util.Set.of()));
        assertThat(checked.problems()).isEmpty();
        return Identity.of(checked.values(), accounts, poor())
                .problems(null, new WorkerEnvironment(Map.of(), java.util.Set.of(), List.of()))
                .stream()
                .map(problem -> problem.toString())
                .toList();
    }

    @Test
    void whatNeedsNoRightIsTaken() {
        assertThat(problems(Map.of(
                        "user", "me", "umask", "077", "nice", 2, "oom_score_adj", 100, "limits.nofile", "200:500")))
                .isEmpty();
        assertThat(problems(Map.of("user", 1000, "nice", 10, "ionice", "idle"))).isEmpty();
    }

    @Test
    void whatNeedsARightNamesIt() {
        Map.<Map<String, Object>, String>of(
                        Map.of("user", "web"),
                                "user: the node runs as user 1000 and may not start processes as somebody else",
                        Map.of("group", "extra"), "group: the node runs as user 1000",
                        Map.of("groups", List.of("extra")), "groups: the node runs as user 1000",
                        Map.of("nice", 1), "nice: the node has priority 2",
                        Map.of("oom_score_adj", -1), "oom_score_adj: the node has 100",
                        Map.of("ionice", "realtime:0"), "ionice: realtime needs a node with CAP_SYS_NICE",
                        Map.of("limits.nofile", 501), "limits.nofile: the node's own hard limit is 500",
                        Map.of("limits.nofile", "10:unlimited"), "limits.nofile: the node's own hard limit is 500")
                .forEach((options, sentence) -> assertThat(problems(options))
                        .as(options.toString())
                        .singleElement()
                        .asString()
                        .startsWith(sentence));
    }

    @Test
    void groupsOfAUserAreThoseOfTheFiles() {
        assertThat(accounts.groupsOf("web")).containsExactly(77L);
        assertThat(accounts.user("33")).isEqualTo(new Accounts.User("web", 33, 34, "/srv"));
        assertThat(accounts.group("77")).isEqualTo(77L);
    }
}
