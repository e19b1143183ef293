package io.millwright.shell.karaf.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandRegistrarTest {
    private final Map<Object, Command> registered = new LinkedHashMap<>();
    private final Registry registry = registry();
    private final CommandRegistrar registrar = new CommandRegistrar(registry);
    private final Command ours = new CompletedCommand("worker", "stop", (before, word) -> List.of());

    @AfterEach
    void close() {
        registrar.close();
    }

    @Test
    void itIsBehindTheWrapperThatWasThereBefore() {
        Command wrapper = wrapper("stop");
        registry.register(wrapper);
        registrar.add(ours);
        assertThat(registry.getCommands()).containsExactly(wrapper, ours);
    }

    @Test
    void itIsBehindTheWrapperThatComesLater() {
        registrar.add(ours);
        Command other = wrapper("kill");
        Command wrapper = wrapper("stop");
        registry.register(other);
        registry.register(wrapper);
        await().untilAsserted(() -> assertThat(registry.getCommands()).containsExactly(other, wrapper, ours));
    }

    @Test
    void nothingIsLeftWhenItGoes() {
        Command wrapper = wrapper("stop");
        registrar.add(ours);
        registry.register(wrapper);
        registrar.remove(ours);
        assertThat(registry.getCommands()).containsExactly(wrapper);
        registrar.add(ours);
        registrar.close();
        assertThat(registry.getCommands()).containsExactly(wrapper);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millwright-karaf-shell"));
    }

    private static Command wrapper(String name) {
        return FakeKaraf.proxy(Command.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getScope" -> "worker";
            case "getName" -> name;
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "wrapper of " + name;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** Keeps what is registered in its order, as Karaf's does. */
    private Registry registry() {
        return FakeKaraf.proxy(Registry.class, (proxy, method, arguments) -> {
            synchronized (registered) {
                switch (method.getName()) {
                    case "register" -> {
                        Object key = arguments[0];
                        registered.put(
                                key, key instanceof Command command ? command : (Command) ((Callable<?>) key).call());
                        return null;
                    }
                    case "unregister" -> {
                        registered.remove(arguments[0]);
                        return null;
                    }
                    case "getCommands" -> {
                        List<Command> all = new ArrayList<>(registered.values());
                        return all;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                }
            }
        });
    }
}
