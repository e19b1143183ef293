package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.shell.gogo.internal.complete.Completion;
import io.millwright.shell.gogo.internal.complete.Suggestion;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** What every shell offers for a word: from the commands' usages and the node, asked each time. */
class CompletionTest {
    private final Shell shell = new Shell();

    @BeforeEach
    void workers() {
        shell.node.with(
                FakeNode.worker("db", WorkerState.STARTED),
                FakeNode.worker("errand", WorkerState.EXITED),
                FakeNode.worker("flaky", WorkerState.BACKOFF),
                FakeNode.worker("off", WorkerState.INACTIVE));
        shell.node.types.add(type(
                "guest",
                false,
                option("executable", OptionType.STRING),
                option("env.vars", OptionType.VARIABLES),
                option("workdir.create", OptionType.BOOLEAN),
                option("stop.signal", OptionType.SIGNAL),
                OptionDefinition.option("restart.policy", OptionType.STRING, "when")
                        .oneOf("never", "on-failure", "always")
                        .build()));
        shell.node.types.add(type("guest", true, option("shadow", OptionType.STRING)));
        OptionDefinition settings = OptionDefinition.option("settings", OptionType.OBJECT_LIST, "nested")
                .members(option("id", OptionType.STRING), option("deep", OptionType.BOOLEAN))
                .build();
        shell.node.types.add(type(
                "python",
                false,
                OptionDefinition.option("sockets", OptionType.OBJECTS, "by name")
                        .members(option("listen", OptionType.STRING), option("on.signal", OptionType.SIGNAL), settings)
                        .build(),
                OptionDefinition.option("components", OptionType.OBJECT_LIST, "one after another")
                        .members(option("id", OptionType.STRING), option("exact", OptionType.BOOLEAN))
                        .build()));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private static OptionDefinition option(String key, OptionType type) {
        return OptionDefinition.option(key, type, "about " + key + " \u001b[2J").build();
    }

    private static WorkerTypeInfo type(String name, boolean shadowed, OptionDefinition... options) {
        return WorkerTypeInfo.builder(name, "bundle", "1.0.0")
                .usable(true)
                .shadowed(shadowed)
                .options(List.of(options))
                .build();
    }

    private List<Suggestion> complete(String typed) {
        List<String> words = new ArrayList<>(List.of(typed.split(" ", -1)));
        String word = words.remove(words.size() - 1);
        return shell.completion.complete(words, word);
    }

    @ParameterizedTest
    @CsvSource({
        // ids by state
        "'worker:stop ', 'db flaky'",
        "'worker:stop db ', flaky",
        "'worker:stop f', flaky",
        "'worker:kill ', 'db flaky'",
        "'worker:restart ', 'db flaky'",
        "'worker:signal ', 'db flaky'",
        "'worker:input ', 'db flaky'",
        "'worker:wait ', 'db flaky'",
        "'worker:start ', 'errand off'",
        "'worker:start errand ', 'guest off python'",
        "'worker:start errand off ', ''",
        "'worker:forget ', 'errand off'",
        "'worker:info ', 'db errand flaky off'",
        "'worker:info db ', ''",
        "'worker:log -f -n 10 e', errand",
        "'worker:log -n ', ''",
        "'worker:history ', 'db errand flaky off'",
        // types, signals
        "'worker:start new ', 'errand guest off python'",
        "'worker:check new ', 'guest python'",
        "'worker:list --type ', 'guest python'",
        "'worker:list --type g', guest",
        "'worker:signal db US', 'USR1 USR2'",
        "'worker:signal db TERM ', ''",
        "'worker:stop --signal US', 'USR1 USR2'",
        "'worker:stop db --t', '--timeout'",
        "'worker:stop db --timeout ', ''",
        "'worker:stop db --timeout 5s ', 'flaky'",
        "'worker:log --st', '--stream'",
        "'worker:log db --grep ', ''",
        "'node:events --a', '--after'",
        "'worker:history db --b', '--before'",
        "'worker:graph --d', '--dot'",
        // options of the type
        "'worker:start new guest ', 'env.vars. executable= restart.policy= stop.signal= workdir.create='",
        "'worker:start --all new guest e', 'env.vars. executable='",
        "'worker:start new guest executable=x workdir.create=true e', 'env.vars.'",
        "'worker:start new guest restart.policy=', 'restart.policy=always restart.policy=never restart.policy=on-failure'",
        "'worker:start new guest restart.policy=on', 'restart.policy=on-failure'",
        "'worker:start new guest workdir.create=', 'workdir.create=false workdir.create=true'",
        "'worker:start new guest stop.signal=H', 'stop.signal=HUP'",
        "'worker:start new guest executable=', ''",
        "'worker:start new guest unheard.of=', ''",
        "'worker:start new unheard-of k', ''",
        "'worker:check new guest w', 'workdir.create='",
        "'worker:start new guest -- ', ''",
        // members of objects: by name, by number, within each other
        "'worker:start new python ', 'components. sockets.'",
        "'worker:start new python s', 'sockets.'",
        "'worker:start new python sockets.', ''",
        "'worker:start new python sockets.web.', 'sockets.web.listen= sockets.web.on.signal= sockets.web.settings.'",
        "'worker:check new python sockets.web.l', 'sockets.web.listen='",
        "'worker:start new python sockets.web.listen=x.y ', 'components. sockets.'",
        "'worker:start new python sockets.web.listen=x sockets.', 'sockets.web.'",
        "'worker:start new python sockets.web.listen=x sockets.web.', 'sockets.web.on.signal= sockets.web.settings.'",
        "'worker:start new python sockets.web.listen=x sockets.db.l', 'sockets.db.listen='",
        "'worker:start new python sockets.web.listen=', ''",
        "'worker:start new python sockets.web.on.signal=US', 'sockets.web.on.signal=USR1 sockets.web.on.signal=USR2'",
        "'worker:start new python sockets.web.settings.', 'sockets.web.settings.0.'",
        "'worker:start new python sockets.web.settings.0.de', 'sockets.web.settings.0.deep='",
        "'worker:start new python sockets.web.settings.0.deep=t', 'sockets.web.settings.0.deep=true'",
        "'worker:start new python sockets={} ', 'components.'",
        "'worker:start new python components.', 'components.0.'",
        "'worker:start new python components.0.id=a components.', 'components.0. components.1.'",
        "'worker:start new python components.0.id=a components.0.', 'components.0.exact='",
        "'worker:start new python components.a.exact=', 'components.a.exact=false components.a.exact=true'",
        "'worker:start new python nonsense.a.', ''",
        "'worker:start new python sockets.a=b.c', ''",
        // dashed options only when asked for
        "'worker:list ', 'db errand flaky off'",
        "'worker:list -', '--all --json --type'",
        "'worker:list --all --j', '--json'",
        "'worker:restart --a', '--all --at-once'",
        "'worker:restart --f', '--first-failure-ends'",
        "'worker:why ', 'db errand flaky off'",
        "'worker:input db ', ''",
        "'worker:sto', worker:stop",
        "'node:stat', 'node:stats node:status'",
        "'node:shutdown -', '--json --mode --restart'",
        "'node:status ', ''",
    })
    void offers(String typed, String expected) {
        assertThat(complete(typed).stream().map(Suggestion::value).sorted())
                .as(typed)
                .containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split(" "));
    }

