package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.internal.event.WorkerListeners;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Version;

/**
 * A plug-in that throws an {@link Error} at each place where the node calls one. The kind: code that guards itself against
 * exceptions alone, so that an error ends a thread of the node. The fault is named, and everything else goes on.
 */
@Tag("long")
class PluginErrorsTest {
    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("StackOverflowError", (Runnable) () -> recurse(0)),
                Arguments.of(
                        "OutOfMemoryError: Java heap space", thrower(() -> new OutOfMemoryError("Java heap space"))),
                Arguments.of(
                        "NoClassDefFoundError: org/example/Gone",
                        thrower(() -> new NoClassDefFoundError("org/example/Gone"))),
                Arguments.of("ExceptionInInitializerError", thrower(() -> new ExceptionInInitializerError("static"))),
                Arguments.of("AssertionError: never", thrower(() -> new AssertionError("never"))),
                Arguments.of("ThreadDeath", thrower(PluginErrorsTest::threadDeath)));
    }

    private static Runnable thrower(Supplier<Error> error) {
        return () -> {
            throw error.get();
        };
    }

    /** Deprecated, and thrown by old code all the same. */
    @SuppressWarnings("removal")
    private static Error threadDeath() {
        return new ThreadDeath();
    }

    private void odd(Runnable inPlan, Runnable inFingerprint) {
        node.node
                .types()
                .add(new WorkerTypes.Provider(
                        "odd",
                        new TestNode.Guest() {
                            @Override
                            public LaunchPlan plan(PlanRequest request) {
                                inPlan.run();
                                return super.plan(request);
                            }

                            @Override
                            public Fingerprint fingerprint() {
                                inFingerprint.run();
                                return Fingerprint.ok();
                            }
                        },
                        "org.example.odd",
                        new Version(1, 0, 0),
                        0,
                        9));
        await().until(() -> node.node.types().serving("odd").isPresent());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void inAPlanItFailsThatStart(String said, Runnable fault) {
        odd(fault, () -> {});
        assertThatThrownBy(() ->
                        get(node.controller.startWorker(WorkerSpec.of(id("w"), "odd", script("exec sleep 60")), ME)))
                .hasMessageContaining(said)
                .hasMessageContaining("odd");
        goesOn();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void inTheQuestionWhetherATypeCanBeUsedItIsTheAnswer(String said, Runnable fault) {
        odd(() -> {}, fault);
        assertThat(node.controller.getWorkerTypes())
                .filteredOn(type -> type.type().equals("odd"))
                .singleElement()
                .satisfies(type -> {
                    assertThat(type.usable()).isFalse();
                    assertThat(type.reason()).contains(said).contains("org.example.odd");
                });
        goesOn();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void inACustomizerItFailsThatStart(String said, Runnable fault) {
        node.node.setCustomizers(List.of(new TypePlanner.Customizer("broken", (spec, plan) -> {
            fault.run();
            return plan;
        })));
        assertThatThrownBy(() -> node.start("w", script("exec sleep 60")))
                .hasMessageContaining(said)
                .hasMessageContaining("broken");
        node.node.setCustomizers(List.of());
        goesOn();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void inAListenerItTakesNoEventFromOthers(String said, Runnable fault) throws Exception {
        CountDownLatch again = new CountDownLatch(3);
        node.node.addListener(new WorkerListeners.Listener("org.example.broken", Set.of(), new WorkerListener() {
            @Override
            public void onEvent(NodeEvent event, long lost) {
                again.countDown();
                fault.run();
            }
        }));
        goesOn();
        again.await();
    }

    /** A worker starts, ends with its code, which is in the history, and is restarted. */
    private void goesOn() {
        node.start("good", script("echo up; read line; exit 7", "stdin", "open", "restart.policy", "always"));
        node.awaitLog("good", "up");
        get(node.controller.writeInput(
                id("good"), new byte[] {'\n'}, io.millwright.controller.api.NodeController.InputEnd.KEEP_OPEN, ME));
        await().until(() -> node.info("good").restarts() == 1);
        assertThat(node.awaitState("good", WorkerState.STARTED).exit().code()).isEqualTo(7);
        assertThat(node.events("good"))
                .containsExactly("STARTING", "STARTED", "EXITED", "BACKOFF", "STARTING", "STARTED");
    }
}
