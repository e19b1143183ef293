package io.millwright.controller.internal.watch;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.watch.WatchSpec;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.WatchOptions;
import io.millwright.controller.internal.process.SystemPath;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches files for workers that ask for it, with whatever file watcher is there, and does what their options say when some
 * change. Its state belongs to the controller loop; watches are opened and closed by a thread of their own, {@code millwright-watch}.
 */
public final class Watching {
    private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
    /** What the reason of a worker begins with that a change has restarted. */
    public static final String RESTARTED = "restarted because files changed: ";

    private static final String RESTART = "restart";
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** More restarts than these, each so soon after the one before, are no person's. */
    private static final int IN_A_ROW = 3;

    private static final Duration SOON = Duration.ofSeconds(10);

    /** What is done when files of a worker changed; called in the controller loop. */
    public interface Reaction {
        /**
         * Restarts the worker, after a pause between the old process and the new one; an instance of a group when its turn comes.
         */
        void restart(Worker worker, Duration pause, Caller caller);

        /** Whether a restart for changed files is still to come, because other instances of its group are restarted first. */
        boolean awaitsTurn(Worker worker);

        /** Sends a signal to its main process. */
        void signal(Worker worker, Signal signal, Caller caller);
    }

    /** Opens and closes watches, in a thread that may wait. */
    public interface Opener {
        /**
         * Runs a task.
         *
         * @param onFault told, by any thread, if it cannot be run, or is not over in time
         */
        void run(Runnable task, Consumer<Throwable> onFault);
    }

    /** A watch that is open or being opened. */
    private static final class Watch {
        final Worker worker;
        final WatchSpec spec;
        final FileWatcher watcher;

        @Nullable
        Subscription subscription;

        boolean closed;
        /** The files of the last restarts in a row that came soon one after the other, and how many those are. */
        final Set<String> again = new HashSet<>();

        int inARow;
        long lastRestart;

        Watch(Worker worker, WatchSpec spec, FileWatcher watcher) {
            this.worker = worker;
            this.spec = spec;
            this.watcher = watcher;
        }

        /** Whether it is the same files that cause one restart after the other: then the worker writes them itself. */
        boolean isItself(List<String> files) {
            long now = System.nanoTime();
            boolean soon = inARow > 0 && now - lastRestart < SOON.toNanos();
            lastRestart = now;
            if (soon && files.stream().anyMatch(again::contains)) {
                again.retainAll(files);
                inARow++;
            } else {
                again.clear();
                again.addAll(files);
                inARow = 1;
            }
            return inARow > IN_A_ROW;
        }
    }

    private final ControllerLoop loop;
    private final Opener opener;
    private final WorkerEvents events;
    private final Reaction reaction;
    private final Path nodeDirectory;
    private final Set<Path> ignored;
    private final Predicate<Worker> isStarting;
    private final BooleanSupplier isOver;
    private final Map<Worker, Watch> watches = new HashMap<>();
    private @Nullable FileWatcher watcher;
    private boolean missingSaid;

    public Watching(
            ControllerLoop loop,
            Opener opener,
            WorkerEvents events,
            Reaction reaction,
            Path nodeDirectory,
            Set<Path> ignored,
            Predicate<Worker> isStarting,
            BooleanSupplier isOver) {
        this.loop = loop;
        this.opener = opener;
        this.events = events;
        this.reaction = reaction;
        this.nodeDirectory = nodeDirectory;
        this.ignored = ignored;
        this.isStarting = isStarting;
        this.isOver = isOver;
    }

    /** The file watcher came, went, or was replaced. */
    public void setWatcher(@Nullable FileWatcher next, Iterable<Worker> workers) {
        if (watcher == next) {
            return;
        }
        watcher = next;
        missingSaid = false;
        List.copyOf(watches.keySet()).forEach(this::close);
        for (Worker worker : workers) {
            update(worker);
        }
    }

    /** Brings the watch of a worker in line with its options and state. */
    public void update(Worker worker) {
        OptionValues options = worker.options;
        List<String> directories = options == null ? List.of() : options.strings(WatchOptions.DIRECTORIES);
        if (options == null
                || directories.isEmpty()
                || !worker.isLive() && !isStarting.test(worker) && !rests(worker, options)
                || worker.state == WorkerState.STOPPING && worker.follow == null) {
            close(worker);
            note(worker, null, false);
            return;
        }
        FileWatcher present = watcher;
        if (present == null) {
            if (!missingSaid) {
                missingSaid = true;
                LOG.warn(
                        "worker {}: its files are not watched, because no file watcher is installed; watching begins when"
                                + " one comes (bundle io.millwright.watcher.fs)",
                        worker.id);
            }
            note(worker, "its files are not watched: no file watcher is installed", false);
            return;
        }
        note(worker, worker.watchTrouble, rests(worker, options));
        WatchSpec spec = spec(directories, options);
        Watch open = watches.get(worker);
        if (open != null && open.spec.equals(spec) && open.watcher == present) {
            return;
        }
        close(worker);
        Watch watch = new Watch(worker, spec, present);
        watches.put(worker, watch);
        opener.run(() -> open(watch), fault -> loop.execute(() -> failed(watch, fault)));
    }

