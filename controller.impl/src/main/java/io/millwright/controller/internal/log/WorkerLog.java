package io.millwright.controller.internal.log;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.Traffic;
import io.millwright.controller.internal.process.OutputSink;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything one worker writes, over all its runs: ring, file and followers. Thread-safe.
 *
 * <p>Only the sinks wait for the disk. Every other method takes a short lock on memory at most, so the controller's loop may
 * call it; what such a call means for the file is done at once if no sink is writing, else by that sink when it is done.
 */
public final class WorkerLog implements AutoCloseable {
    /** Notes that wait for a disk that hangs; they are in the ring anyway. */
    private static final int MAX_NOTES = 1000;

    private static final int MAX_NOTE = 4096;
    private static final int NOTE = LogLine.kind(Stream.NODE, LogLine.ENDED);

    private final ReentrantLock writer = new ReentrantLock();
    private final LogBuffers buffers;
    private final LongSupplier clock;
    private final Consumer<String> problems;
    private final LogMemory memory;
    private final Path path;
    private final RotatedFiles rotated;
    private final LogFile file;
    private final LogLane first;

    /** There once the worker has had two runs at the same time. */
    private volatile @Nullable LogLane second;

    private volatile List<LogLane> lanes;

    /** Waits for the writer lock; guarded by the memory lock. */
    private final Queue<Note> notes = new ArrayDeque<>(1);

    private volatile LogOptions options;
    private volatile boolean closed;
    /** The file that is open is to be closed. */
    private volatile boolean letGo;
    /** The file is to be rotated. */
    private volatile boolean rotate;
    /** Something waits for {@link #settle}. */
    private volatile boolean unsettled;

    /** What the file is now; guarded by the writer lock. */
    private LogFile.Mode mode;

    private record Note(long time, byte[] text) {}

    /** What is done with the writer lock. */
    private interface Work {
        void run(LogBuffers.Space space, long now);
    }

    /**
     * Makes a log; no file is touched before the first byte.
     *
     * @param path the file
     * @param options how to keep it
     * @param buffers shared by all logs of the node
     * @param problems told in a sentence when the file cannot be written, once; called by the sinks' threads with no lock
     */
    public WorkerLog(Path path, LogOptions options, LogBuffers buffers, Consumer<String> problems) {
        this(path, options, buffers, problems, System::currentTimeMillis, LogFile::append);
    }

    WorkerLog(
            Path path,
            LogOptions options,
            LogBuffers buffers,
            Consumer<String> problems,
            LongSupplier clock,
            LogFile.Opener opener) {
        this.buffers = buffers;
        this.clock = clock;
        this.problems = problems;
        this.options = options;
        mode = mode(options);
        memory = new LogMemory(options);
        this.path = path;
        rotated = new RotatedFiles(path);
        file = new LogFile(rotated, path, opener, options);
        first = new LogLane(memory, file, this);
        lanes = List.of(first);
    }

    /**
     * Where a run's standard output goes.
     *
     * @return the same for every run
     */
    public OutputSink stdout() {
        return first.stdout();
    }

    /**
     * Where a run's standard error goes.
     *
     * @return the same for every run
     */
    public OutputSink stderr() {
        return first.stderr();
    }

    /**
     * The way of the output of a run that begins. In the loop.
     *
     * @param taken that of the worker's other run, {@code null} if it has none
     * @return another one
     */
    public LogLane lane(@Nullable LogLane taken) {
        LogLane lane = first;
        if (taken == first) {
            lane = second;
            if (lane == null) {
                lane = new LogLane(memory, file, this);
                second = lane;
                lanes = List.of(first, lane);
            }
        }
        lane.begin();
        return lane;
    }

    /** Takes the bytes of one stream of one run. */
    OutputSink sink(LogLane lane, LogPipe pipe) {
        return new Sink(lane, pipe);
    }

    /**
     * Where the standard error of a native worker's run goes, in which log records are lines with a mark.
     *
     * @param mark what the lines of records begin with
     * @return for one run
     */
    public OutputSink stderr(String mark) {
        return new RecordSink(new Records(mark));
    }

    /**
     * Where the output of a command goes that the node runs for the worker: lines of the node's own, each with a mark; never in a
     * raw file.
     *
     * @param mark what the lines begin with
     * @return for one stream of one command
     */
    public OutputSink command(String mark) {
        return new MarkedLines(
                mark,
                lines -> work((space, now) -> {
                    for (byte[] line : lines) {
                        synchronized (memory) {
                            memory.add(now, NOTE, line, 0, line.length, 1);
                        }
                        writeNote(now, line, space, now);
                    }
                }));
    }

