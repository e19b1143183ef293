package io.millwright.controller.internal.configured;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: limits of a group change in place, whether there is a group by a restart. */
class GroupDecisionTest {
    private static final String PID = "io.millwright.worker.guest~w";
    private static final OptionChecker CHECKER = CommonOptions.checker(List.of(), name -> null);

    private static OptionValues values(String text) {
        Map<String, Object> options = Arrays.stream(text.split(";"))
                .filter(part -> !part.isBlank())
                .map(part -> part.strip().split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        Checked checked = CHECKER.check(options, new OptionValues(Map.of(), Set.of()));
        assertThat(checked.problems()).isEmpty();
        return checked.values();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trees=cgroup           | trees=cgroup; cgroup.pids.max=5 | IN_PLACE | cgroup.pids.max",
                "cgroup.pids.max=5      | cgroup.pids.max=6               | IN_PLACE | cgroup.pids.max",
                "cgroup.pids.max=5      | cgroup.memory.max=1GiB          | IN_PLACE | cgroup.memory.max cgroup.pids.max",
                "''                     | cgroup.pids.max=5               | RESTART  | cgroup.pids.max",
                "cgroup.pids.max=5      | stop.timeout=3s                 | RESTART  | cgroup.pids.max",
                "''                     | trees=cgroup                    | RESTART  | trees",
                "trees=cgroup           | ''                              | RESTART  | trees",
                "trees=cgroup; nice=3   | trees=cgroup; nice=4; cgroup.pids.max=5 | RESTART | nice",
                "''                     | stop.timeout=3s                 | IN_PLACE | stop.timeout",
            })
    void isDecided(String before, String after, String kind, String keys) {
        WorkerId id = new WorkerId("w");
        List<OptionDefinition> definitions = List.copyOf(CHECKER.definitions());
        Decision decision = Decision.of(
                new Decision.Situation(
                        id,
                        "guest",
                        PID,
                        "a file",
                        WorkerState.STARTED,
                        false,
                        false,
                        false,
                        false,
                        false,
                        values(before)),
                new Configured(PID, "config:" + PID, WorkerSpec.of(id, "guest", Map.of())),
                new Planner.Reading(true, values(after), Map.of(), definitions, List.of(), List.of()));
        assertThat(decision.kind()).hasToString(kind);
        assertThat(decision.keys()).isEqualTo(new TreeSet<>(List.of(keys.split(" "))));
    }
}
