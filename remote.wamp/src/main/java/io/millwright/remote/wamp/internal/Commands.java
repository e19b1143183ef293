package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.RunningCommand;
import io.millwright.wamp.message.Payload;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Commands beside workers, whose output comes in parts and which end with the call. Stateless. */
final class Commands {
    private Commands() {}

    static void addTo(Map<Operation, Procedures.Handler> table) {
        table.put(Operation.EXEC_WORKER, new Procedures.Handler(false, Commands::exec));
    }

    private static CompletionStage<?> exec(Request request) {
        Arguments arguments = request.arguments();
        if (!request.call().wantsProgress()) {
            throw Arguments.wrong("its answer comes in parts; call it with receive_progress");
        }
        byte @Nullable [] input = arguments.has("input") ? arguments.bytes("input") : null;
        CommandSpec command = CommandSpec.of(arguments.texts("command"))
                .withTimeout(arguments.duration("timeout"))
                .withOpenInput(input != null);
        return request.node().execWorker(arguments.id(), command, new Parts(request, input), request.caller());
    }

    /** Sends what a command writes as fast as the caller takes it. */
    private static final class Parts implements CommandListener {
        private final Request request;
        private final byte @Nullable [] input;
        private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
        private volatile @Nullable RunningCommand command;

        Parts(Request request, byte @Nullable [] input) {
            this.request = request;
            this.input = input;
        }

        @Override
        public void onBegin(RunningCommand begun) {
            command = begun;
            if (input != null) {
                begun.write(input).whenComplete((written, fault) -> begun.closeInput());
            }
            request.call().onCancel(() -> {
                gone.complete(false);
                begun.cancel();
            });
        }

        @Override
        public void onOutput(LogEntry.Stream stream, byte[] data) {
            Map<String, Object> part = Map.of("stream", stream.name().toLowerCase(Locale.ROOT), "data", data);
            // A session that has left says nothing of room any more.
            boolean more = request.call()
                    .progress(Payload.of(List.of(part), Map.of()))
                    .toCompletableFuture()
                    .applyToEither(gone, Function.identity())
                    .join();
            RunningCommand begun = command;
            if (!more && begun != null) {
                begun.cancel();
            }
        }
    }
}