    /**
     * Writes a line of the node's own. Does not wait for the disk if a sink is writing; never in a raw file.
     *
     * @param text a line, cut after 4096 characters; line ends become spaces
     */
    public void note(String text) {
        Note note = new Note(clock.getAsLong(), LogLoss.utf8(text.substring(0, Math.min(text.length(), MAX_NOTE))));
        synchronized (memory) {
            memory.add(note.time, NOTE, note.text, 0, note.text.length, 1);
            if (!closed && notes.size() < MAX_NOTES) {
                notes.add(note);
            }
        }
        settleLater();
    }

    /**
     * The last lines, a line that has not ended yet as the last of its stream.
     *
     * @param limit at most how many
     * @return oldest first
     */
    public List<LogEntry> tail(int limit) {
        synchronized (memory) {
            List<LogEntry> open = new ArrayList<>(2);
            for (LogLane lane : lanes) {
                lane.out.addOpenLine(open);
                lane.err.addOpenLine(open);
            }
            List<LogEntry> entries = memory.tail(limit - open.size());
            entries.addAll(open.subList(Math.max(0, open.size() - Math.max(0, limit)), open.size()));
            return entries;
        }
    }

    /**
     * Searches the files, rotated ones too, and what is in memory only. Blocks for the disk.
     *
     * @param query what for
     * @return the newest lines that fit
     * @throws io.millwright.controller.api.NodeException for a pattern that is none
     */
    public LogMatches search(LogQuery query) {
        return new LogSearch(query).run(path, rotated, options, trouble(), tail(Integer.MAX_VALUE));
    }

    /**
     * Follows the log over all runs until {@link #endForGood}. A line comes when it has ended or its stream has.
     *
     * @param backlog how many of the lines that are there come first
     * @param listener called by one thread at a time, with no lock; what it throws is logged and it is called again
     * @param executor calls it; must not run tasks in the thread that hands them over
     * @return ends it
     */
    public Subscription follow(int backlog, LogListener listener, Executor executor) {
        Follower follower = memory.follow(backlog, listener, executor);
        follower.wake();
        return follower;
    }

    /**
     * Follows it from a line on.
     *
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it has no such position
     */
    public Subscription followAfter(long after, LogListener listener, Executor executor) {
        Follower follower = memory.followAfter(after, listener, executor);
        follower.wake();
        return follower;
    }

    /**
     * What came through a stream.
     *
     * @param stream which; {@link Stream#NODE} has none
     * @return over all runs
     */
    public Traffic traffic(Stream stream) {
        return switch (stream) {
            case STDOUT -> sum(lane -> lane.out);
            case STDERR -> sum(lane -> lane.err);
            case NODE -> Traffic.of(0, 0);
        };
    }

    private Traffic sum(Function<LogLane, LogPipe> stream) {
        Traffic sum = stream.apply(first).traffic();
        LogLane other = second;
        if (other == null) {
            return sum;
        }
        Traffic more = stream.apply(other).traffic();
        return Traffic.of(sum.lines() + more.lines(), sum.bytes() + more.bytes());
    }

    /**
     * What the file could not take.
     *
     * @return bytes of the worker, over all runs
     */
    public long lostBytes() {
        return file.lostBytes();
    }

    /**
     * How it is kept.
     *
     * @return the options given last
     */
    public LogOptions options() {
        return options;
    }

    /**
     * Changes how it is kept, in place; no line is lost but those over a smaller ring.
     *
     * @param newOptions from now on
     */
    public void reconfigure(LogOptions newOptions) {
        memory.resize(newOptions);
        options = newOptions;
        buffers.keeper().look(rotated, newOptions.housekeeping());
        settleLater();
    }

    /**
     * Makes the ring as small as its last lines, for a worker that is history.
     *
     * @param lines how many stay
     */
    public void trim(int lines) {
        memory.trim(lines);
    }

    /** The worker has ended for good: each follower gets what waits, then the end. Doing it again does nothing. */
    public void endForGood() {
        memory.endForGood();
    }

    /**
     * The id is used again after {@link #endForGood} or {@link #close}: the file goes on and new followers hear what comes.
     * Those that were there have their end or get it.
     */
    public void reopen() {
        memory.reopen();
        closed = false;
        settleLater();
    }

    /**
     * Lets the file go that is open now: the next line goes to the file of its name, made if there is none. At once, or by the
     * sink that is writing when it is done. May wait for the disk.
     */
    public void letGo() {
        letGo = true;
        settleLater();
    }

    /**
     * Rotates the file now, if there is something in it. At once, or by the sink that is writing when it is done. May wait for the
     * disk.
     */
    public void rotate() {
        rotate = true;
        settleLater();
    }

    /**
     * What the file could not take.
     *
     * @return {@code null} if nothing was ever lost and the file can be written
     */
    public @Nullable String trouble() {
        return file.trouble();
    }

    /** Closes the file; what still comes is kept in the ring alone. Does not end followers. */
    @Override
    public void close() {
        closed = true;
        buffers.keeper().forget(rotated);
        settleLater();
    }