    @Test
    void theCommandSaysTheSameForShellsThatAsk() throws Exception {
        assertThat(shell.run("node:complete -- worker:stop ''").lines()).containsExactly("db", "flaky");
        assertThat(shell.run("node:complete -- worker:list --a").lines()).containsExactly("--all");
        assertThat(shell.run("node:complete -- worker:start x guest restart.policy=a")
                        .lines())
                .containsExactly("restart.policy=always");
        assertThat(shell.run("node:complete -- worker:start x guest nonsense")).isEmpty();
        assertThat(shell.run("node:complete -- worker:sto").lines()).containsExactly("worker:stop");
    }

    @ParameterizedTest
    @CsvSource({
        "'worker:component ', 'forget info list restart save start stop'",
        "'worker:component stop ', 'db flaky'",
        "'worker:component stop db ', 'api web'",
        "'worker:component stop db w', web",
        "'worker:component stop db web ', api",
        "'worker:component stop errand ', ''",
        "'worker:component list db ', ''"
    })
    void componentsAreThoseThatEventsHaveToldOf(String typed, String expected) {
        for (String component : List.of("web", "api", "web")) {
            shell.node.events.add(NodeEvent.of(
                    NodeTopics.COMPONENT_STARTED,
                    FakeNode.NOW,
                    Map.of(EventProperties.WORKER_ID, "db", EventProperties.COMPONENT_ID, component)));
        }
        offers(typed, expected);
    }

    @Test
    void itIsDescribedAndHarmless() {
        assertThat(complete("worker:start x guest ex")).singleElement().satisfies(one -> {
            assertThat(one.description()).isEqualTo("about executable \\x1b[2J");
            assertThat(one.isWhole()).isFalse();
        });
        assertThat(complete("worker:stop d")).singleElement().satisfies(one -> {
            assertThat(one.description()).isEqualTo("guest, started");
            assertThat(one.isWhole()).isTrue();
        });
        assertThat(shell.completion.apply(List.of("worker:stop"), "d"))
                .as("as other bundles get it")
                .containsExactly(List.of("db", "guest, started", "whole"));
    }

    @Test
    void theNodeMayBeGone() {
        shell.access.controller = null;
        assertThat(complete("worker:stop ")).isEmpty();
        assertThat(complete("worker:sto")).hasSize(1);
        assertThat(complete("worker:nonsense ")).isEmpty();
    }

    /** A completion over commands as services. */
    static Completion of(Map<String, Command> commands, NodeAccess access) {
        Map<Object, Command> services = new HashMap<>();
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                CompletionTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getService") ? services.get(arguments[0]) : Boolean.TRUE);
        Completion completion = new Completion(context, access);
        commands.forEach((name, command) -> {
            String[] parts = name.split(":");
            @SuppressWarnings("unchecked")
            ServiceReference<Function> reference = (ServiceReference<Function>) Proxy.newProxyInstance(
                    CompletionTest.class.getClassLoader(),
                    new Class<?>[] {ServiceReference.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getProperty" -> Objects.equals(arguments[0], Command.SCOPE) ? parts[0] : parts[1];
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
            services.put(reference, command);
            try {
                var add = Completion.class.getDeclaredMethod("addCommand", ServiceReference.class);
                add.setAccessible(true);
                add.invoke(completion, reference);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });
        return completion;
    }
}
