package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.PlanViews;
import java.util.List;
import java.util.stream.Stream;

/** What the commands that plan have in common. */
final class Plan {
    private Plan() {}

    /** The plan as it is wanted; the exit code says whether something would be refused. */
    static Object result(Invocation call, List<PlannedChange> changes) {
        if (changes.stream().anyMatch(change -> change.action() == Action.REFUSED)) {
            call.exitCode(1);
        }
        return call.result(new Listing<>(changes, PlanViews::changes));
    }

    /** The plan of an operation on known workers; those that are not known are failures. */
    static Object result(
            Invocation call, NodeController node, Selection selection, List<Outcome<PlannedChange>> outcomes)
            throws CommandFailed {
        List<PlannedChange> changes = outcomes.stream()
                .flatMap(outcome -> Stream.ofNullable(outcome.result()))
                .toList();
        return changes.size() == outcomes.size() && !changes.isEmpty()
                ? result(call, changes)
                : selection.result(call, node, outcomes, (known, screen) -> PlanViews.changes(changes, screen));
    }
}
