package io.millwright.controller.internal.process.orphan;

import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's side of its watchdog: one tiny shell process that signals process groups for a backend and ends them when the
 * node is gone. Which ones it reads then in the journal of launches, so that a launch costs it nothing. If it dies it is
 * started again. Thread-safe; only {@link #awaitUp} and {@link
 * #close} block.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int QUEUE_LIMIT = 100_000;
    private static final long ANSWER_SECONDS = 3;
    private static final long CLOSE_MS = 2000;
    private static final long RETRY_MS = 500;
    private static final String CLOSED = "the process backend is closed";
    private static final Command QUIT = new Command("quit", null);

    private final WatchdogProgram program;
    private final RunRecords journal;
    private final ScheduledExecutorService timer;
    private final long ownGroup;
    private final BlockingQueue<Command> queue = new LinkedBlockingQueue<>();
    private final Map<Long, Long> groups = new ConcurrentHashMap<>();
    private final Map<Long, Command> unanswered = new ConcurrentSkipListMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final Thread feeder;
    private volatile CountDownLatch up = new CountDownLatch(1);
    private volatile @Nullable Process process;
    private volatile String failure = "it did not start in time";
    private volatile boolean closed;

    /**
     * Starts the watchdog; {@link #awaitUp} waits until it is there.
     *
     * @param prefix what makes a program the leader of its own session, may be empty
     * @param nonce the nonce of the node
     * @param grace how long groups have between TERM and KILL when the node is gone; whole seconds
     * @param file where its pid, start time and nonce are written for the next node
     * @param journal what lives, which it reads when the node is gone
     * @param table where its start time comes from
     * @param timer runs the check that answers come; not ended by this object
     * @throws IOException if its script or the process table cannot be read
     */
    public Watchdog(
            List<String> prefix,
            String nonce,
            Duration grace,
            Path file,
            RunRecords journal,
            ProcessTable table,
            ScheduledExecutorService timer)
            throws IOException {
        this.program = new WatchdogProgram(prefix, nonce, grace, file, journal.file(), table);
        this.journal = journal;
        this.timer = timer;
        this.ownGroup = table.ownGroup();
        this.feeder = new Thread(this::run, "millwright-watchdog");
        feeder.setDaemon(true);
        feeder.start();
    }

    /**
     * Waits until the watchdog runs, so that what is started next is protected.
     *
     * @param limit how long
     * @throws IOException if it does not run in that time; the message says why
     */
    public void awaitUp(Duration limit) throws IOException {
        try {
            if (!closed && up.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the watchdog that ends workers after a crash of the node does not run: "
                + (closed ? CLOSED : failure));
    }

    /**
     * The watchdog's process.
     *
     * @return its pid, or 0 before the first has started
     */
    public long pid() {
        Process current = process;
        return current == null ? 0 : current.pid();
    }

    /**
     * Puts a group under protection that could not be written into the journal.
     *
     * @param group the group's and its leader's id
     * @param start the leader's start time
     */
    public void add(long group, long start) {
        check(group);
        groups.put(group, start);
        enqueue(new Command("add " + group + ' ' + start, null));
    }

    /**
     * Ends the protection of a group that is gone.
     *
     * @param group the group, known or not
     */
    public void remove(long group) {
        if (groups.remove(group) != null) {
            enqueue(new Command("del " + group, null));
        }
    }

    /**
     * Signals a group.
     *
     * @param signal the signal's name without {@code SIG}
     * @param group the group
     * @return whether a signal was sent: false if nobody is there or the system refused; exceptionally if the watchdog is
     *     closed or cannot be started
     */
    public CompletableFuture<Boolean> signalGroup(String signal, long group) {
        return send("sig", signal, group);
    }

    /**
     * Signals one process. The caller knows that the pid still is whom it means.
     *
     * @param signal the signal's name without {@code SIG}
     * @param pid the process
     * @return as {@link #signalGroup}
     */
    public CompletableFuture<Boolean> signalProcess(String signal, long pid) {
        return send("pid", signal, pid);
    }

    private CompletableFuture<Boolean> send(String verb, String signal, long id) {
        check(id);
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        long number = sequence.incrementAndGet();
        Command command = new Command(verb + ' ' + signal + ' ' + id + ' ' + number, answer);
        unanswered.put(number, command);
        enqueue(command);
        try {
            Future<?> overdue = timer.schedule(() -> expectAnswer(number), ANSWER_SECONDS, TimeUnit.SECONDS);
            answer.whenComplete((sent, error) -> overdue.cancel(false));
        } catch (RejectedExecutionException e) {
            LOG.debug("no timer any more", e);
        }
        if (closed) {
            fail(number, CLOSED);
        }
        return answer;
    }

    private void check(long id) {
        if (id <= 1 || id == ownGroup || id == ProcessHandle.current().pid()) {
            throw new IllegalArgumentException("process " + id
                    + " is not a worker's: a worker's is neither this node, nor this node's group, nor pid 1 or less");
        }
    }

    /** A watchdog that was stopped, or hangs, is of no use to anybody: another takes over, and the command with it. */
    private void expectAnswer(long number) {
        Process current = process;
        if (unanswered.containsKey(number) && current != null) {
            LOG.warn("the watchdog (pid {}) does not answer", current.pid());
            current.destroyForcibly();
        }
    }

    private void enqueue(Command command) {
        if (queue.size() >= QUEUE_LIMIT) {
            // It has not read for long. Changes of the list may go: the next watchdog is told the whole list.
            queue.removeIf(waiting -> waiting.answer == null && waiting.dead == null && waiting != QUIT);
            Process current = process;
            if (current != null) {
                current.destroyForcibly();
            }
        }
        queue.add(command);
    }

    private void fail(long number, String why) {
        Command failed = unanswered.remove(number);
        if (failed != null && failed.answer != null) {
            failed.answer.completeExceptionally(new IOException(why));
        }
    }

    private void run() {
        int quickDeaths = 0;
        while (!closed) {
            long begun = System.nanoTime();
            try {
                Process started = program.start();
                process = started;
                Thread reader = new Thread(() -> readAnswers(started), "millwright-watchdog-answers");
                reader.setDaemon(true);
                reader.start();
                feed(started);
                quickDeaths = System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(1) ? quickDeaths + 1 : 0;
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                quickDeaths++;
                LOG.error("the watchdog cannot be started: {}", failure);
                unanswered.keySet().forEach(number -> fail(number, "no watchdog to send signals: " + failure));
            }
            if (quickDeaths > 2) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes commands until the process is gone or this object is closed. */
    private void feed(Process started) {
        try (OutputStream out = started.getOutputStream()) {
            replay(out);
            up.countDown();
            while (true) {
                Command command = queue.take();
                if (command == QUIT) {
                    if (isNobodyLeft()) {
                        write(out, command.text);
                        out.flush();
                    }
                    return;
                }
                if (command.dead != null) {
                    if (command.dead == started) {
                        break;
                    }
                    continue;
                }
                command.sent = true;
                write(out, command.text);
                if (queue.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            LOG.debug("the watchdog does not read any more", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            up = new CountDownLatch(1);
            started.destroyForcibly();
            LOG.warn("the watchdog (pid {}) ended, which was not for it to do; starting another", started.pid());
        }
    }

    private boolean isNobodyLeft() {
        return groups.isEmpty() && journal.isEmpty();
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + '\n').getBytes(StandardCharsets.US_ASCII));
    }

    /** Tells a new watchdog what lives, and what the one before it left unanswered. */
    private void replay(OutputStream out) throws IOException {
        for (Map.Entry<Long, Long> group : groups.entrySet()) {
            write(out, "add " + group.getKey() + ' ' + group.getValue());
        }
        for (Command command : unanswered.values()) {
            if (command.sent) {
                write(out, command.text);
            }
        }
        out.flush();
    }

    private void readAnswers(Process started) {
        try (BufferedReader reader = started.inputReader(StandardCharsets.US_ASCII)) {
            String line = reader.readLine();
            while (line != null) {
                int blank = line.indexOf(' ');
                Command command = blank < 0 ? null : unanswered.remove(Long.parseLong(line.substring(0, blank)));
                if (command != null && command.answer != null) {
                    command.answer.complete(line.endsWith(" ok"));
                }
                line = reader.readLine();
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("the watchdog's answers ended", e);
        }
        queue.add(new Command(started));
    }

    /**
     * Lets the watchdog go. If groups are left it ends them first, as it would after the death of the node. Waits up to two
     * seconds for its end.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        boolean orderly = isNobodyLeft();
        closed = true;
        queue.add(QUIT);
        try {
            feeder.join(CLOSE_MS / 2);
            Process last = process;
            if (last != null && !last.waitFor(CLOSE_MS / 2, TimeUnit.MILLISECONDS) && orderly) {
                last.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        unanswered.keySet().forEach(number -> fail(number, CLOSED));
    }

    /** A line for the watchdog, or the news that a watchdog is dead. */
    private static final class Command {
        final String text;
        final @Nullable CompletableFuture<Boolean> answer;
        final @Nullable Process dead;
        volatile boolean sent;

        Command(String text, @Nullable CompletableFuture<Boolean> answer) {
            this.text = text;
            this.answer = answer;
            this.dead = null;
        }

        Command(Process dead) {
            this.text = "";
            this.answer = null;
            this.dead = dead;
        }
    }
}
