package io.millwright.worker.runtime.container;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The components of a container, and the operations on them. Thread-safe. */
final class Components {
    /** How long a caller waits for a component's code. */
    private static final long DEADLINE_SECONDS = 30;

    private final String errors;
    private final Function<ComponentSpec.Kind, ComponentHost> hosts;
    private final ExitRule rule;
    private final IntConsumer exit;
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "component-delays");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Component> all = new LinkedHashMap<>();

    /**
     * No components yet.
     *
     * @param prefix what the node's URIs begin with
     * @param hosts who runs components of a kind
     * @param exit ends the container with a code, when the rule says so
     */
    Components(String prefix, Function<ComponentSpec.Kind, ComponentHost> hosts, ExitRule rule, IntConsumer exit) {
        this.errors = prefix + ".error.";
        this.hosts = hosts;
        this.rule = rule;
        this.exit = exit;
    }

    /** The operations, as {@code register} takes them. */
    void offer(BiConsumer<String, Procedure> register) {
        register.accept("start_component", this::start);
        register.accept("stop_component", call -> within(find(call), Component::stop));
        register.accept("restart_component", call -> within(find(call), Component::restart));
        register.accept("get_component", call -> find(call).toMap());
        register.accept("get_components", call -> list(word(call, 0, "filter")));
    }

    /**
     * Adds one that is not there, or replaces one that is over.
     *
     * @throws WampErrorException if it cannot be
     */
    Component add(@Nullable Object json) {
        ComponentSpec spec;
        try {
            spec = ComponentSpec.of(json);
        } catch (IllegalArgumentException e) {
            throw error("invalid_configuration", String.valueOf(e.getMessage()), null);
        }
        Component made = new Component(spec, hosts.apply(spec.kind()), (component, state) -> over(state), delays);
        synchronized (all) {
            Component there = all.get(spec.id());
            if (there != null && !there.state().isOver()) {
                throw error(
                        "component_already_running",
                        "component '" + spec.id() + "' is " + there.state().word(),
                        null);
            }
            if (there != null) {
                there.close();
            }
            all.put(spec.id(), made);
        }
        return made;
    }

    private Object start(ProcedureCall call) {
        Object json = call.kwargs().containsKey("component") ? call.kwargs().get("component") : argument(call, 0);
        Component component = json instanceof String id ? restartable(id) : add(json);
        boolean start = !Boolean.FALSE.equals(call.kwargs().get("start")) && !Boolean.FALSE.equals(argument(call, 1));
        return start ? within(component, Component::start) : component.toMap();
    }

    /** One that is known, to be started once more. */
    private Component restartable(String id) {
        Component component = get(id);
        if (!component.state().isOver()) {
            throw error(
                    "component_already_running",
                    "component '" + id + "' is " + component.state().word(),
                    null);
        }
        return component;
    }

    private Object within(Component component, Function<Component, CompletableFuture<@Nullable Void>> action) {
        return action.apply(component)
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .handle((nothing, thrown) -> {
                    if (thrown == null) {
                        return component.toMap();
                    }
                    Throwable cause = thrown instanceof CompletionException
                            ? Objects.requireNonNullElse(thrown.getCause(), thrown)
                            : thrown;
                    if (cause instanceof TimeoutException) {
                        throw error(
                                "timeout",
                                "component '" + component.id() + "' is still "
                                        + component.state().word() + " after " + DEADLINE_SECONDS
                                        + " s; it is not waited for any more",
                                null);
                    }
                    throw error(
                            "cannot_start",
                            "component '" + component.id() + "' cannot be started: " + cause.getMessage(),
                            cause.getCause());
                });
    }

    private List<Map<String, @Nullable Object>> list(@Nullable String filter) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Component one : snapshot()) {
            if (filter == null || one.state().word().equals(filter)) {
                list.add(one.toMap());
            }
        }
        return list;
    }

    private List<Component> snapshot() {
        synchronized (all) {
            return List.copyOf(all.values());
        }
    }

    private Component find(ProcedureCall call) {
        String id = word(call, 0, "id");
        if (id == null) {
            throw new WampErrorException(WampErrors.INVALID_ARGUMENT, "'id' is missing: which component?");
        }
        return get(id);
    }

    private Component get(String id) {
        synchronized (all) {
            Component component = all.get(id);
            if (component == null) {
                throw error("no_such_component", "there is no component '" + id + "'; there are " + all.keySet(), null);
            }
            return component;
        }
    }

    private static @Nullable Object argument(ProcedureCall call, int index) {
        return index < call.args().size() ? call.args().get(index) : null;
    }

    private static @Nullable String word(ProcedureCall call, int index, String name) {
        Object named = call.kwargs().get(name);
        Object value = named == null ? argument(call, index) : named;
        return value == null ? null : String.valueOf(value);
    }

    private WampErrorException error(String code, String sentence, @Nullable Throwable cause) {
        Map<String, Object> more = cause == null ? Map.of() : Component.error(cause);
        return new WampErrorException(errors + code, io.millwright.wamp.message.Payload.of(List.of(sentence), more));
    }

    private void over(Component.State state) {
        List<Component.State> states = snapshot().stream().map(Component::state).toList();
        rule.exitCode(state, states).ifPresent(exit);
    }

    /** Stops all of them, the last started first. Blocks until they are, for some seconds at most. */
    void close() {
        List<Component> stopping = new ArrayList<>(snapshot());
        java.util.Collections.reverse(stopping);
        for (Component one : stopping) {
            try {
                one.stop().get(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
                // The next one; the process ends in any case.
                continue;
            }
        }
    }
}
