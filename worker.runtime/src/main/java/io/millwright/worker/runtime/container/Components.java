package io.millwright.worker.runtime.container;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import io.millwright.worker.runtime.log.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The components of a container, and the operations on them. Thread-safe. */
final class Components {
    /** How long a caller waits for a component's code. */
    private static final long DEADLINE_SECONDS = 30;

    private static final List<String> NAMES = List.of(
            "start_component", "stop_component", "restart_component", "get_component", "get_components", "configure");

    private final String errors;
    private final Function<ComponentSpec.Kind, ComponentHost> hosts;
    private final ExitRule rule;
    private final String restartPolicy;
    private final Consumer<Map<String, @Nullable Object>> changes;
    private final IntConsumer exit;
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "component-delays");
        thread.setDaemon(true);
        return thread;
    });
    /** Guards what is below. */
    private final Map<String, Component> all = new LinkedHashMap<>();

    /** Those of the configuration; the others were added by callers. */
    private Set<String> configured = Set.of();

    /**
     * No components yet.
     *
     * @param prefix what the node's URIs begin with
     * @param hosts who runs components of a kind
     * @param restartPolicy when a component is started again that does not say
     * @param changes told of each start, stop and failure; does not block
     * @param exit ends the container with a code, when the rule says so
     */
    Components(
            String prefix,
            Function<ComponentSpec.Kind, ComponentHost> hosts,
            ExitRule rule,
            String restartPolicy,
            Consumer<Map<String, @Nullable Object>> changes,
            IntConsumer exit) {
        this.changes = changes;
        this.errors = prefix + ".error.";
        this.hosts = hosts;
        this.rule = rule;
        this.restartPolicy = restartPolicy;
        this.exit = exit;
    }

    /** The operations, as {@code register} takes them. */
    void offer(BiConsumer<String, Procedure> register) {
        for (String name : NAMES) {
            register.accept(name, new Operation(name));
        }
    }

    /** One class for all of them: a lambda each would take a start a millisecond. */
    private final class Operation implements Procedure {
        private final String name;

        Operation(String name) {
            this.name = name;
        }

        @Override
        public @Nullable Object call(ProcedureCall call) {
            return switch (name) {
                case "start_component" -> start(call);
                case "stop_component" -> within(find(call), Component::stop);
                case "restart_component" -> within(find(call), Component::restart);
                case "get_component" -> find(call).toMap();
                case "get_components" -> list(word(call, 0, "filter"));
                case "configure" -> configure(call);
                default -> throw new IllegalStateException(name);
            };
        }
    }

    /**
     * Adds one that is not there, or replaces one that is over.
     *
     * @throws WampErrorException if it cannot be
     */
    Component add(@Nullable Object json) {
        ComponentSpec spec = spec(json);
        Component made = new Component(spec, hosts.apply(spec.kind()), new Reporter(), delays);
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

    private ComponentSpec spec(@Nullable Object json) {
        try {
            return ComponentSpec.of(json, restartPolicy);
        } catch (IllegalArgumentException e) {
            throw error("invalid_configuration", String.valueOf(e.getMessage()), null);
        }
    }

    /** Of the worker's options its components are changed while it runs. */
    private Object configure(ProcedureCall call) {
        if (!(call.kwargs().get("options") instanceof Map<?, ?> options)) {
            throw new WampErrorException(WampErrors.INVALID_ARGUMENT, "'options' is missing");
        }
        return configure(options.get("components")).thenApply(done -> list(null));
    }

    /**
     * Makes the components those of a list: those that are new in it are started, those that have changed are replaced, those that were in the
     * list before and are not any more are stopped. All others go on, as do those that a caller has added.
     *
     * @return complete when each has been, has failed or has taken its time
     * @throws WampErrorException if an object of the list is no component; nothing has happened then
     */
    CompletableFuture<@Nullable Void> configure(@Nullable Object listed) {
        Map<String, ComponentSpec> next = new LinkedHashMap<>();
        for (Object one : listed instanceof List<?> list ? list : List.of()) {
            ComponentSpec spec = spec(one);
            next.put(spec.id(), spec);
        }
        List<Component> begin = new ArrayList<>();
        List<Component> end = new ArrayList<>();
        synchronized (all) {
            for (String id : configured) {
                Component gone = next.containsKey(id) ? null : all.remove(id);
                if (gone != null) {
                    end.add(gone);
                }
            }
            configured = Set.copyOf(next.keySet());
            for (ComponentSpec spec : next.values()) {
                Component there = all.get(spec.id());
                if (there == null || !there.spec().equals(spec)) {
                    Component made = new Component(spec, hosts.apply(spec.kind()), new Reporter(), delays);
                    all.put(spec.id(), made);
                    begin.add(made);
                    if (there != null) {
                        end.add(there);
                    }
                }
            }
        }
        return replace(end, begin);
    }

    private static CompletableFuture<@Nullable Void> replace(List<Component> end, List<Component> begin) {
        Map<Component, CompletableFuture<@Nullable Void>> ends = new LinkedHashMap<>();
        for (Component one : end) {
            ends.put(one, one.retire().whenComplete((done, thrown) -> one.close()));
        }
        List<CompletableFuture<@Nullable Void>> changes = new ArrayList<>(ends.values());
        begin.forEach(Component::expect);
        for (Component one : begin) {
            List<CompletableFuture<@Nullable Void>> before = new ArrayList<>();
            ends.forEach((other, gone) -> {
                if (takesOver(one.spec(), other.spec())) {
                    before.add(gone);
                }
            });
            changes.add(
                    before.isEmpty()
                            ? one.start()
                            : CompletableFuture.allOf(before.toArray(new CompletableFuture<?>[0]))
                                    .handle((done, thrown) -> done)
                                    .thenCompose(done -> one.start()));
        }
        // What fails is recorded where it does, and what takes longer is seen in its state.
        return CompletableFuture.allOf(changes.toArray(new CompletableFuture<?>[0]))
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .handle((done, thrown) -> {
                    begin.stream().filter(Component::isStarting).forEach(Components::sayBlocked);
                    return null;
                });
    }

    /** Whether a component needs what another has as long as that is there: its id, or a PID that both configure. */
    private static boolean takesOver(ComponentSpec next, ComponentSpec before) {
        return next.id().equals(before.id())
                || next.kind() == before.kind()
                        && next.config().keySet().stream().anyMatch(before.config()::containsKey);
    }

    private static void sayBlocked(Component component) {
        Records.write(
                "warn",
                "container",
                "component '" + component.id() + "' is still starting after " + DEADLINE_SECONDS
                        + " s; it is not waited for any more, get_thread_dump shows where it is",
                null);
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
                                        + " s: its code blocks, or waits for a bundle; it goes on and is not waited for"
                                        + " any more. get_thread_dump shows where it is, thread 'component-"
                                        + component.id() + "-life'; get_component('" + component.id()
                                        + "') tells when it has come to an end; a restart of the worker ends it",
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

    /** The component that a caller names. */
    Component find(ProcedureCall call) {
        return get(required(call));
    }

    /** The id that a caller gives. */
    static String required(ProcedureCall call) {
        String id = word(call, 0, "id");
        if (id == null) {
            throw new WampErrorException(WampErrors.INVALID_ARGUMENT, "'id' is missing: which component?");
        }
        return id;
    }

    boolean isConfigured(String id) {
        synchronized (all) {
            return configured.contains(id);
        }
    }

    /** Adds some and starts them; what is wrong with one is logged. Complete when each has been started, has failed or has taken its time. */
    CompletableFuture<@Nullable Void> startAll(List<?> jsons) {
        List<Component> begin = new ArrayList<>();
        for (Object json : jsons) {
            try {
                begin.add(add(json));
            } catch (WampErrorException e) {
                // Its configuration may hold passwords.
                Object id = json instanceof Map<?, ?> map ? map.get("id") : null;
                Records.write("error", "container", "saved component '" + id + "': " + e.getMessage(), null);
            }
        }
        return replace(List.of(), begin);
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
        Map<String, Object> more = cause == null ? Map.of() : StartFailure.json(cause);
        return new WampErrorException(errors + code, io.millwright.wamp.message.Payload.of(List.of(sentence), more));
    }

    /** Tells the node, and ends the container where its rule says so. */
    private final class Reporter implements ComponentWatcher {
        @Override
        public void changed(
                String id, Component.State state, @Nullable Throwable thrown, long restarts, boolean again) {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            change.put("id", id);
            change.put("state", state.word());
            change.put("reason", thrown == null ? null : StartFailure.sentence(thrown));
            change.put("restarts", restarts);
            change.put("again", again);
            changes.accept(change);
        }

        @Override
        public void over(Component component, Component.State state) {
            List<Component.State> states;
            synchronized (all) {
                if (all.get(component.id()) != component) {
                    // Another one has taken its place, or the configuration it.
                    return;
                }
                states = all.values().stream().map(Component::state).toList();
            }
            rule.exitCode(state, states).ifPresent(exit);
        }

        @Override
        public void outdated(String id, Set<String> users) {
            Restarts.begin(
                    id,
                    snapshot().stream().filter(one -> users.contains(one.id())).toList());
        }
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
