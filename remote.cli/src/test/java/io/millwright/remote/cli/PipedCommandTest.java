package io.millwright.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PipedCommandTest {
    private final List<String> told = new ArrayList<>();
    private final CompletableFuture<CommandExit> ended = new CompletableFuture<>();
    private Runnable meanwhile = () -> {};
    private final PipedCommand command = new PipedCommand(this::start);

    private final CommandListener listener = new CommandListener() {
        @Override
        public void onBegin(RunningCommand begun) {
            told.add("begin");
        }

        @Override
        public void onOutput(LogEntry.Stream stream, byte[] data) {}
    };

    private PipedCommand.Begun start(byte[] input) {
        // No lock is held: another thread is not kept by it.
        assertThat(Thread.holdsLock(command)).isFalse();
        told.add("start " + new String(input, StandardCharsets.UTF_8));
        meanwhile.run();
        return new PipedCommand.Begun() {
            @Override
            public CompletableFuture<CommandExit> exit() {
                return ended;
            }

            @Override
            public void cancel() {
                told.add("cancel");
            }
        };
    }

    private CompletableFuture<CommandExit> begin(CompletableFuture<?> worker) {
        return command.begin(worker, listener).toCompletableFuture();
    }

    private static CompletableFuture<?> fault(ErrorCode code) {
        // A stage behind one that failed, as of a call whose answer is read.
        return CompletableFuture.failedFuture(new NodeException(code, "no")).thenApply(answer -> answer);
    }

    @Test
    void itBeginsWithAllItsInput() {
        CompletableFuture<CommandExit> exit = begin(CompletableFuture.completedFuture(true));
        command.write("one ".getBytes(StandardCharsets.UTF_8));
        command.write("two".getBytes(StandardCharsets.UTF_8));
        command.closeInput();
        command.closeInput();
        assertThat(told).containsExactly("begin", "start one two");
        assertThat(command.write(new byte[1]).toCompletableFuture()).isCompletedExceptionally();
        CommandExit how = CommandExit.of(new WorkerId("w"), 0, null, null, Duration.ZERO);
        ended.complete(how);
        assertThat(exit).isCompletedWithValue(how);
    }

    @Test
    void aWorkerThatDoesNotExistIsNoticedBeforeTheInput() {
        CompletableFuture<CommandExit> exit = begin(fault(ErrorCode.NO_SUCH_WORKER));
        assertThatThrownBy(exit::join).hasCauseInstanceOf(NodeException.class);
        command.closeInput();
        assertThat(told).isEmpty();
    }

    /** Its role may run commands and not ask. */
    @Test
    void aCallerThatMayNotAskGoesOn() {
        begin(fault(ErrorCode.NOT_AUTHORIZED));
        assertThat(told).containsExactly("begin");
    }

    @Test
    void cancelledBeforeTheEndOfItsInputItNeverBegins() {
        CompletableFuture<CommandExit> exit = begin(CompletableFuture.completedFuture(true));
        command.cancel();
        assertThatThrownBy(exit::get).isInstanceOf(CancellationException.class);
        command.closeInput();
        assertThat(told).containsExactly("begin");
    }

    @Test
    void cancelledWhileItBeginsItIsEnded() {
        begin(CompletableFuture.completedFuture(true));
        meanwhile = command::cancel;
        command.closeInput();
        command.cancel();
        assertThat(told).containsExactly("begin", "start ", "cancel", "cancel");
    }
}
