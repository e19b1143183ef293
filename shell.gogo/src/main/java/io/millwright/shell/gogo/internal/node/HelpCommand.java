package io.millwright.shell.gogo.internal.node;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Completion;
import io.millwright.shell.gogo.internal.complete.Suggestion;
import io.millwright.shell.gogo.internal.text.Listing;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:help}: Gogo's own knows of a command only what Java's reflection says. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=help", Command.OWN_STREAMS})
public final class HelpCommand extends Command {
    private static final String OTHERS =
            "\n\n'node:help COMMAND' tells what one does; 'felix:help' lists those of the framework";

    private final Completion completion;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     * @param completion knows the commands
     */
    @Activate
    public HelpCommand(@Reference NodeAccess node, @Reference Completion completion) {
        super(
                Usage.of(
                                "node:help",
                                "[COMMAND] [--json]",
                                "Lists the commands of the node and its workers, or tells how one is called and what it does.")
                        .words(0, 1),
                node);
        this.completion = completion;
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        List<String> names = completion.complete(List.of(), "").stream()
                .map(Suggestion::value)
                .toList();
        if (call.arguments().words().isEmpty()) {
            return call.result(new Listing<>(names, (all, screen) -> list(all)));
        }
        String word = call.word(0);
        return names.stream()
                .filter(name -> name.equals(word) || name.endsWith(":" + word))
                .map(completion::usage)
                .filter(Objects::nonNull)
                .map(Usage::help)
                .findFirst()
                .orElseThrow(() -> new UsageError("no command of the node or its workers is called '" + word
                        + "'; 'node:help' lists them, 'felix:help " + word + "' asks the framework"));
    }

    private String list(List<String> names) {
        return names.stream()
                .map(completion::usage)
                .filter(Objects::nonNull)
                .map(usage -> usage.line().replaceFirst("^usage: ", ""))
                .collect(Collectors.joining("\n", "", OTHERS));
    }
}
