package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.shell.gogo.internal.complete.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code worker:call} and {@code worker:component}: what is asked of a native worker, and how its answer is shown. */
class CallCommandTest {
    private static final Map<String, Object> GOOD = Map.of(
            "id", "web", "kind", "bundle", "location", "web.jar", "state", "started", "uptime", 61.5, "restarts", 2);
    private static final Map<String, Object> BAD = Map.of(
            "id",
            "bad",
            "kind",
            "class",
            "location",
            "x.Bad",
            "state",
            "failed",
            "restarts",
            0,
            "error",
            Map.of("message", "no paper", "trace", "java.lang.IllegalStateException: no paper\n\tat x.Bad.<init>"));

    private final Shell shell = new Shell();

    @BeforeEach
    void open() {
        shell.node.workers.put(
                "box",
                WorkerInfo.builder(new WorkerId("box"), "container", WorkerState.STARTED)
                        .channel(ChannelInfo.builder(ChannelInfo.State.UP, Instant.EPOCH)
                                .ready(ReadyInfo.of("java 17", List.of(), List.of("get_heap_info", "trigger_gc")))
                                .build())
                        .build());
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void valuesAreJsonOrTexts() throws Exception {
        shell.node.answers.put("add", Map.of("sum", 3));
        assertThat(shell.run("worker:call box add a=1 b=two c='[1,\"x\"]' d= e=true f='1 2'")
                        .strip())
                .isEqualTo("{\"sum\":3}");
        assertThat(shell.node.calls)
                .last()
                .asString()
                .isEqualTo("call box add {a=1, b=two, c=[1, x], d=, e=true, f=1 2}");
    }

    @Test
    void textIsShownAsItIsAndNothingAsNothing() throws Exception {
        shell.node.answers.put("dump", "main\n  at x");
        assertThat(shell.run("worker:call box dump")).contains("main\n  at x");
        assertThat(shell.run("worker:call box dump --json").strip())
                .isEqualTo("{\"id\":\"box\",\"value\":\"main\\n  at x\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker:call box | a word is missing",
                "worker:call box add x | 'x' must be KEY=VALUE",
                "worker:call box add =x | must be KEY=VALUE",
                "worker:call box add a=1 a=2 | 'a' is given twice",
                "worker:call box none | does not offer none",
                "worker:component box list | 'box' is none of list, info, start, stop, restart, save, forget",
                "worker:component list box web | 'list' takes no component",
                "worker:router box info | 'box' is none of info, realms",
                "worker:router realm box | 'realm' takes ID REALM",
                "worker:router realms box x | 'realms' takes ID",
                "worker:router start-realm box x | 'start-realm' takes ID REALM REALM_CONFIG",
                "worker:component stop box | 'stop' needs a component; worker:component list box shows them"
            })
    void whatIsWrongIsSaid(String line, String sentence) {
        assertThatThrownBy(() -> shell.run(line)).hasMessageContaining(sentence);
    }

    /** It was stopped after it was listed. */
    @Test
    void aRealmThatIsGoneIsLeftOut() throws Exception {
        List<Object> ids = new ArrayList<>(List.of("realm1", "realm2"));
        shell.node.answers.put("get_router_realms", (Function<Map<String, ?>, Object>) arguments -> List.copyOf(ids));
        shell.node.answers.put("get_router_realm", (Function<Map<String, ?>, Object>) arguments -> {
            ids.remove("realm1");
            if (arguments.containsValue("realm1")) {
                throw new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no realm 'realm1'");
            }
            return Map.of("id", "realm2", "name", "com.two");
        });
        assertThat(shell.run("worker:router realms box --json").strip())
                .startsWith("[{")
                .contains("com.two");
        assertThat(shell.run("worker:router realms box")).contains("com.two").doesNotContain("realm1");
    }

    @Test
    void aRealmThatIsThereAndNotShownIsAnError() {
        shell.node.answers.put("get_router_realms", List.of("realm1"));
        assertThatThrownBy(() -> shell.run("worker:router realms box"))
                .hasMessageContaining("does not offer get_router_realm");
    }

    @Test
    void componentsAreListedAndShown() throws Exception {
        shell.node.answers.put("get_components", List.of(GOOD, BAD));
        shell.node.answers.put("get_component", BAD);
        assertThat(shell.run("worker:component list box").lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("ID STATE"),
                        web -> assertThat(web).contains("web started", "web.jar"),
                        bad -> assertThat(bad).contains("bad failed", "no paper"));
        assertThat(shell.run("worker:component info box bad"))
                .contains("no paper", "java.lang.IllegalStateException", "at x.Bad.<init>");
        assertThat(shell.run("worker:component list box --json"))
                .startsWith("[{")
                .contains("\"state\":\"failed\"");
    }

    @Test
    void aComponentIsSavedAndForgotten() throws Exception {
        shell.node.answers.putAll(Map.of("save_component", GOOD, "forget_component", Map.of("id", "web")));
        shell.run("worker:component save box web");
        assertThat(shell.run("worker:component forget box web")).contains("web");
        assertThat(shell.node.calls)
                .filteredOn(call -> call.startsWith("call"))
                .containsExactly("call box save_component {id=web}", "call box forget_component {id=web}");
    }

    @Test
    void componentsAreStartedStoppedAndRestarted() throws Exception {
        shell.node.answers.putAll(Map.of("start_component", GOOD, "stop_component", GOOD, "restart_component", GOOD));
        shell.run("worker:component start box web");
        shell.run("worker:component start box '{\"id\":\"a\",\"class\":\"x.A\"}'");
        shell.run("worker:component stop box web");
        shell.run("worker:component restart box web other");
        assertThat(shell.node.calls)
                .filteredOn(call -> call.startsWith("call"))
                .containsExactly(
                        "call box start_component {component=web}",
                        "call box start_component {component={id=a, class=x.A}}",
                        "call box stop_component {id=web}",
                        "call box restart_component {id=web}",
                        "call box restart_component {id=other}");
    }

    @Test
    void aRoutersRealmsTransportsAndSessionsAreAskedForAndShown() throws Exception {
        shell.node.answers.putAll(Map.of(
                "get_router_realms", List.of("one", "two"),
                "get_router_realm",
                        Map.of(
                                "id",
                                "one",
                                "name",
                                "com.example.one",
                                "roles",
                                Map.of("app", Map.of(), "all", Map.of()),
                                "figures",
                                Map.of("sessions", 3L)),
                "get_router_realm_roles", List.of("app", "all"),
                "get_router_transports", List.of("web"),
                "get_router_transport", Map.of("id", "web", "state", "started", "options", Map.of("type", "websocket")),
                "start_router_realm", Map.of("id", "three"),
                "get_sessions",
                        List.of(Map.of(
                                "session",
                                7L,
                                "realm",
                                "one",
                                "authid",
                                "joe",
                                "transport",
                                Map.of("listener", "web"))),
                "kill_by_authid", 2L));
        assertThat(shell.run("worker:router realms box").lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("REALM URI ROLES SESSIONS"),
                        one -> assertThat(one).startsWith("one com.example.one all,app 3"),
                        two -> assertThat(two).contains("one"));
        assertThat(shell.node.calls)
                .endsWith("call box get_router_realm {realm_id=one}", "call box get_router_realm {realm_id=two}");
        assertThat(shell.run("worker:router realms box --json"))
                .startsWith("[{")
                .contains("\"name\":\"com.example.one\"");
        assertThat(shell.run("worker:router transports box").lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("TRANSPORT TYPE ADDRESS STATE"),
                        web -> assertThat(web).startsWith("web websocket").contains("started"));
        assertThat(shell.run("worker:router roles box one").lines()).containsExactly("NAME", "app", "all");
        assertThat(shell.run("worker:router transport box web")).contains("started", "websocket");
        assertThat(shell.run("worker:router sessions box")).contains("SESSION", "joe", "web");
        assertThat(shell.run("worker:router kill box one joe").strip()).isEqualTo("2");
        shell.run("worker:router start-realm box three '{\"roles\":{}}'");
        assertThat(shell.node.calls)
                .filteredOn(call -> call.startsWith("call"))
                .last()
                .isEqualTo("call box start_router_realm {realm_id=three, realm_config={roles={}}}");
        assertThat(shell.completion.complete(List.of("worker:router"), "")).allSatisfy(action -> assertThatThrownBy(
                        () -> shell.run("worker:router " + action.value() + " box a b c d e f g"))
                .hasMessageContaining("'" + action.value() + "' takes ID"));
    }

    @Test
    void operationsAreCompleted() {
        assertThat(shell.completion.complete(List.of("worker:call", "box"), "t"))
                .extracting(Suggestion::value)
                .containsExactly("trigger_gc");
        assertThat(shell.completion.complete(List.of("worker:component"), "re"))
                .extracting(Suggestion::value)
                .containsExactly("restart");
    }
}
