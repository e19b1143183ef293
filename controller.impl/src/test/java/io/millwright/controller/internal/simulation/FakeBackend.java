package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.options.CommandOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.worker.ExecCommands;
import io.millwright.options.JsonSyntax;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A process layer that is told what to do: refuses, exits before the spawn returns, drains late, does not die, leaves a child. */
final class FakeBackend implements ProcessBackend {
    private static final Pattern STATUS = Pattern.compile("exec 9>>'([^']+)'");

    private final Choices choices;
    private final Consumer<Runnable> happenings;
    private final Consumer<FakeProcess> born;
    private final Consumer<String> broken;
    private final List<FakeSocket> sockets = new ArrayList<>();
    final List<FakeProcess> processes = new ArrayList<>();
    /** No process does anything of its own any more, and each dies when it is told to. */
    boolean quiet;

    FakeBackend(Choices choices, Consumer<Runnable> happenings, Consumer<FakeProcess> born, Consumer<String> broken) {
        this.broken = broken;
        this.choices = choices;
        this.happenings = happenings;
        this.born = born;
    }

    boolean mischief(int oneIn) {
        return !quiet && choices.oneIn(oneIn);
    }

    @Override
    public String description() {
        return "simulated";
    }

    @Override
    public WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException {
        if (mischief(12)) {
            if (processes.size() % 3 == 0) {
                throw new NoClassDefFoundError("no process can be made");
            }
            throw new IOException("no process can be made");
        }
        stepIsDone(launch);
        sockets.forEach(socket -> socket.takenBy(launch));
        FakeProcess process = new FakeProcess(launch, 1000 + processes.size(), listener);
        processes.add(process);
        born.accept(process);
        if (mischief(10)) {
            process.exit(new ProcessExit(choices.below(3), null));
        } else if (process.isCommand() && !mischief(6)) {
            happenings.accept(process::commandEnds);
        }
        return process;
    }

    /** The script before a program says at once that it got there. */
    private static void stepIsDone(Launch launch) throws IOException {
        List<String> command = launch.plan().command();
        Matcher status = STATUS.matcher(command.size() > 2 ? command.get(2) : "");
        if (status.find()) {
            Files.writeString(Path.of(status.group(1)), "ok");
        }
    }

    @Override
    public @Nullable String cannotListen() {
        return null;
    }

    @Override
    public HeldSocket listen(SocketAddress address, int backlog, int mode) throws IOException {
        if (mischief(6)) {
            throw new IOException("no socket can be made");
        }
        if (sockets.stream().anyMatch(open -> open.address.equals(address))) {
            broken.accept(address + " is bound twice");
        }
        FakeSocket socket = new FakeSocket(address);
        sockets.add(socket);
        return socket;
    }

    /** Somebody connects to a socket that listens. */
    void someConnection() {
        if (!sockets.isEmpty()) {
            choices.of(sockets).connect();
        }
    }

    /** Whether a socket is open whose address ends so. */
    boolean listens(String ending) {
        return sockets.stream().anyMatch(socket -> socket.address.toString().endsWith(ending));
    }

    /** Whether a connection waits in a socket whose address ends so. */
    boolean waits(String ending) {
        return sockets.stream()
                .anyMatch(socket ->
                        socket.isConnected && socket.address.toString().endsWith(ending));
    }

    /** A socket that takes connections until a process has it. */
    private final class FakeSocket implements HeldSocket {
        private final SocketAddress address;
        private boolean isConnected;
        private @Nullable Runnable watch;

        FakeSocket(SocketAddress address) {
            this.address = address;
        }

        void connect() {
            isConnected = true;
            look();
        }

        private void look() {
            if (isConnected && watch != null) {
                Runnable then = watch;
                watch = null;
                happenings.accept(then);
            }
        }

        void takenBy(Launch launch) {
            if (launch.sockets().contains(this)) {
                isConnected = false;
            }
        }

        @Override
        public void onConnection(Runnable then) {
            isOpen("watched");
            watch = then;
            look();
        }

        @Override
        public boolean hasConnection() {
            return isConnected;
        }

        @Override
        public void makeBlocking() {
            isOpen("made blocking");
        }

        @Override
        public void adjust(int backlog, int mode) {
            isOpen("adjusted");
        }

        private void isOpen(String what) {
            if (!sockets.contains(this)) {
                broken.accept(address + " is " + what + " and closed");
            }
        }

        @Override
        public void ignore() {
            watch = null;
        }

        @Override
        public void close() {
            if (!sockets.remove(this)) {
                broken.accept(address + " is closed twice");
            }
        }
    }

    /** What kind of command is run, empty for the worker's own program. */
    private static String command(Launch launch) {
        String option = launch.plan().commandOption();
        return option.startsWith("exec.") || option.startsWith("stop.") || option.equals(ExecCommands.NAME)
                ? option
                : "";
    }

    @Override
    public void close() {}

    List<FakeProcess> alive(WorkerId id) {
        return processes.stream()
                .filter(process -> process.id.equals(id) && process.isAlive() && !process.isCommand())
                .toList();
    }

