package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.CallersInTurn;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.SessionInfo;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Each operation of the node as a procedure {@code PREFIX.<name>}, done by a view of the node in the caller's name and role. Handlers run in
 * the session's own order; those that block, in a pool. Thread-safe.
 */
final class Procedures {
    /**
     * What is done for an operation.
     *
     * @param blocks whether it may block
     * @param answer the answer
     */
    record Handler(boolean blocks, Function<Request, CompletionStage<?>> answer) {}

    /** How many calls that may block a session can have waiting. */
    private static final int WAITING = 200;

    private final String prefix;
    private final NodeController node;
    private final CallersInTurn blocking;
    private final Answered answered;
    private final Function<String, Role> roles;
    private final Map<Operation, Handler> table = new EnumMap<>(Operation.class);

    /**
     * Knows all operations.
     *
     * @param prefix what URIs begin with
     * @param node the node
     * @param pool does what blocks, sessions in turn
     * @param answered is told which session waits for which events
     * @param roles the role of operations that a role of sessions has
     */
    Procedures(
            String prefix,
            NodeController node,
            Executor pool,
            Answered answered,
            Samplers samplers,
            Function<String, Role> roles) {
        this.prefix = prefix;
        this.node = node;
        this.blocking = new CallersInTurn(pool);
        this.answered = answered;
        this.roles = roles;
        new Reads(prefix, samplers).addTo(table);
        Changes.addTo(table);
        Commands.addTo(table);
        new Followings().addTo(table);
    }

    /** The operations that can be called. */
    Map<Operation, Handler> table() {
        return table;
    }

    /** Registers them all; complete when each can be called. */
    CompletionStage<Void> register(LocalSession session) {
        return CompletableFuture.allOf(table.keySet().stream()
                .map(operation -> session.register(
                                prefix + "." + operation.text(), MatchPolicy.EXACT, call -> answer(operation, call))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Payload> answer(Operation operation, ProcedureCall call) {
        Handler handler = table.get(operation);
        if (handler == null || !handler.blocks()) {
            return answerNow(operation, handler, call);
        }
        CompletableFuture<CompletionStage<Payload>> begun = new CompletableFuture<>();
        SessionInfo session = call.caller();
        try {
            Runnable begin = () -> begun.completeAsync(() -> answerNow(operation, handler, call), Runnable::run);
            if (!blocking.add(session == null ? 0 : session.id(), WAITING, begin)) {
                throw refusal("this session has " + WAITING
                        + " calls that wait for what takes its time, and may have no more; call again later");
            }
        } catch (RejectedExecutionException closed) {
            throw refusal("the node's remote management ends");
        }
        return begun.thenCompose(Function.identity());
    }

    private ProcedureException refusal(String sentence) {
        return Answers.error(prefix, new NodeException(ErrorCode.INTERNAL, sentence), Map.of());
    }

    private CompletionStage<Payload> answerNow(Operation operation, @Nullable Handler handler, ProcedureCall call) {
        SessionInfo session = call.caller();
        if (handler == null || session == null) {
            // Nobody is there who could be answered.
            return CompletableFuture.completedFuture(Payload.EMPTY);
        }
        @Nullable Arguments arguments = null;
        Runnable over = () -> {};
        try {
            arguments = Arguments.of(operation, call.payload());
            Caller caller = caller(session);
            Request request =
                    new Request(node.as(caller, roles.apply(session.role())), caller, session, arguments, call);
            over = answered.waits(session.id(), operation, arguments, caller.who());
            Runnable finished = over;
            Arguments given = arguments;
            return handler.answer().apply(request).handle((result, fault) -> {
                if (fault != null) {
                    finished.run();
                    throw error(operation, given, fault);
                }
                return Answers.of(result);
            });
        } catch (RuntimeException fault) {
            over.run();
            throw error(operation, arguments, fault);
        }
    }

    /** The caller as the audit log and events name it. */
    static Caller caller(SessionInfo session) {
        Caller caller = session.role().startsWith(WorkerChannel.ROLE)
                ? Caller.worker(new WorkerId(session.authid()))
                : Caller.remote(session.authid(), Long.toString(session.id()));
        return caller.withSession(Long.toString(session.id()))
                .withRole(session.role())
                .withListener(session.peer().listener())
                .withAddress(session.peer().address());
    }

    private ProcedureException error(Operation operation, @Nullable Arguments arguments, Throwable fault) {
        NodeException error = Answers.node(fault);
        Map<String, @Nullable Object> more = new HashMap<>();
        if (error.code() == ErrorCode.WORKER_ALREADY_RUNNING
                && arguments != null
                && operation == Operation.START_WORKER) {
            try {
                WorkerInfo running = node.getWorker(arguments.id(), Detail.PLAIN);
                more.put("who", running.who() == null ? null : running.who().who());
                more.put("started", running.started());
                more.put("run", running.run());
            } catch (NodeException gone) {
                // It has ended meanwhile; the error says what was true.
                return Answers.error(prefix, error, Map.of());
            }
        }
        return Answers.error(prefix, error, more);
    }
}
