package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:list}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=list", Command.OWN_STREAMS})
public final class ListCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ListCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:list",
                                "[ID|GLOB...] [--all] [--type TYPE] [--json]",
                                """
                        Lists the workers that live, and says how many are not as their configurations have them by an operator's word.
                        Of those that are named by globs too; one whose id is named is listed as it is, a group with its instances.
                          --all        the inactive and the ended ones too
                          --type TYPE  only those of this type""")
                        .flags("--all")
                        .wordsFrom(0)
                        .takes(Operand.KNOWN)
                        .options("--type")
                        .value("--type", Operand.TYPE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        boolean all = call.arguments().has("--all");
        String type = call.arguments().value("--type");
        List<String> words = call.arguments().allWords();
        Set<String> named = named(node(call), words);
        List<WorkerInfo> known = node(call).listWorkers(Scope.ALL).stream()
                .filter(worker -> type == null || worker.type().equals(type))
                .filter(worker -> words.isEmpty() || isOneOf(words, worker))
                .toList();
        List<WorkerInfo> listed = known.stream()
                .filter(worker -> all
                        || worker.status().isLive()
                        || named.contains(worker.id().value())
                        || worker.group() != null && named.contains(worker.group()))
                .toList();
        String said = WorkerViews.operatorWords(known);
        return call.result(new Listing<>(
                listed,
                (workers, screen) -> WorkerViews.workers(workers, screen) + (said.isEmpty() ? "" : "\n" + said)));
    }

    /** The words that are ids. */
    private static Set<String> named(NodeController node, List<String> words) {
        Set<String> named = new HashSet<>();
        for (String word : words) {
            if (!LogsOfSeveral.isGlob(word)) {
                named.add(node.getWorker(new WorkerId(word), Detail.PLAIN).id().value());
            }
        }
        return named;
    }

    private static boolean isOneOf(List<String> words, WorkerInfo worker) {
        return words.stream()
                .map(LogsOfSeveral::glob)
                .anyMatch(pattern -> pattern.matcher(worker.id().value()).matches()
                        || worker.group() != null
                                && pattern.matcher(worker.group()).matches());
    }
}