    /**
     * Whether a change of its files starts a worker that has ended: nobody has stopped it, and it is somebody's still. A program
     * that has crashed is often mended in its files.
     */
    private boolean rests(Worker worker, OptionValues options) {
        boolean ended = worker.state == WorkerState.EXITED || worker.state == WorkerState.FAILED;
        boolean wanted = worker.isConfigured() || worker.definition.isOfCall();
        return ended
                && wanted
                && !isOver.getAsBoolean()
                && worker.exit != null
                && worker.exit.exitClass() != ExitClass.REQUESTED
                && action(options).equals(RESTART);
    }

    private static String action(OptionValues options) {
        return options.string(WatchOptions.ACTION).orElse(RESTART);
    }

    /** A worker is forgotten. */
    public void forget(Worker worker) {
        close(worker);
        // What could not be watched is not tried again.
        worker.watchTrouble = null;
    }

    private WatchSpec spec(List<String> directories, OptionValues options) {
        return WatchSpec.builder(directories.stream()
                        .map(text -> nodeDirectory.resolve(SystemPath.of(text)).normalize())
                        .toList())
                .include(options.strings(WatchOptions.INCLUDE))
                .exclude(options.strings(WatchOptions.EXCLUDE))
                .ignored(ignored)
                .debounce(options.duration(WatchOptions.DEBOUNCE).orElse(Duration.ofMillis(500)))
                .polling(options.duration(WatchOptions.POLLING).orElse(null))
                .build();
    }

    private void open(Watch watch) {
        try {
            Subscription subscription =
                    watch.watcher.watch(watch.spec, change -> loop.execute(() -> changed(watch, change)));
            loop.execute(() -> opened(watch, subscription));
        } catch (IOException | RuntimeException | LinkageError e) {
            loop.execute(() -> failed(watch, e));
        }
    }

    private void failed(Watch watch, Throwable fault) {
        if (watch.closed) {
            LOG.debug("worker {}: its watcher went away before it watched", watch.worker.id, fault);
            return;
        }
        watches.remove(watch.worker, watch);
        // One that hangs may come back with a subscription.
        watch.closed = true;
        String why = "its files are not watched: " + fault.getMessage();
        if (!why.equals(watch.worker.watchTrouble)) {
            LOG.error("worker {}: {}; it is tried again every {} s", watch.worker.id, why, RETRY.toSeconds());
        }
        note(watch.worker, why, watch.worker.watchedAtRest);
        // what hinders it may pass: a limit of the system, a directory that is not there
        loop.schedule(RETRY, () -> {
            if (watch.worker.watchTrouble != null && !watches.containsKey(watch.worker)) {
                update(watch.worker);
            }
        });
    }

    private static void note(Worker worker, @Nullable String trouble, boolean atRest) {
        if (!Objects.equals(worker.watchTrouble, trouble) || worker.watchedAtRest != atRest) {
            worker.watchTrouble = trouble;
            worker.watchedAtRest = atRest;
            worker.publishView();
        }
    }

    private void opened(Watch watch, Subscription subscription) {
        if (watch.closed) {
            close(watch, subscription);
        } else {
            watch.subscription = subscription;
            note(watch.worker, null, watch.worker.watchedAtRest);
        }
    }

    private void close(Worker worker) {
        Watch watch = watches.remove(worker);
        if (watch != null) {
            watch.closed = true;
            Subscription subscription = watch.subscription;
            if (subscription != null) {
                close(watch, subscription);
            }
        }
    }

    private void close(Watch watch, Subscription subscription) {
        opener.run(
                () -> closeQuietly(watch, subscription),
                fault -> LOG.debug("worker {}: its watch does not end", watch.worker.id, fault));
    }

    private static void closeQuietly(Watch watch, Subscription subscription) {
        try {
            subscription.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("worker {}: its watch ended with its watcher", watch.worker.id, e);
        }
    }

    private void changed(Watch watch, FileWatcher.Change change) {
        Worker worker = watch.worker;
        OptionValues options = worker.options;
        if (watch.closed || options == null || !worker.isLive() && !rests(worker, options)) {
            return;
        }
        List<String> files = change.paths().stream().map(SystemPath::text).toList();
        String action = action(options);
        events.changedFiles(worker, files);
        Caller caller = Caller.watch(worker.id);
        String some =
                files.size() <= 5 ? files.toString() : files.subList(0, 5) + " and " + (files.size() - 5) + " more";
        events.say(worker, "changed " + some + (change.overflow() ? " and perhaps more" : "") + "; action: " + action);
        switch (action) {
            case RESTART -> {
                worker.changed = RESTARTED + some;
                if (!reaction.awaitsTurn(worker) && watch.isItself(files)) {
                    worker.changed = "restarted " + watch.inARow + " times in a row because of " + watch.again
                            + ": if it writes there itself, name it in watch.exclude";
                    String why = worker.changed;
                    events.say(Level.WARNING, "worker " + worker.id + ": " + why);
                }
                reaction.restart(worker, options.duration(WatchOptions.TIMEOUT).orElse(Duration.ZERO), caller);
            }
            case "signal" ->
                reaction.signal(
                        worker,
                        Objects.requireNonNull(
                                options.signal(WatchOptions.SIGNAL).orElse(Signal.HUP)),
                        caller);
            default -> LOG.debug("worker {}: told, nothing done", worker.id);
        }
    }
}
