package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import java.util.ArrayList;
import java.util.List;

/** Does one thing to each worker that is named, one after the other. */
final class Each {
    private Each() {}

    /** What is done to one. */
    interface Operation {
        void on(WorkerId id) throws InterruptedException;
    }

    /** Does it to all; one that fails hinders none of the others. */
    static void id(Invocation call, Operation operation) throws CommandFailed, InterruptedException {
        List<WorkerId> ids =
                call.arguments().allWords().stream().map(WorkerId::new).toList();
        List<String> failures = new ArrayList<>();
        NodeException last = null;
        for (WorkerId id : ids) {
            try {
                operation.on(id);
            } catch (NodeException e) {
                last = e;
                failures.add(CommandFailed.describe(e));
            }
        }
        if (last != null && ids.size() == 1) {
            throw last;
        }
        if (last != null) {
            call.exitCode(1);
            throw CommandFailed.of(
                    failures.size() + " of " + ids.size() + " failed",
                    failures.stream().map(failure -> "  " + failure).toList());
        }
    }
}
