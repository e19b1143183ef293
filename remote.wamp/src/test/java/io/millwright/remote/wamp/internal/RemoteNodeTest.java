package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.router.Routers;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The node in a realm, driven by sessions without a network. */
class RemoteNodeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Peer OWNER =
            Peer.of("socket", "unix", "1000").withUid(1000).asConfidential();
    private static final Peer STRANGER =
            Peer.of("socket", "unix", "1001").withUid(1001).asConfidential();

    private final FakeNode fake = new FakeNode();
    private final ExecutorService turns = Executors.newSingleThreadExecutor();
    private Router router;
    private RemoteNode remote;

    @BeforeEach
    void open() {
        fake.answer(
                "getStatus", arguments -> NodeStatus.builder("Millwright", NOW, Path.of("/node"), "n", NodeState.READY)
                        .build());
        Samplers samplers = new Samplers(System::nanoTime);
        Answered answered = new Answered();
        SessionLog log = new SessionLog(samplers, answered);
        router = Routers.create(turns, (task, delay) -> () -> {}, log, "test");
        remote = new RemoteNode(
                "millwright",
                fake.node(),
                router,
                samplers,
                answered,
                Path.of("/node/run/wamp.sock"),
                null,
                new Gate(1000, "joe", new Principals()),
                new Access());
        log.tell(remote.channels());
    }

    @AfterEach
    void close() {
        remote.close();
        turns.shutdown();
    }

    private TestSession join() {
        return TestSession.join(router, OWNER, "millwright");
    }

    @Test
    void anOwnerIsAnOperatorAndAStrangerIsNobody() {
        assertThat(join().result("millwright.get_status", Payload.EMPTY))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("state", "ready")
                .containsEntry("node_id", "n");
        assertThat(fake.asked).contains(new FakeNode.Asked("getStatus", "remote:joe", Role.OPERATOR));
        TestSession.hello(router, STRANGER, "millwright").next(Abort.class);
    }

    @Test
    void itsSessionsAreListedAndEnded() {
        TestSession session = join();
        session.result("millwright.get_status", Payload.EMPTY);
        WampSessions sessions = new WampSessions(remote.realm());
        RemoteSession listed = sessions.list().get(0);
        assertThat(sessions.list()).hasSize(1);
        assertThat(listed.toMap())
                .containsEntry("principal", "joe")
                .containsEntry("role", "operator")
                .containsEntry("listener", "socket")
                .containsEntry("address", "1000")
                .containsEntry("received", 2L)
                .containsEntry("sent", 2L)
                .containsEntry("worker", false);
        assertThat(sessions.end(listed.id() + 1, "no")).isFalse();
        assertThat(sessions.end(listed.id(), "ended by shell:ann")).isTrue();
        assertThat(session.next(Goodbye.class).details()).containsEntry("message", "ended by shell:ann");
        assertThat(sessions.list()).isEmpty();
    }

    /** The kind: a secret of a node.json that others could read, or find, in the system's folder for temporary files. */
    @Test
    void aPlanOfAFileIsMadeInTheNodeDirectory(@TempDir Path directory) {
        fake.answer("getStatus", arguments -> NodeStatus.builder("Millwright", NOW, directory, "n", NodeState.READY)
                .build());
        AtomicReference<Path> planned = new AtomicReference<>();
        fake.answer(
                "getPlanner",
                arguments -> Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {ChangePlanner.class}, (proxy, method, given) -> {
                            planned.set((Path) given[0]);
                            assertThat(Files.readString((Path) given[0])).isEqualTo("{}");
                            return CompletableFuture.completedFuture(List.of());
                        }));
        assertThat(join().result("millwright.plan_node", args("{}"))).isEqualTo(List.of());
        assertThat(planned.get()).startsWithRaw(directory.resolve("run"));
        assertThat(directory.resolve("run")).isEmptyDirectory();
    }

    /** The kind: a row of the table of operations that nobody answers. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void eachOperationIsAProcedure(Operation operation) {
        TestSession session = join();
        Map<String, Object> unknown = Map.of("no such argument", 1L);
        ErrorMessage error = session.refusal("millwright." + operation.text(), Payload.of(List.of(), unknown));
        assertThat(error.error()).isEqualTo("millwright.error.invalid_argument");
        assertThat(error.payload().args()).singleElement().asString().contains("no such argument");
    }

    private static Payload args(Object... args) {
        return Payload.of(Arrays.asList(args));
    }

    private static List<Arguments> startArguments() {
        Map<String, Object> nested = Map.of("executable", "/bin/true", "stop", Map.of("signal", "INT"));
        Map<String, Object> item = Map.of(
                "type",
                "guest",
                "id",
                "w",
                "executable",
                "/bin/true",
                "options",
                Map.of("stop", Map.of("signal", "INT")));
        return List.of(
                Arguments.of(args("w", "guest", nested)),
                Arguments.of(args("w", null, item)),
                Arguments.of(args("w", "guest", item)),
                Arguments.of(Payload.of(List.of("w"), Map.of("type", "guest", "options", nested))),
                Arguments.of(Payload.of(
                        List.of(), Map.of("worker_id", "w", "worker_type", "guest", "worker_options", nested))));
    }

    @ParameterizedTest
    @MethodSource("startArguments")
    void aStartTakesItsArgumentsInEachForm(Payload payload) {
        AtomicReference<WorkerSpec> started = new AtomicReference<>();
        fake.answer("startWorker", arguments -> {
            started.set((WorkerSpec) arguments[0]);
            return CompletableFuture.failedFuture(new NodeException(ErrorCode.CANNOT_START, "it is only a test"));
        });
        ErrorMessage error = join().refusal("millwright.start_worker", payload);
        assertThat(error.error()).isEqualTo("millwright.error.cannot_start");
        assertThat(error.payload().args()).containsExactly("it is only a test");
        assertThat(error.payload().kwargs()).containsKeys("message", "details").doesNotContainKey("error");
        assertThat(started.get().type()).isEqualTo("guest");
        assertThat(started.get().options())
                .isEqualTo(Map.of("executable", "/bin/true", "stop", Map.of("signal", "INT")));
    }

    private static List<Arguments> wrongArguments() {
        return List.of(
                Arguments.of("get_worker", args(), "'id' must be the id of a worker, is missing"),
                Arguments.of("get_worker", args(7L), "'id' must be a text, is 7"),
                Arguments.of("get_worker", args("w", "yes"), "'include_stats' must be true or false, is a text"),
                Arguments.of("get_worker", args("w", true, 1L), "get_worker takes id, include_stats; there are 3"),
                Arguments.of("get_workers", args("guest"), "'filter_types' must be a list of texts, is a text"),
                Arguments.of("get_worker_log", args("w", 1.5), "'limit' must be a whole number, is 1.5"),
                Arguments.of("list_workers", args("some"), "'scope' must be one of live, all, is 'some'"),
                Arguments.of("stop_worker", args("w", false, "soon"), "'timeout' must be a length of time"),
                Arguments.of("stop_workers", args(), "'selector' must name workers"),
                Arguments.of("search_worker_log", args("w"), "one of 'text' and 'regex' must be given"),
                Arguments.of("follow_events", args(), "call it with receive_progress"),
                Arguments.of("exec_worker", args("w", List.of("ls")), "call it with receive_progress"),
                Arguments.of("get_status", args(1L), "get_status takes no arguments"));
    }

    @ParameterizedTest
    @MethodSource("wrongArguments")
    void aWrongArgumentIsSaid(String operation, Payload payload, String sentence) {
        ErrorMessage error = join().refusal("millwright." + operation, payload);
        assertThat(error.error()).isEqualTo("millwright.error.invalid_argument");
        assertThat(error.payload().args().get(0)).asString().contains(sentence);
    }

    private static NodeEvent event(String topic, String worker, String who) {
        return NodeEvent.of(
                topic,
                NOW,
                Map.of(
                        EventProperties.WORKER_ID, worker,
                        EventProperties.WORKER_TYPE, "guest",
                        EventProperties.WHO, who));
    }

    @Test
    @SuppressWarnings("unchecked")
    void theCallerOfAStartHasItsProgressAndNotTheEventsThatItsResultTells() {
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        CompletableFuture<Consumer<StartProgress>> progress = new CompletableFuture<>();
        fake.answer("startWorker", arguments -> {
            progress.complete((Consumer<StartProgress>) arguments[2]);
            return result;
        });
        TestSession caller = join();
        TestSession watcher = join();
        for (TestSession session : List.of(caller, watcher)) {
            session.subscribe("millwright.on_worker_", Map.of("match", "prefix"));
        }
        caller.call("millwright.start_worker", args("w", "guest", Map.of()), Map.of("receive_progress", true));
        progress.join().accept(StartProgress.of(new WorkerId("w"), NOW, Caller.shell("x")));
        assertThat(caller.next(Result.class).payload().args().get(0).toString()).contains("starting");
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "remote:joe"));
        fake.happens(event(NodeTopics.WORKER_STARTED, "w", "remote:joe"));
        result.completeExceptionally(new NodeException(ErrorCode.INTERNAL, "an answer"));
        assertThat(caller.next(ErrorMessage.class).error()).isEqualTo("millwright.error.internal");
        fake.happens(event(NodeTopics.WORKER_EXITED, "w", "remote:joe"));
        fake.happens(event(NodeTopics.WORKER_STARTED, "w", "remote:joe"));
        assertThat(caller.event().toString()).contains("EXITED");
        assertThat(caller.event().toString()).contains("STARTED");
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            heard.add(String.valueOf(((Map<String, Object>) watcher.event()).get("topic")));
        }
        assertThat(heard)
                .containsExactly(
                        NodeTopics.WORKER_STARTING,
                        NodeTopics.WORKER_STARTED,
                        NodeTopics.WORKER_EXITED,
                        NodeTopics.WORKER_STARTED);
    }

    @Test
    void aLogIsFollowedOnlyWhileSomebodyListens() {
        AtomicReference<LogListener> follower = new AtomicReference<>();
        fake.answer("follow", arguments -> {
            follower.set((LogListener) arguments[2]);
            return (Subscription) () -> follower.set(null);
        });
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        TestSession session = join();
        assertThat(follower.get()).isNull();
        session.subscribe("millwright.worker.w.on_log", Map.of());
        org.awaitility.Awaitility.await().until(() -> follower.get() != null);
        follower.get().onLog(List.of(LogEntry.of(NOW, LogEntry.Stream.STDOUT, null, "hello")), 3);
        assertThat(session.event().toString()).contains("hello", "lost=3");
        session.leave();
        org.awaitility.Awaitility.await().until(() -> follower.get() == null);
    }

    /**
     * The kind: a log that is at its end. Its end may be told before the following is known here, and after the worker has begun anew;
     * the lines of the next run come all the same, from the first on.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLogOfTheNextRunIsFollowedHoweverLateTheEndOfTheLastOneIsTold(boolean late) {
        List<LogListener> followers = new CopyOnWriteArrayList<>();
        List<Integer> backlogs = new CopyOnWriteArrayList<>();
        fake.answer("follow", arguments -> {
            LogListener follower = (LogListener) arguments[2];
            backlogs.add((Integer) arguments[1]);
            if (followers.isEmpty() && !late) {
                follower.onEnd();
            }
            followers.add(follower);
            return (Subscription) () -> {};
        });
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        TestSession session = join();
        session.subscribe("millwright.worker.w.on_log", Map.of());
        org.awaitility.Awaitility.await().until(() -> followers.size() == 1);
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        if (late) {
            followers.get(0).onEnd();
        }
        org.awaitility.Awaitility.await().until(() -> followers.size() == 2);
        assertThat(backlogs.get(0)).isZero();
        assertThat(backlogs.get(1)).isGreaterThan(1000);
        followers.get(1).onLog(List.of(LogEntry.of(NOW, LogEntry.Stream.STDOUT, null, "again")), 0);
        assertThat(session.event().toString()).contains("again");
    }

    /** The kind: a start that goes on with the same log; nothing of it is published twice. */
    @Test
    void theLogOfARestartIsNotPublishedTwice() {
        List<LogListener> followers = new CopyOnWriteArrayList<>();
        List<Long> after = new CopyOnWriteArrayList<>();
        fake.answer("follow", arguments -> {
            followers.add((LogListener) arguments[2]);
            return (Subscription) () -> {};
        });
        fake.answer("followAfter", arguments -> {
            after.add((Long) arguments[1]);
            if (after.size() > 1) {
                throw new NodeException(ErrorCode.INVALID_ARGUMENT, "a position of another log");
            }
            followers.add((LogListener) arguments[2]);
            return (Subscription) () -> {};
        });
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        TestSession session = join();
        session.subscribe("millwright.worker.w.on_log", Map.of());
        org.awaitility.Awaitility.await().until(() -> followers.size() == 1);
        List<LogEntry> line = List.of(LogEntry.of(NOW, LogEntry.Stream.STDOUT, null, "line"));
        followers.get(0).onLog(List.of(), 0, 40);
        followers.get(0).onLog(line, 0, 41);
        assertThat(session.event().toString()).contains("line");
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        assertThat(followers).hasSize(1);
        followers.get(0).onEnd();
        assertThat(after).containsExactly(41L);
        followers.get(1).onEnd();
        // And then another log: the whole of it.
        fake.happens(event(NodeTopics.WORKER_STARTING, "w", "shell:x"));
        org.awaitility.Awaitility.await().until(() -> followers.size() == 3);
        assertThat(after).containsExactly(41L, 41L);
    }

    @Test
    void oneThatFloodsWhatTakesItsTimeIsRefusedAndNobodyElse() throws Exception {
        CountDownLatch going = new CountDownLatch(1);
        fake.answer("getWorkerTypes", arguments -> {
            await(going);
            return List.of();
        });
        TestSession flood = join();
        for (int i = 0; i < 1000; i++) {
            flood.call("millwright.get_worker_types", Payload.EMPTY, Map.of());
        }
        ErrorMessage refused = flood.next(ErrorMessage.class);
        assertThat(refused.payload().args().get(0).toString()).contains("this session has 200 calls");
        TestSession other = join();
        other.call("millwright.get_worker_types", Payload.EMPTY, Map.of());
        going.countDown();
        other.next(Result.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSessionFollowsTheSameThingAFewTimesAndNoMore() {
        AtomicInteger following = new AtomicInteger();
        fake.answer("followEvents", arguments -> {
            following.incrementAndGet();
            return (Subscription) following::decrementAndGet;
        });
        fake.answer("follow", arguments -> (Subscription) () -> {});
        Map<String, Object> inParts = Map.of("receive_progress", true);
        TestSession session = join();
        for (int i = 0; i < 20; i++) {
            session.call("millwright.follow_events", Payload.EMPTY, inParts);
        }
        for (int i = 8; i < 20; i++) {
            ErrorMessage refused = session.next(ErrorMessage.class);
            assertThat(refused.error()).isEqualTo("millwright.error.invalid_argument");
            assertThat(refused.payload().args().get(0).toString()).contains("follows the events 8 times already");
        }
        assertThat(following).hasValue(8);
        TestSession other = join();
        other.call("millwright.follow_events", Payload.EMPTY, inParts);
        org.awaitility.Awaitility.await().until(() -> following.get() == 9);
        session.cancel(1);
        assertThat(session.next(ErrorMessage.class).error()).isEqualTo("wamp.error.canceled");
        org.awaitility.Awaitility.await().until(() -> following.get() == 8);
        session.call("millwright.follow_events", Payload.EMPTY, inParts);
        org.awaitility.Awaitility.await().until(() -> following.get() == 9);
        session.leave();
        org.awaitility.Awaitility.await().until(() -> following.get() == 1);
    }

    @Test
    void aFollowingTellsInPartsWhatComesAndWhatWasLost() {
        AtomicReference<LogListener> follower = new AtomicReference<>();
        fake.answer("follow", arguments -> {
            follower.set((LogListener) arguments[2]);
            return (Subscription) () -> {};
        });
        TestSession session = join();
        session.call("millwright.follow_worker_log", args("w"), Map.of("receive_progress", true));
        org.awaitility.Awaitility.await().until(() -> follower.get() != null);
        follower.get().onLog(List.of(), 0, 40);
        assertThat(session.next(Result.class).payload().args().get(0).toString())
                .contains("entries=[]", "position=40");
        follower.get().onLog(List.of(LogEntry.of(NOW, LogEntry.Stream.STDERR, null, "one")), 0, 41);
        assertThat(session.next(Result.class).payload().args().get(0).toString())
                .contains("one", "lost=0", "position=41");
        follower.get().onLog(List.of(LogEntry.of(NOW, LogEntry.Stream.STDERR, null, "two")), 7, 49);
        assertThat(session.next(Result.class).payload().args().get(0).toString())
                .contains("two", "lost=7", "position=49");
        follower.get().onEnd();
        assertThat(session.next(Result.class).payload().args()).isEmpty();
    }

    /** Bytes stay bytes; the command ends with its caller. */
    @Test
    @SuppressWarnings("unchecked")
    void aCommandSaysInPartsWhatItWritesAndEndsWithItsCaller() {
        AtomicReference<CommandListener> listener = new AtomicReference<>();
        CompletableFuture<CommandExit> exit = new CompletableFuture<>();
        List<String> told = new CopyOnWriteArrayList<>();
        fake.answer("execWorker", arguments -> {
            told.add(((CommandSpec) arguments[1]).words() + " " + ((CommandSpec) arguments[1]).timeout());
            ((CommandListener) arguments[2]).onBegin(new RunningCommand() {
                @Override
                public CompletionStage<Void> write(byte[] data) {
                    told.add("gets " + new String(data, StandardCharsets.UTF_8));
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void closeInput() {
                    told.add("input ends");
                }

                @Override
                public void cancel() {
                    told.add("cancelled");
                }
            });
            listener.set((CommandListener) arguments[2]);
            return exit;
        });
        TestSession session = join();
        session.call(
                "millwright.exec_worker", args("w", List.of("cat", "-"), 5L, "in"), Map.of("receive_progress", true));
        org.awaitility.Awaitility.await().until(() -> listener.get() != null);
        assertThat(told).containsExactly("[cat, -] PT5S", "gets in", "input ends");
        byte[] data = {0, (byte) 0xff, '\n'};
        listener.get().onOutput(LogEntry.Stream.STDERR, data);
        assertThat((Map<String, Object>)
                        session.next(Result.class).payload().args().get(0))
                .containsEntry("stream", "stderr")
                .containsEntry("data", data);
        session.leave();
        org.awaitility.Awaitility.await().until(() -> told.contains("cancelled"));
        listener.get().onOutput(LogEntry.Stream.STDOUT, data);
    }

    @Test
    void aLogIsFollowedFromAPositionOn() {
        AtomicReference<Object> after = new AtomicReference<>();
        fake.answer("followAfter", arguments -> {
            after.set(arguments[1]);
            ((LogListener) arguments[2]).onEnd();
            return (Subscription) () -> {};
        });
        TestSession session = join();
        session.call("millwright.follow_worker_log", args("w", 0L, 49L), Map.of("receive_progress", true));
        assertThat(session.next(Result.class).payload().args()).isEmpty();
        assertThat(after).hasValue(49L);
    }

    @Test
    void theNodesStateIsKeptForThoseThatComeLater() {
        TestSession session = join();
        session.subscribe("millwright.on_state", Map.of("get_retained", true));
        assertThat(session.event()).isEqualTo(Map.of("state", "ready"));
    }
}
