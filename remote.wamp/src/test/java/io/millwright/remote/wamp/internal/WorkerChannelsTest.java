package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.router.Routers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control channels, with a worker that is a session without a process. */
class WorkerChannelsTest {
    private static final Peer OWNER =
            Peer.of("local", "unix", "1000").withUid(1000).asConfidential();
    private static final Peer STRANGER =
            Peer.of("local", "unix", "1001").withUid(1001).asConfidential();
    private static final Peer NETWORK =
            Peer.of("lan", "127.0.0.1:1", "127.0.0.1").asConfidential();

    private final ExecutorService turns = Executors.newSingleThreadExecutor();
    private final FakeNode fake = new FakeNode();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Router router;
    private final List<String> carried = new CopyOnWriteArrayList<>();
    private RemoteNode remote;

    /** Opens none, and tells. */
    private final WorkerChannels.Sockets sockets = new WorkerChannels.Sockets() {
        @Override
        public WorkerChannels.Address open(ExpectedRun run, String user) {
            told.add("open " + run.worker() + " " + user);
            return new WorkerChannels.Address("/own/" + run.worker(), Long.parseLong(user));
        }

        @Override
        public void close(ExpectedRun run) {
            told.add("close " + run.worker());
        }
    };

    private final ChannelListener listener = new ChannelListener() {
        @Override
        public void up(String session) {
            told.add("up");
        }

        @Override
        public void ready(ReadyInfo info) {
            told.add("ready " + info.runtime() + " " + info.operations());
        }

        @Override
        public void lost(String reason) {
            told.add("lost");
        }

        @Override
        public void component(ComponentChange change) {
            told.add(change.toString());
        }

        @Override
        public void traffic(ChannelTraffic received, ChannelTraffic sent) {
            carried.add(received.messages() + " " + sent.messages());
        }
    };

    @BeforeEach
    void open() {
        fake.answer("getStatus", arguments -> NodeStatus.builder(
                        "Millwright", Instant.EPOCH, Path.of("/node"), "n", NodeState.READY)
                .build());
        Samplers samplers = new Samplers(System::nanoTime);
        Answered answered = new Answered();
        SessionLog log = new SessionLog(samplers, answered);
        router = Routers.create(turns, (task, delay) -> () -> {}, log, "test");
        Gate gate = new Gate(1000, "joe", new Principals());
        remote = new RemoteNode(
                "millwright",
                fake.node(),
                router,
                samplers,
                answered,
                Path.of("/node/run/wamp.sock"),
                sockets,
                gate,
                new Access());
        log.tell(remote.channels());
    }

    @AfterEach
    void close() {
        remote.close();
        turns.shutdown();
    }

    private ExpectedRun expect(String id, long number) {
        ExpectedRun run = ExpectedRun.builder(
                        new WorkerId(id),
                        "process",
                        number,
                        Credentials.of("token-" + id + number),
                        Credentials.of("again-" + id + number))
                .build();
        remote.channels().expect(run, listener);
        return run;
    }

    @Test
    void aWorkerOfAnotherUserHasASocketOfItsOwn() {
        ExpectedRun run = ExpectedRun.builder(
                        new WorkerId("c1"), "process", 1, Credentials.of("token"), Credentials.of("again"))
                .user("1001")
                .build();
        remote.channels().expect(run, listener);
        assertThat(remote.channels().address(run).get("socket")).isEqualTo("/own/c1");
        assertThat(remote.channels().address(expect("c2", 1)).get("socket")).isEqualTo("/node/run/wamp.sock");
        hello(OWNER, "c1", "token").next(Abort.class);
        TestSession worker = hello(STRANGER, "c1", "token");
        worker.next(Welcome.class);
        awaitTold("open c1 1001", "up");
        remote.channels().forget(run);
        worker.next(Goodbye.class);
        await().untilAsserted(() -> assertThat(told).contains("close c1"));
    }

    private TestSession hello(Peer peer, String id, String ticket) {
        return TestSession.ticket(router, peer, "millwright", id, ticket);
    }

    private TestSession join(String id, String ticket) {
        TestSession worker = hello(OWNER, id, ticket);
        worker.next(Welcome.class);
        return worker;
    }

    private void awaitTold(String... what) {
        await().untilAsserted(() -> assertThat(told).containsExactly(what));
    }

