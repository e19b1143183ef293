package io.millwright.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.ClientListener;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.Rule;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log is followed while its connection comes and goes; the node is the test's. */
@Timeout(60)
class FollowingsTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Map<String, Object> EVENT =
            Map.of("topic", "io/millwright/node/READY", "timestamp", T0.toString(), "seq", 1, "node_life", "l1");
    private static final WorkerId ID = new WorkerId("w");

    @TempDir
    Path temp;

    private volatile long beginning = 1000;
    private final ExecutorService handlers = Executors.newSingleThreadExecutor();
    private final List<LogEntry> written = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<ProcedureCall> followers = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch failed = new CountDownLatch(1);
    private final List<ProcedureCall> asked = new CopyOnWriteArrayList<>();
    private volatile boolean answers = true;
    /** Complete when the end of a connection may be told. */
    private volatile CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    private Listeners listeners;
    private Realm realm;
    private ListenerConfig socket;
    private WampClient client;
    private Followings followings;

    @BeforeEach
    void open() throws Exception {
        listeners = Listeners.open("test", new RouterListener() {});
        realm = listeners.router().addRealm("millwright", Limits.DEFAULT);
        realm.roles().put(Role.of("operator", Rule.prefix("millwright", Action.CALL)));
        realm.setAuthenticators(List.of(new AnonymousAuthenticator("operator")));
        LocalSession node = realm.open("node", "node", handlers);
        node.register("millwright.get_worker_log", MatchPolicy.EXACT, FollowingsTest::known)
                .toCompletableFuture()
                .get();
        node.register("millwright.follow_worker_log", MatchPolicy.EXACT, this::follow)
                .toCompletableFuture()
                .get();
        node.register("millwright.follow_events", MatchPolicy.EXACT, this::followEvents)
                .toCompletableFuture()
                .get();
        node.register("millwright.get_status", MatchPolicy.EXACT, this::status)
                .toCompletableFuture()
                .get();
        socket = ListenerConfig.unix("u", temp.resolve("run/sock"));
        listeners.add(socket);
        Connection connection = new Connection(said::add, failed::countDown);
        client = WampClient.builder(Transports.unix(temp.resolve("run/sock")))
                .reconnect(Duration.ofMillis(10), Duration.ofMillis(50))
                .listener(new ClientListener() {
                    @Override
                    public void joined(SessionInfo session, boolean again) {
                        connection.joined(session, again);
                    }

                    @Override
                    public void disconnected(WampException why, boolean again) {
                        told.join();
                        connection.disconnected(why, again);
                    }
                })
                .build();
        client.connect().get();
        followings = new Followings(new Calls(client, "millwright"), connection);
    }

    @AfterEach
    void close() {
        client.close();
        listeners.close();
        handlers.shutdownNow();
    }

    private static CompletionStage<Payload> known(ProcedureCall call) {
        if (!call.payload().kwargs().get("id").equals("w")) {
            throw new ProcedureException(
                    "millwright.error.no_such_worker",
                    "there is none",
                    Payload.of(List.of("there is none"), Map.of("message", "there is none")));
        }
        return CompletableFuture.completedFuture(Payload.args(List.of()));
    }

    private CompletionStage<Payload> follow(ProcedureCall call) {
        List<LogEntry> all = List.copyOf(written);
        Object after = call.payload().kwargs().get("after");
        int from;
        if (after == null) {
            int backlog = ((Number) call.payload().kwargs().get("backlog")).intValue();
            from = Math.max(0, all.size() - backlog);
        } else {
            from = (int) (((Number) after).longValue() - beginning);
            if (from < 0 || from > all.size()) {
                throw new ProcedureException(
                        "millwright.error.invalid_argument",
                        "no position",
                        Payload.of(List.of("no position"), Map.of("message", "no position")));
            }
        }
        tell(call, all.subList(from, all.size()), beginning + all.size());
        followers.add(call);
        return new CompletableFuture<>();
    }

    private CompletionStage<Payload> status(ProcedureCall call) {
        asked.add(call);
        return answers
                ? CompletableFuture.completedFuture(Payload.args(Map.of("life", "l1")))
                : new CompletableFuture<>();
    }

    private CompletionStage<Payload> followEvents(ProcedureCall call) {
        Object after = call.payload().kwargs().get("after");
        if (after instanceof Number number && number.longValue() < 0) {
            throw new ProcedureException(
                    "millwright.error.invalid_argument",
                    "no such number",
                    Payload.of(List.of("no such number"), Map.of("message", "no such number")));
        }
        call.progress(Payload.args(Map.of("events", List.of(EVENT), "lost", 0)));
        return new CompletableFuture<>();
    }

    private static void tell(ProcedureCall call, List<LogEntry> entries, long position) {
        call.progress(Payload.args(Documents.of("entries", entries, "lost", 0, "position", position)));
    }

    private void write(String text) {
        LogEntry entry = LogEntry.of(T0, LogEntry.Stream.STDOUT, null, text);
        handlers.execute(() -> {
            written.add(entry);
            long position = beginning + written.size();
            followers.forEach(call -> tell(call, List.of(entry), position));
        });
    }

    private Subscription follow() {
        return followings.log(ID, 1, new LogListener() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                entries.forEach(entry -> heard.add(entry.text()));
            }

            @Override
            public void onEnd() {
                ended.countDown();
            }
        });
    }

    private void lose() {
        handlers.execute(followers::clear);
        listeners.remove("u");
        await().until(() -> said.stream().anyMatch(sentence -> sentence.contains("was lost")));
    }

    @Test
    void itGoesOnAfterTheLineThatCameLast() throws Exception {
        write("before");
        write("one");
        try (Subscription following = follow()) {
            await().until(() -> heard.equals(List.of("one")));
            write("two");
            await().until(() -> heard.equals(List.of("one", "two")));
            lose();
            write("three");
            listeners.add(socket);
            await().until(() -> heard.equals(List.of("one", "two", "three")));
            write("four");
            await().until(() -> heard.equals(List.of("one", "two", "three", "four")));
            assertThat(said).noneMatch(sentence -> sentence.contains("lost here"));
        }
        assertThat(ended.getCount())
                .as("closed by the follower, which needs no word of it")
                .isOne();
    }

    /** The kind: two lines that are alike; and a connection that is lost before any line. */
    @Test
    void noLineComesTwiceAndNoneIsMissedThoughTheyAreAlike() throws Exception {
        try (Subscription following = follow()) {
            await().until(() -> followers.size() == 1);
            lose();
            write("same");
            listeners.add(socket);
            await().until(() -> heard.equals(List.of("same")));
            for (int i = 1; i < 5; i++) {
                said.clear();
                lose();
                write("same");
                write("same");
                listeners.add(socket);
                int count = 1 + 2 * i;
                await().until(() -> heard.size() == count);
            }
            write("last");
            await().until(() -> heard.contains("last"));
            assertThat(heard).hasSize(10);
            assertThat(said).noneMatch(sentence -> sentence.contains("lost here"));
        }
    }

    /** The kind: the call has failed before the end of its connection is told. */
    @Test
    void aConnectionIsSaidToBeThereAgainWhenItIs() throws Exception {
        write("one");
        try (Subscription following = follow()) {
            await().until(() -> heard.equals(List.of("one")));
            told = new CompletableFuture<>();
            lose();
            write("two");
            told.complete(null);
            listeners.add(socket);
            await().until(() -> heard.equals(List.of("one", "two")));
            assertThat(said)
                    .containsExactly("the connection to the node was lost; it is tried again", "connected again");
        }
    }

    @Test
    void whatIsLostIsSaid() throws Exception {
        write("one");
        try (Subscription following = follow()) {
            await().until(() -> heard.equals(List.of("one")));
            lose();
            handlers.execute(() -> {
                written.clear();
                beginning = 5000;
            });
            write("after a new log");
            listeners.add(socket);
            await().until(() -> heard.equals(List.of("one", "after a new log")));
            assertThat(said).anyMatch(sentence -> sentence.contains("lines that were written meanwhile are lost here"));
        }
    }

    /** The kind: a connection that is lost again while a following is being begun anew; it ends no following. */
    @Test
    void eventsAreFollowedThoughTheConnectionIsLostTwice() throws Exception {
        List<NodeEvent> events = new CopyOnWriteArrayList<>();
        try (Subscription following = followings.events(0L, (event, lost) -> events.add(event))) {
            await().until(() -> events.size() == 1);
            answers = false;
            lose();
            listeners.add(socket);
            await().until(() -> asked.size() == 1);
            said.clear();
            answers = true;
            lose();
            listeners.add(socket);
            await().until(() -> events.size() == 2);
            assertThat(failed.getCount()).isOne();
        }
    }

    @Test
    void eventsThatAreRefusedEndTheCommand() throws Exception {
        try (Subscription following = followings.events(-1L, (event, lost) -> {})) {
            failed.await();
            assertThat(said).containsExactly("no such number");
        }
    }

    @Test
    void whyTheNodeLetsNobodyInAnyMoreIsSaidOnce() throws Exception {
        try (Subscription following = follow()) {
            await().until(() -> followers.size() == 1);
            realm.setAuthenticators(List.of());
            lose();
            listeners.add(socket);
            await().until(() -> said.stream().anyMatch(sentence -> sentence.contains("does not let this session in")));
            realm.setAuthenticators(List.of(new AnonymousAuthenticator("operator")));
            await().until(() -> said.contains("connected again"));
            assertThat(said)
                    .filteredOn(sentence -> sentence.contains("does not let this session in"))
                    .hasSize(1);
        }
    }

    @Test
    void aWorkerThatIsNotThereIsRefusedAtOnce() {
        assertThatThrownBy(() -> followings.log(new WorkerId("other"), 1, (entries, lost) -> {}))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("there is none");
    }
}