    private void settleLater() {
        unsettled = true;
        settle();
    }

    /** Does what waits for the writer lock, unless another thread has it: that one does it after its own work. */
    private void settle() {
        while (unsettled && writer.tryLock()) {
            workLocked((space, now) -> {});
        }
        memory.wake();
    }

    private void work(Work work) {
        writer.lock();
        workLocked(work);
        settle();
    }

    /** Works with the writer lock, which the caller took, and gives it back. */
    private void workLocked(Work work) {
        String problem;
        LogBuffers.Space space = buffers.take();
        boolean wasOpen = file.isOpen();
        try {
            long now = clock.getAsLong();
            if (unsettled) {
                unsettled = false;
                writeNotes(space, now);
                applyOptions(space, now);
                if (rotate && mode != LogFile.Mode.OFF) {
                    file.rotateNow(now);
                }
                rotate = false;
                if (letGo) {
                    letGo = false;
                    file.close();
                    file.tellLoss(now);
                }
            }
            work.run(space, now);
            file.flush(space, now);
            // a worker that waits for its next run needs no descriptor
            if (!isRunning() || !buffers.mayStayOpen(wasOpen)) {
                file.close();
            }
            rememberLoss(now);
            problem = file.takeProblem();
            if (file.takeRotation()) {
                buffers.keeper().look(rotated, options.housekeeping());
            }
        } finally {
            buffers.count(wasOpen, file.isOpen());
            writer.unlock();
            buffers.giveBack(space);
        }
        if (problem != null) {
            problems.accept(problem);
        }
    }

    private boolean isRunning() {
        LogLane other = second;
        return first.running() || other != null && other.running();
    }

    private void writeNotes(LogBuffers.Space space, long now) {
        for (Note note = nextNote(); note != null; note = nextNote()) {
            writeNote(note.time, note.text, space, now);
        }
        file.flush(space, now);
    }

    private void writeNote(long time, byte[] text, LogBuffers.Space space, long now) {
        if (mode == LogFile.Mode.STAMPED) {
            file.prepare(now, false);
            if (!file.fits(space, text.length, now)) {
                file.makeRoom(space, text.length, now);
            }
            file.add(space, time, NOTE, text, 0, text.length);
        }
    }

    private @Nullable Note nextNote() {
        synchronized (memory) {
            return notes.poll();
        }
    }

    private void applyOptions(LogBuffers.Space space, long now) {
        LogOptions wanted = options;
        file.configure(wanted);
        LogFile.Mode before = mode;
        if (closed && before != LogFile.Mode.OFF) {
            for (LogLane lane : lanes) {
                lane.out.finishLine(space, before, now);
                lane.err.finishLine(space, before, now);
            }
            file.flush(space, now);
        }
        mode = closed ? LogFile.Mode.OFF : mode(wanted);
        if (mode != before) {
            for (LogLane lane : lanes) {
                lane.out.changeMode(before, mode, space, now);
                lane.err.changeMode(before, mode, space, now);
            }
            if (mode == LogFile.Mode.OFF) {
                file.tellLoss(now);
                file.close();
            }
        }
    }

    private void rememberLoss(long now) {
        String loss = file.takeNote();
        if (loss != null) {
            byte[] text = LogLoss.utf8(loss);
            synchronized (memory) {
                memory.add(now, NOTE, text, 0, text.length, 1);
            }
        }
    }

    private static LogFile.Mode mode(LogOptions options) {
        if (!options.file()) {
            return LogFile.Mode.OFF;
        }
        return options.format() == LogOptions.Format.RAW ? LogFile.Mode.RAW : LogFile.Mode.STAMPED;
    }

    private final class RecordSink implements OutputSink {
        private final Records records;

        RecordSink(Records records) {
            this.records = records;
        }

        private void write(List<Records.Part> parts, LogBuffers.Space space, long now) {
            for (Records.Part part : parts) {
                first.err.takeRecord(part.level(), part.bytes(), space, mode, now);
            }
        }

        @Override
        public void accept(ByteBuffer bytes) {
            List<Records.Part> parts = records.next(bytes);
            if (!parts.isEmpty()) {
                work((space, now) -> write(parts, space, now));
            }
        }

        @Override
        public void end() {
            List<Records.Part> rest = records.end();
            work((space, now) -> {
                write(rest, space, now);
                first.err.end(space, mode, now);
            });
        }
    }

    private final class Sink implements OutputSink {
        private final LogLane lane;
        private final LogPipe pipe;

        Sink(LogLane lane, LogPipe pipe) {
            this.lane = lane;
            this.pipe = pipe;
        }

        @Override
        public void accept(ByteBuffer bytes) {
            work((space, now) -> pipe.take(lane.text(bytes, pipe), space, mode, now));
        }

        @Override
        public void end() {
            work((space, now) -> pipe.end(space, mode, now));
        }
    }
}
