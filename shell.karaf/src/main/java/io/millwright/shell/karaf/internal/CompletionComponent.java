package io.millwright.shell.karaf.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Gives Millwright's Gogo commands completion in Karaf's shell, as they come and go. Thread-safe. */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE, immediate = true)
public final class CompletionComponent {
    private final CommandRegistrar registrar;
    private final Map<ServiceReference<Function>, List<CompletedCommand>> commands = new ConcurrentHashMap<>();

    /** What the commands' own bundle completes with. */
    @Reference(
            target = "(millwright.completion=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable BiFunction<List<String>, String, List<List<String>>> completion;

    /**
     * Called by Declarative Services.
     *
     * @param sessions Karaf's shell
     */
    @Activate
    public CompletionComponent(@Reference SessionFactory sessions) {
        registrar = new CommandRegistrar(sessions.getRegistry());
    }

    @Reference(
            service = Function.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(&(osgi.command.function=*)(|(osgi.command.scope=worker)(osgi.command.scope=node)))")
    void bindCommand(ServiceReference<Function> reference) {
        String scope = String.valueOf(reference.getProperty("osgi.command.scope"));
        List<CompletedCommand> all = new ArrayList<>();
        for (String name : names(reference.getProperty("osgi.command.function"))) {
            CompletedCommand command = new CompletedCommand(scope, name, this::complete);
            all.add(command);
            registrar.add(command);
        }
        commands.put(reference, all);
    }

    private List<List<String>> complete(List<String> before, String word) {
        BiFunction<List<String>, String, List<List<String>>> present = completion;
        return present == null ? List.of() : present.apply(before, word);
    }

    void unbindCommand(ServiceReference<Function> reference) {
        List<CompletedCommand> all = commands.remove(reference);
        if (all != null) {
            all.forEach(registrar::remove);
        }
    }

    private static List<String> names(@Nullable Object property) {
        return property instanceof String[] several ? List.of(several) : List.of(String.valueOf(property));
    }

    @Deactivate
    void end() {
        registrar.close();
    }
}
