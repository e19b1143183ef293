package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:list}. Thread-safe. */
@Component(
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
                                "[--all] [--type TYPE] [--json]",
                                """
                        Lists the workers that live, and says how many are not as their configurations have them by an operator's word.
                          --all        the inactive and the ended ones too
                          --type TYPE  only those of this type""")
                        .flags("--all")
                        .options("--type")
                        .value("--type", Operand.TYPE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        boolean all = call.arguments().has("--all");
        String type = call.arguments().value("--type");
        List<WorkerInfo> known = node(call).listWorkers(Scope.ALL).stream()
                .filter(worker -> type == null || worker.type().equals(type))
                .toList();
        List<WorkerInfo> listed = all
                ? known
                : known.stream().filter(worker -> worker.status().isLive()).toList();
        String words = WorkerViews.operatorWords(known);
        return call.result(new Listing<>(
                listed,
                (workers, screen) -> WorkerViews.workers(workers, screen) + (words.isEmpty() ? "" : "\n" + words)));
    }
}
