package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.NodeViews;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:sessions}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=sessions", Command.OWN_STREAMS})
public final class SessionsCommand extends Command {
    private static final String FORCE = "--force";

    private final NodeAccess access;

    /**
     * Called by Declarative Services.
     *
     * @param node where the sessions are found
     */
    @Activate
    public SessionsCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "node:sessions",
                                "[close ID... [--force]] [--json]",
                                """
                        Shows the sessions of the remote management: who, from where, since when, how much came and went.
                          close ID...  ends sessions; their clients may come back
                            --force    control channels of workers too; a worker that is not back in time is ended""")
                        .flags(FORCE)
                        .wordsFrom(0)
                        .takes(Operand.SESSIONS),
                node);
        this.access = node;
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        List<String> words = call.arguments().words();
        if (words.isEmpty()) {
            if (call.arguments().has(FORCE)) {
                throw new UsageError("--force is for 'close ID'");
            }
            return call.result(new Listing<>(access.sessions().list(), NodeViews::sessions));
        }
        if (!words.get(0).equals("close") || words.size() == 1) {
            throw new UsageError(
                    words.get(0).equals("close")
                            ? "'close' needs the number of a session; node:sessions shows them"
                            : "'" + words.get(0) + "' is not 'close'");
        }
        List<Long> ids =
                words.subList(1, words.size()).stream().map(SessionsCommand::id).toList();
        return close(call, access.sessions(), ids);
    }

    private static long id(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new UsageError("'" + word + "' is no number of a session; node:sessions shows them");
        }
    }

    private Object close(Invocation call, RemoteSessions sessions, List<Long> ids) throws InterruptedException {
        List<RemoteSession> there = sessions.list();
        List<RemoteSession> found = new ArrayList<>();
        for (long id : ids) {
            RemoteSession session =
                    there.stream().filter(one -> one.id() == id).findFirst().orElseThrow(() -> noSuch(id));
            if (session.isWorker() && !call.arguments().has(FORCE)) {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "session " + id + " is the control channel of worker " + session.principal()
                                + "; --force closes it all the same");
            }
            found.add(session);
        }
        for (RemoteSession session : found) {
            await(node(call).endSession(session.id(), call.arguments().has(FORCE), call.caller()));
        }
        return call.json() ? Json.write(found) : new Listing<>(found, NodeViews::closed);
    }

    private static NodeException noSuch(long id) {
        return new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no session " + id);
    }
}
