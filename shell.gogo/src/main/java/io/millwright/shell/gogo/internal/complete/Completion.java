package io.millwright.shell.gogo.internal.complete;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Completes command lines for the shells around us, from the commands' own usages: a function of the words before the cursor's
 * (the command is the first) and as much of the cursor's word as is typed. Each answer is the whole word, a description, and
 * {@code whole} if the word ends there. Of JDK types, so that no shell needs our packages. Asks for a command when it is
 * completed and not before. Thread-safe.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {BiFunction.class, Completion.class},
        property = "millwright.completion:Boolean=true")
public class Completion implements BiFunction<List<String>, String, List<List<String>>> {
    private final BundleContext context;
    private final NodeAccess node;
    private final Map<String, ServiceReference<Function>> commands = new ConcurrentHashMap<>();

    /**
     * Called by Declarative Services.
     *
     * @param context gets the commands
     * @param node where the controller is found
     */
    @Activate
    public Completion(BundleContext context, @Reference NodeAccess node) {
        this.context = context;
        this.node = node;
    }

    /** Called by Declarative Services. */
    @Reference(
            service = Function.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(millwright.streams=session)")
    void addCommand(ServiceReference<Function> command) {
        commands.put(name(command), command);
    }

    /** Called by Declarative Services. */
    void removeCommand(ServiceReference<Function> command) {
        commands.remove(name(command), command);
    }

    private static String name(ServiceReference<Function> command) {
        return command.getProperty(Command.SCOPE) + ":" + command.getProperty("osgi.command.function");
    }

    @Override
    public List<List<String>> apply(List<String> before, String word) {
        return complete(before, word).stream()
                .map(one -> List.of(one.value(), one.description(), one.isWhole() ? "whole" : "part"))
                .toList();
    }

    /**
     * What the word at the cursor may become.
     *
     * @param before the words before it, the command first; if there are none, the command is completed
     * @param word as much of it as is typed
     * @return those that begin like it
     */
    public List<Suggestion> complete(List<String> before, String word) {
        if (before.isEmpty()) {
            return commands.keySet().stream()
                    .filter(name -> name.startsWith(word))
                    .sorted()
                    .map(name -> Suggestion.whole(name, ""))
                    .toList();
        }
        NodeController controller = node.find();
        Usage usage = usage(before.get(0));
        if (controller == null || usage == null) {
            return List.of();
        }
        try {
            return new Suggestions(controller, node::sessions).find(usage, before.subList(1, before.size()), word);
        } catch (NodeException | IllegalStateException goingAway) {
            return List.of();
        }
    }

    /**
     * How a command is called.
     *
     * @param name {@code scope:command}
     * @return its usage, {@code null} if there is no such command
     */
    public @Nullable Usage usage(String name) {
        ServiceReference<Function> reference = commands.get(name);
        if (reference == null) {
            return null;
        }
        Function found = context.getService(reference);
        try {
            return found instanceof Command command ? command.usage() : null;
        } finally {
            context.ungetService(reference);
        }
    }
}
