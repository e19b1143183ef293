package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.ComponentViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:component}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=component", Command.OWN_STREAMS})
public final class ComponentCommand extends Command {
    private static final List<String> ACTIONS = List.of("list", "info", "start", "stop", "restart", "save", "forget");

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ComponentCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:component",
                                "list|info|start|stop|restart|save|forget ID [COMPONENT...] [--json]",
                                """
                        The components of a container.
                          list ID                shows them
                          info ID COMPONENT      shows one, with the trace of its failure
                          start ID COMPONENT     starts one that is over; or a new one, as JSON: {"id": "a", "class": "x.A"}
                          stop ID COMPONENT      stops one
                          restart ID COMPONENT   stops and starts one
                          save ID COMPONENT      has one that was added started with the container from now on
                          forget ID COMPONENT    saves it no longer; it goes on until the container ends""")
                        .wordsFrom(2)
                        .takes(Operand.COMPONENT_ACTION, Operand.LIVE, Operand.COMPONENT),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        List<String> words = call.arguments().words();
        String action = words.get(0);
        if (!ACTIONS.contains(action)) {
            throw new UsageError("'" + action + "' is none of " + String.join(", ", ACTIONS));
        }
        WorkerId id = new WorkerId(words.get(1));
        List<String> components = words.subList(2, words.size());
        if (action.equals("list")) {
            if (!components.isEmpty()) {
                throw new UsageError("'list' takes no component; 'info' shows one");
            }
            return shown(call, List.of(ask(call, id, "get_components", Map.of())));
        }
        if (components.isEmpty()) {
            throw new UsageError("'" + action + "' needs a component; worker:component list " + id + " shows them");
        }
        List<@Nullable Object> answers = new ArrayList<>();
        for (String component : components) {
            answers.add(ask(call, id, operation(action), argument(action, component)));
        }
        if (action.equals("info") && !call.json()) {
            return ComponentViews.details(answers, call.screen());
        }
        return shown(call, answers);
    }

    private static String operation(String action) {
        return action.equals("info") ? "get_component" : action + "_component";
    }

    private static Map<String, @Nullable Object> argument(String action, String component) {
        return action.equals("start")
                ? Map.of("component", component.startsWith("{") ? CallCommand.value(component) : component)
                : Map.of("id", component);
    }

    private @Nullable Object ask(
            Invocation call, WorkerId id, String operation, Map<String, @Nullable Object> arguments)
            throws InterruptedException {
        return await(node(call).callWorker(id, operation, arguments, call.caller()))
                .value();
    }

    /** Each answer is a component or a list of them. */
    private static Object shown(Invocation call, List<@Nullable Object> answers) {
        List<Map<?, ?>> all = new ArrayList<>();
        for (Object answer : answers) {
            if (answer instanceof Map<?, ?> one) {
                all.add(one);
            } else if (answer instanceof List<?> several) {
                several.forEach(each -> all.add((Map<?, ?>) each));
            }
        }
        return call.json() ? Json.write(all) : ComponentViews.table(all, call.screen());
    }
}
