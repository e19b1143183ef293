package io.millwright.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What callers and plug-ins construct or take apart can get another component without a break. The kind: a public record, or a
 * class with a public constructor of all its parts, is compiled into its users with the number of parts it has today.
 */
class GrowableTest {
    /** An id is one text and values are one map for ever; an exception has constructors. */
    private static final Set<Class<?>> FIXED = Set.of(WorkerId.class, NodeException.class, OptionValues.class);

    @Test
    void noPublicRecordAndNoPublicConstructor() throws Exception {
        List<String> rigid = new ArrayList<>();
        for (Class<?> type : publicTypes()) {
            if (!FIXED.contains(type) && isRigid(type)) {
                rigid.add(type.getName());
            }
        }
        assertThat(rigid).as("types that cannot grow").isEmpty();
    }

    public record Rigid(int one) {}

    @Test
    void aRecordIsFound() {
        assertThat(isRigid(Rigid.class)).isTrue();
        assertThat(isRigid(WorkerExit.class)).isFalse();
    }

    /** Each of these needs only what it cannot be without; a component that is added later has a value when it is not given. */
    @Test
    void whatIsNotGivenHasAValue() {
        Instant now = Instant.EPOCH;
        WorkerId id = new WorkerId("w");
        Path directory = Path.of("/srv");
        WorkerInfo info = WorkerInfo.builder(id, "guest", WorkerState.STARTED).build();
        assertThat(info.toMap()).containsKeys("waiting", "health", "plan_hash", "group", "run");
        assertThat(info.toBuilder().restarts(2).build().restarts()).isEqualTo(2);
        assertThat(info.toBuilder().build()).isEqualTo(info);
        NodeStatus status =
                NodeStatus.builder("t", now, directory, "n", NodeState.READY).build();
        assertThat(status.backendKind()).isEqualTo(BackendKind.NONE);
        assertThat(status.toBuilder().build()).isEqualTo(status);
        LaunchPlan plan = LaunchPlan.builder("executable", List.of("/bin/true"), directory)
                .build();
        assertThat(plan.channel()).isFalse();
        assertThat(plan.withVariable("A", "b").toBuilder().channel(true).build().environment())
                .containsEntry("A", "b");
        assertThat(plan.toBuilder()
                        .channel(true)
                        .build()
                        .withCommand(List.of("x"))
                        .channel())
                .as("a wither keeps the components it does not name")
                .isTrue();
        assertThat(plan.hashCode()).isEqualTo(plan.toBuilder().build().hashCode());
        assertThatThrownBy(() -> plan.withCommand(List.of())).hasMessageContaining("needs a command");
        assertThatThrownBy(() ->
                        PlanRequest.builder(id, null, directory, directory).build())
                .hasMessage("options");
    }

    /** Options of calls begin with what is usual; a wither keeps the components it does not name. */
    @Test
    void optionsOfCallsKeepWhatAWitherDoesNotName() {
        assertThat(StopOptions.KILL
                        .withOnce(true)
                        .withTimeout(Duration.ofSeconds(1))
                        .withSignal(Signal.INT))
                .hasToString("KILL timeout=PT1S signal=INT once");
        assertThat(StopOptions.GRACEFUL.withOnce(true).withOnce(false)).isEqualTo(StopOptions.of(StopMode.GRACEFUL));
        assertThat(RestartOptions.ALL_AT_ONCE.withFirstFailureEnds(true).withAtOnce(2))
                .hasToString("at_once=2 first_failure_ends");
        HistoryQuery history =
                HistoryQuery.ALL.withWorker(new WorkerId("w")).withBefore(3L).withLimit(2);
        assertThat(history.withWorker(null).withWorker(new WorkerId("w"))).isEqualTo(history);
        LogQuery query = LogQuery.regex("x")
                .withBefore(Instant.EPOCH)
                .withAfter(Instant.MIN)
                .withStream(LogEntry.Stream.STDERR)
                .withLimit(5)
                .withContext(6);
        assertThat(query.isRegex()).isTrue();
        assertThat(query.withLimit(7).withLimit(5)).isEqualTo(query);
        assertThat(query.context()).isEqualTo(6);
        assertThatThrownBy(() -> StopOptions.GRACEFUL.withTimeout(Duration.ofSeconds(-1)))
                .hasMessage("timeout must not be negative, is -1.0 s; 0 kills at once");
        assertThatThrownBy(() -> RestartOptions.ALL_AT_ONCE.withAtOnce(-1)).hasMessageContaining("at_once");
        assertThatThrownBy(() -> HistoryQuery.ALL.withLimit(0)).hasMessage("limit must be at least 1, is 0");
        assertThatThrownBy(() -> query.withLimit(10_001)).hasMessage("limit must be from 1 to 10000, is 10001");
        assertThatThrownBy(() -> query.withContext(-1)).hasMessageContaining("context must be from 0");
    }

    @Test
    void credentialsAreShownNowhere() {
        Credentials token = Credentials.of("s3cret");
        ExpectedRun run = ExpectedRun.builder(new WorkerId("w"), "native", 7, token, Credentials.of("ag4in"))
                .user("nobody")
                .build();
        assertThat(token.toString() + run + Documents.convert(token)).doesNotContain("s3cret", "ag4in");
        assertThat(token.accepts("s3cret")).isTrue();
        assertThat(token.accepts("s3cre")).isFalse();
        assertThat(token.accepts(null)).isFalse();
        assertThat(token).isEqualTo(Credentials.of(token.reveal()));
        assertThat(run)
                .isEqualTo(ExpectedRun.builder(new WorkerId("w"), "other", 7, Credentials.of("x"), token)
                        .build());
        assertThat(run.withToken(Credentials.of("y")).token()).isEqualTo(Credentials.of("y"));
        assertThat(run.withToken(Credentials.of("y")).user()).isEqualTo("nobody");
        assertThat(run.controllerExposed()).isFalse();
        assertThatThrownBy(() -> Credentials.of("")).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isRigid(Class<?> type) {
        return type.isRecord() || !type.isInterface() && type.getConstructors().length > 0;
    }

    private static List<Class<?>> publicTypes() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(NodeController.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = classes.relativize(file).toString();
                if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
                    Class<?> type =
                            Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                    if (Modifier.isPublic(type.getModifiers()) && !type.isEnum()) {
                        types.add(type);
                    }
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(40);
        return types;
    }
}