    @Test
    void aWorkerJoinsIsReadyIsCalledAndLeaves() {
        ExpectedRun run = expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        awaitTold("up");
        worker.register("millwright.worker.c1.trigger_gc", Map.of()).next(Registered.class);
        Map<String, Object> info = Map.of("runtime", "test 1", "operations", List.of("trigger_gc"));
        worker.call("millwright.worker.c1.ready", Payload.args(info), Map.of()).next(Result.class);
        awaitTold("up", "ready test 1 [trigger_gc]");
        CompletableFuture<WorkerAnswer> answer =
                remote.channels().call(run, "trigger_gc", Map.of("full", true)).toCompletableFuture();
        worker.yield(Payload.args(0.25));
        assertThat(answer.join().value()).isEqualTo(0.25);
        worker.leave();
        awaitTold("up", "ready test 1 [trigger_gc]", "lost");
    }

    private void instance(String id, String group) {
        remote.channels()
                .expect(
                        ExpectedRun.builder(
                                        new WorkerId(id),
                                        "process",
                                        1,
                                        Credentials.of("token"),
                                        Credentials.of("again"))
                                .group(group)
                                .build(),
                        listener);
    }

    /** Calls by the name of the group go to one instance after the other; none is sent to a second one. */
    @Test
    void instancesOfAGroupShareItsProceduresInTurn() {
        instance("web-1", "web");
        instance("web-2", "web");
        TestSession one = join("web-1", "token");
        TestSession two = join("web-2", "token");
        for (TestSession session : List.of(one, two)) {
            session.register("millwright.worker.web.add", Map.of("invoke", "roundrobin"))
                    .next(Registered.class);
        }
        TestSession caller = TestSession.join(router, OWNER, "millwright");
        for (TestSession turn : List.of(one, two, one)) {
            caller.call("millwright.worker.web.add", Payload.args(1L), Map.of());
            turn.yield(Payload.args(2L));
            assertThat(caller.next(Result.class).payload().args()).containsExactly(2L);
        }
        caller.call("millwright.worker.web.add", Payload.args(3L), Map.of());
        two.next(Invocation.class);
        two.leave();
        assertThat(caller.next(ErrorMessage.class).error()).isEqualTo("wamp.error.canceled");
        caller.call("millwright.worker.web.add", Payload.args(4L), Map.of());
        assertThat(one.next(Invocation.class).payload().args())
                .as("not the one before")
                .containsExactly(4L);
    }

    /** By whole segments, and nobody else. */
    @Test
    void whatAGroupSharesIsItsInstancesAlone() {
        instance("web-1", "web");
        instance("we", null);
        TestSession worker = join("web-1", "token");
        worker.register("millwright.worker.webs.add", Map.of()).next(ErrorMessage.class);
        worker.register("millwright.worker.web-2.add", Map.of()).next(ErrorMessage.class);
        join("we", "token").register("millwright.worker.web.add", Map.of()).next(ErrorMessage.class);
        worker.register("millwright.worker.web.add", Map.of()).next(Registered.class);
    }

    @Test
    void whatGoesThroughAChannelIsToldNowAndThen() {
        expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        worker.result("millwright.get_status", Payload.EMPTY);
        // HELLO, AUTHENTICATE, CALL; CHALLENGE, WELCOME, RESULT.
        await().untilAsserted(() -> assertThat(carried).last().isEqualTo("3 3"));
        worker.result("millwright.get_status", Payload.EMPTY);
        await().untilAsserted(() -> assertThat(carried).last().isEqualTo("4 4"));
    }

    @Test
    void whatAWorkerDoesNotOfferIsSaid() {
        ExpectedRun run = expect("c1", 1);
        join("c1", "token-c11")
                .call("millwright.worker.c1.ready", Payload.EMPTY, Map.of())
                .next(Result.class);
        CompletableFuture<WorkerAnswer> answer =
                remote.channels().call(run, "dump_heap", Map.of()).toCompletableFuture();
        assertThat(answer.handle((value, fault) -> String.valueOf(
                                fault instanceof CompletionException
                                        ? fault.getCause().getMessage()
                                        : fault.getMessage()))
                        .join())
                .isEqualTo("worker 'c1' does not offer 'dump_heap'");
        assertThat(answer.handle((value, fault) -> fault instanceof CompletionException ? fault.getCause() : fault)
                        .join())
                .isInstanceOf(NodeException.class);
    }

