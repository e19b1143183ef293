package io.millwright.worker.guest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionDefinition.Change;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerCapability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuestWorkerTypeTest {
    private static final Path NODE = Path.of("/node");
    private final GuestWorkerType type = new GuestWorkerType();

    private static PlanRequest request(Map<String, ?> options) {
        return PlanRequest.builder(
                        new WorkerId("w1"), new OptionValues(options, options.keySet()), NODE, NODE.resolve("work"))
                .environment(Map.of("A", "1", "PW", "hunter2"))
                .secretVariables(Set.of("PW"))
                .input(LaunchPlan.Input.OPEN)
                .build();
    }

    @Test
    void runsTheExecutableWithAllThatTheSharedOptionsAskFor() {
        LaunchPlan plan =
                type.plan(request(Map.of("executable", "python3", "arguments", List.of("-c", "print(1)", ""))));
        assertThat(plan)
                .isEqualTo(
                        LaunchPlan.builder("executable", List.of("python3", "-c", "print(1)", ""), NODE.resolve("work"))
                                .environment(Map.of("A", "1", "PW", "hunter2"))
                                .secretVariables(Set.of("PW"))
                                .input(LaunchPlan.Input.OPEN)
                                .build());
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
        assertThat(type.fingerprint().capabilities()).contains(WorkerCapability.STDIN, WorkerCapability.SIGNALS);
        assertThat(type.check(new OptionValues(Map.of(), Set.of()))).isEmpty();
    }
}