    /** The commands of a worker that run and belong to a run of it. */
    List<FakeProcess> commands(WorkerId id) {
        return processes.stream()
                .filter(process -> process.id.equals(id) && process.isAlive() && process.isCommand())
                .filter(process -> !process.command.equals(CommandOptions.FAILED) && !process.isCallers())
                .toList();
    }

    /** The processes of callers' commands that run. */
    List<FakeProcess> callers() {
        return processes.stream()
                .filter(process -> process.isAlive() && process.isCallers())
                .toList();
    }

    /** The commands that run after workers have failed. */
    List<FakeProcess> afterFailures() {
        return processes.stream()
                .filter(process -> process.isAlive() && process.command.equals(CommandOptions.FAILED))
                .toList();
    }

    /** A process of its own mind ends, or its child does. */
    void someExit() {
        List<FakeProcess> alive =
                processes.stream().filter(FakeProcess::isAlive).toList();
        if (!alive.isEmpty()) {
            FakeProcess process = choices.of(alive);
            if (process.main) {
                process.exit(
                        choices.oneIn(3) ? new ProcessExit(null, "SEGV") : new ProcessExit(choices.below(3), null));
            } else {
                process.childEnds();
            }
        }
    }

    final class FakeProcess implements WorkerProcess {
        final WorkerId id;
        private final long pid;
        private final ProcessListener listener;
        private final CompletableFuture<Void> groupGone = new CompletableFuture<>();
        final String command;
        final String lastWord;
        /** It has ended with 0. */
        boolean isGood;
        /** It did not die when it was told to. */
        boolean hasResisted;

        private final @Nullable Enclosure enclosure;
        boolean main = true;
        private boolean child;
        /** The birth line of a native worker. */
        @Nullable
        Map<?, ?> birth;
        /** What lets it in again, once it has joined. */
        @Nullable
        String rejoin;
        /** It has said that it is ready. */
        boolean isReady;

        FakeProcess(Launch launch, long pid, ProcessListener listener) {
            this.id = launch.id();
            this.command = FakeBackend.command(launch);
            List<String> words = launch.plan().command();
            this.lastWord = words.get(words.size() - 1);
            this.pid = pid;
            this.listener = listener;
            this.child = mischief(4);
            this.enclosure = launch.enclosure();
        }

        boolean isAlive() {
            return main || child;
        }

        boolean isCommand() {
            return !command.isEmpty();
        }

        boolean isCallers() {
            return command.equals(ExecCommands.NAME);
        }

        /** A command has done its work, or not; one that stops the worker mostly does. */
        private void commandEnds() {
            exit(new ProcessExit(mischief(4) ? 1 : 0, null));
            if (isGood && command.equals("stop.command")) {
                alive(id).forEach(process -> process.signalGroup(Signal.TERM));
            }
        }

        void exit(ProcessExit exit) {
            if (!main) {
                return;
            }
            main = false;
            isGood = Integer.valueOf(0).equals(exit.code());
            listener.exited(exit);
            happenings.accept(listener::drained);
            if (!child) {
                groupGone.complete(null);
            }
        }

        void childEnds() {
            child = false;
            if (!main) {
                groupGone.complete(null);
            }
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public CompletionStage<Boolean> signalGroup(Signal signal) {
            if (!isAlive()) {
                return CompletableFuture.completedFuture(false);
            }
            if (signal == Signal.TERM && !mischief(5)) {
                happenings.accept(() -> {
                    childEnds();
                    exit(new ProcessExit(null, "TERM"));
                });
            }
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Boolean> signalMain(Signal signal) {
            return CompletableFuture.completedFuture(main);
        }

        @Override
        public @Nullable Enclosure enclosure() {
            return enclosure;
        }

        private void leaveGroup() {
            if (enclosure != null) {
                enclosure.discard();
            }
        }

        @Override
        public CompletionStage<Void> groupGone() {
            return groupGone;
        }

        @Override
        public CompletionStage<Integer> endTree() {
            if (!isAlive()) {
                leaveGroup();
                return CompletableFuture.completedFuture(0);
            }
            CompletableFuture<Integer> ended = new CompletableFuture<>();
            happenings.accept(() -> {
                if (mischief(8)) {
                    hasResisted = true;
                    ended.completeExceptionally(new IllegalStateException("process " + pid + " does not die"));
                    return;
                }
                int killed = child ? 1 : 0;
                childEnds();
                exit(new ProcessExit(null, "KILL"));
                leaveGroup();
                ended.complete(killed);
            });
            return ended;
        }

        @Override
        public CompletionStage<Void> write(byte[] data) {
            birth = (Map<?, ?>) JsonSyntax.structure(new String(data, StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(null);
        }

        /** The number of its run. */
        long run() {
            return (Long) ((Map<?, ?>) Objects.requireNonNull(birth).get("worker")).get("run");
        }

        String token() {
            return (String) Objects.requireNonNull(birth).get("token");
        }

        @Override
        public void closeInput() {}

        @Override
        public void abandonOutput() {
            happenings.accept(listener::drained);
        }

        @Override
        public String toString() {
            return "process " + pid + " of " + id;
        }
    }

    /** The process of a pid. */
    @Nullable
    FakeProcess find(long pid) {
        return processes.stream()
                .filter(process -> process.pid == pid)
                .findFirst()
                .orElse(null);
    }
}