    private TestSession joinAgain(ExpectedRun run) {
        TestSession first = join("c1", "token-c11");
        first.call("millwright.worker.c1.ready", Payload.EMPTY, Map.of()).next(Result.class);
        first.leave();
        TestSession worker = join("c1", run.rejoin().reveal());
        awaitTold("up", "ready  []", "lost", "up");
        return worker;
    }

    /** The node tells what has changed in place as soon as the run is back, before the run has registered anew. */
    @Test
    void aRunThatHasJoinedAgainIsCalledWhenItHasRegisteredAnew() {
        ExpectedRun run = expect("c1", 1);
        TestSession worker = joinAgain(run);
        CompletableFuture<WorkerAnswer> answer =
                remote.channels().call(run, "configure", Map.of()).toCompletableFuture();
        worker.result("millwright.get_status", Payload.EMPTY);
        assertThat(answer).isNotDone();
        worker.register("millwright.worker.c1.started", Map.of()).next(Registered.class);
        worker.register("millwright.worker.c1.configure", Map.of()).next(Registered.class);
        worker.yield(Payload.args("taken"));
        assertThat(answer.join().value()).isEqualTo("taken");
        CompletableFuture<WorkerAnswer> second =
                remote.channels().call(run, "configure", Map.of()).toCompletableFuture();
        worker.fail("wamp.error.no_such_procedure", "of another worker, whom this one has called");
        assertThat(error(second)).hasMessage("worker 'c1' does not offer 'configure'");
    }

    @Test
    void aRunThatIsReadyAgainWithoutAnOperationDoesNotOfferIt() {
        ExpectedRun run = expect("c1", 1);
        TestSession worker = joinAgain(run);
        CompletableFuture<WorkerAnswer> answer =
                remote.channels().call(run, "configure", Map.of()).toCompletableFuture();
        worker.call("millwright.worker.c1.ready", Payload.EMPTY, Map.of()).next(Result.class);
        assertThat(error(answer)).hasMessage("worker 'c1' does not offer 'configure'");
    }

    /** It has answered nothing. Of a run that has ended the node itself says so. */
    @Test
    void aCallInFlightAtARunThatLosesItsChannelIsNotAnsweredWithAnError() {
        ExpectedRun run = expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        worker.register("millwright.worker.c1.slow", Map.of()).next(Registered.class);
        CompletableFuture<WorkerAnswer> answer =
                remote.channels().call(run, "slow", Map.of()).toCompletableFuture();
        worker.next(Invocation.class);
        worker.leave();
        NodeException lost = error(answer);
        assertThat(lost).hasMessage("worker 'c1' has not answered 'slow': its connection was lost");
        assertThat(lost.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE);
    }

    private static NodeException error(CompletableFuture<WorkerAnswer> answer) {
        return (NodeException)
                answer.handle((value, fault) -> fault instanceof CompletionException ? fault.getCause() : fault)
                        .join();
    }

