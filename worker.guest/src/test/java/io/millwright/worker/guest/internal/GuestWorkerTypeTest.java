package io.millwright.worker.guest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionDefinition.Change;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuestWorkerTypeTest {
    private static final Path NODE = Path.of("/node");
    private final GuestWorkerType type = new GuestWorkerType();

    private static PlanRequest request(Map<String, ?> options) {
        return new PlanRequest(
                new WorkerId("w1"),
                new OptionValues(options, options.keySet()),
                NODE,
                NODE.resolve("work"),
                Map.of("A", "1", "PW", "hunter2"),
                Set.of("PW"),
                LaunchPlan.Input.OPEN);
    }

    @Test
    void runsTheExecutableWithAllThatTheSharedOptionsAskFor() {
        LaunchPlan plan =
                type.plan(request(Map.of("executable", "python3", "arguments", List.of("-c", "print(1)", ""))));
        assertThat(plan)
                .isEqualTo(new LaunchPlan(
                        List.of("python3", "-c", "print(1)", ""),
                        "executable",
                        NODE.resolve("work"),
                        Map.of("A", "1", "PW", "hunter2"),
                        Set.of("PW"),
                        LaunchPlan.Input.OPEN));
        assertThat(plan.toString()).doesNotContain("hunter2");
    }

    @Test
    void sameRequestSamePlan() {
        PlanRequest request = request(Map.of("executable", "/bin/true"));
        assertThat(type.plan(request)).isEqualTo(type.plan(request));
        assertThat(type.plan(request).command()).containsExactly("/bin/true");
    }

    @Test
    void withoutAnExecutableThereIsNoPlan() {
        assertThatThrownBy(() -> type.plan(request(Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("executable");
    }

    @Test
    void onlyTheExecutableIsRequiredAndAChangeRestarts() {
        assertThat(type.options()).extracting(OptionDefinition::key).containsExactly("executable", "arguments");
        assertThat(type.options()).extracting(OptionDefinition::isRequired).containsExactly(true, false);
        assertThat(type.options()).extracting(OptionDefinition::change).containsOnly(Change.RESTART);
        assertThat(type.options()).isSameAs(type.options());
    }

    @Test
    void isUsableEverywhere() {
        assertThat(type.fingerprint().usable()).isTrue();
        assertThat(type.fingerprint().capabilities()).contains("stdin", "signals");
        assertThat(type.check(new OptionValues(Map.of(), Set.of()))).isEmpty();
    }
}
