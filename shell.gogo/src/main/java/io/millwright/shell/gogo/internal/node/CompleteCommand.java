package io.millwright.shell.gogo.internal.node;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Completion;
import io.millwright.shell.gogo.internal.complete.Suggestion;
import io.millwright.shell.gogo.internal.text.Listing;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:complete}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=complete", Command.OWN_STREAMS})
public final class CompleteCommand extends Command {
    private final Completion completion;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     * @param completion completes
     */
    @Activate
    public CompleteCommand(@Reference NodeAccess node, @Reference Completion completion) {
        super(
                Usage.of(
                        "node:complete",
                        "-- [COMMAND [WORD...]] WORD",
                        """
                        Says what the last word may become, one a line; for the completion of shells.
                        A '=' or '.' at its end: the word goes on."""),
                node);
        this.completion = completion;
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        List<String> words = call.arguments().allWords();
        int last = words.size() - 1;
        List<Suggestion> found = last < 0
                ? completion.complete(List.of(), "")
                : completion.complete(words.subList(0, last), words.get(last));
        return call.json()
                ? call.result(
                        new Listing<>(found.stream().map(Suggestion::value).toList(), (all, screen) -> ""))
                : found.isEmpty() ? null : found.stream().map(Suggestion::value).collect(Collectors.joining("\n"));
    }
}