    /** Nothing of it is a fault of the node; what is, and what a worker may not say, is. */
    @ParameterizedTest
    @CsvSource({
        "millwright.error.timeout, TIMEOUT",
        "millwright.error.no_such_component, NO_SUCH_COMPONENT",
        "millwright.error.component_already_running, COMPONENT_ALREADY_RUNNING",
        "millwright.error.invalid_configuration, INVALID_CONFIGURATION",
        "millwright.error.cannot_start, CANNOT_START",
        "wamp.error.invalid_argument, INVALID_ARGUMENT",
        "wamp.error.canceled, FEATURE_UNAVAILABLE",
        "wamp.error.runtime_error, INTERNAL",
        "millwright.error.not_authorized, INTERNAL",
        "millwright.errors.timeout, INTERNAL",
        "other.error.timeout, INTERNAL"
    })
    void whatAWorkerSaysIsWrongHasItsCode(String uri, ErrorCode code) {
        ExpectedRun run = expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        worker.register("millwright.worker.c1.start_component", Map.of()).next(Registered.class);
        CompletableFuture<WorkerAnswer> answer = remote.channels()
                .call(run, "start_component", Map.of("id", "a"))
                .toCompletableFuture();
        worker.fail(uri, "component 'a' blocks");
        NodeException error = error(answer);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error).hasMessage("worker 'c1' answered 'start_component' with an error: component 'a' blocks");
    }

    private static List<Arguments> refused() {
        return List.of(
                Arguments.of("a wrong token", OWNER, "c1", "guess"),
                Arguments.of("the token of another worker", OWNER, "c1", "token-c101"),
                Arguments.of("a worker that nobody expects", OWNER, "c2", "token-c11"),
                Arguments.of("another user", STRANGER, "c1", "token-c11"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void nobodyElseGetsIn(String what, Peer peer, String id, String ticket) {
        expect("c1", 1);
        expect("c10", 1);
        hello(peer, id, ticket).next(Abort.class);
        assertThat(told).isEmpty();
    }

    @Test
    void overTheNetworkNoTokenIsTaken() {
        expect("c1", 1);
        TestSession.hello(router, NETWORK, "millwright").next(Abort.class);
    }

    @Test
    void aTokenIsGoodOnceAndTheSecretOfTheRunAsLongAsTheRun() {
        ExpectedRun run = expect("c1", 1);
        TestSession first = hello(OWNER, "c1", "token-c11");
        Map<?, ?> extra = (Map<?, ?>) first.next(Welcome.class).details().get("authextra");
        String secret = String.valueOf(extra.get("rejoin"));
        hello(OWNER, "c1", "token-c11").next(Abort.class);
        TestSession second = join("c1", secret);
        first.next(Goodbye.class);
        // The router ends the first session before the second has joined.
        awaitTold("up", "lost", "up");
        remote.channels().forget(run);
        second.next(Goodbye.class);
        hello(OWNER, "c1", secret).next(Abort.class);
    }

    @ParameterizedTest
    @CsvSource({
        "register, millwright.worker.c10.x, exact",
        "register, millwright.worker.c1, prefix",
        "register, millwright.worker.c2.x, exact",
        "register, millwright.get_status, exact",
        "register, millwright.worker., prefix",
        "register, x, exact",
        "call, millwright.stop_worker, exact",
        "call, millwright.worker.c10.x, exact",
        "call, wamp.session.list, exact"
    })
    void aWorkerHasItsOwnNamesAndNoOthers(String action, String uri, String match) {
        expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        ErrorMessage error = action.equals("call")
                ? worker.refusal(uri, Payload.EMPTY)
                : worker.register(uri, Map.of("match", match)).next(ErrorMessage.class);
        assertThat(error.error()).isEqualTo("wamp.error.not_authorized");
    }

    @Test
    void whatAWorkerAsksOfTheNodeIsAskedInItsName() {
        expect("c1", 1);
        join("c1", "token-c11").result("millwright.get_status", Payload.EMPTY);
        assertThat(fake.asked).extracting(FakeNode.Asked::who).contains("worker:c1");
    }

    @Test
    void whatAWorkerSaysOfItsComponentsIsTold() {
        expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("id", "a", "state", "started"),
                Map.of("id", "a", "state", "failed", "reason", "no ink", "restarts", 3),
                Map.of("id", "a", "state", "stopped", "reason", "x".repeat(5000)))) {
            worker.call("millwright.worker.c1.component_changed", Payload.args(change), Map.of())
                    .next(Result.class);
        }
        awaitTold("up", "a started", "a failed: no ink", "a stopped: " + "x".repeat(1000));
    }

    private static List<Object> noChanges() {
        return List.of(
                "started",
                Map.of(),
                Map.of("id", "a"),
                Map.of("id", "a", "state", "flying"),
                Map.of("id", "a/b", "state", "started"),
                Map.of("id", "x".repeat(64), "state", "started"),
                Map.of("id", 1, "state", "started"));
    }

    @ParameterizedTest
    @MethodSource("noChanges")
    void whatIsNoChangeOfAComponentIsRefused(Object change) {
        expect("c1", 1);
        TestSession worker = join("c1", "token-c11");
        ErrorMessage error = worker.refusal("millwright.worker.c1.component_changed", Payload.args(change));
        assertThat(error.error()).isEqualTo("millwright.error.invalid_argument");
        awaitTold("up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "component_changed"})
    void onlyTheWorkerItselfTellsOfItself(String procedure) {
        expect("c1", 1);
        TestSession operator = TestSession.join(router, OWNER, "millwright");
        assertThat(operator.refusal("millwright.worker.c1." + procedure, Payload.EMPTY)
                        .error())
                .isEqualTo("wamp.error.not_authorized");
        assertThat(told).isEmpty();
    }

    @Test
    void aNewRunTakesTheIdOver() {
        expect("c1", 1);
        TestSession old = join("c1", "token-c11");
        expect("c1", 2);
        old.next(Goodbye.class);
        hello(OWNER, "c1", "token-c11").next(Abort.class);
        join("c1", "token-c12");
    }
}
