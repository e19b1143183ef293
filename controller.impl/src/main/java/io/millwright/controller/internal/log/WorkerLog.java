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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything one worker writes, over all its runs: ring, file and followers. Thread-safe.
 *
 * <p>Only the sinks wait for the disk. Every other method takes a short lock on memory at most, so the controller's loop may
 * call it; what such a call means for the file is done at once if no sink is writing, else by that sink when it is done.
 */
public final class WorkerLog implements AutoCloseable {
    private static final int MAX_NOTE = 4096;

    private final LogMemory memory;
    private final Path path;
    private final RotatedFiles rotated;
    private final LogWriter writer;
    private final LogLanes lanes;

    /**
     * Makes a log; no file is touched before the first byte.
     *
     * @param path the file
     * @param options how to keep it
     * @param buffers shared by all logs of the node
     * @param problems told in a sentence when the file cannot be written, once; called by the sinks' threads with no lock
     */
    public WorkerLog(Path path, LogOptions options, LogBuffers buffers, Consumer<String> problems) {
        this(path, options, buffers, problems, System::currentTimeMillis, AppendedFile::append);
    }

    WorkerLog(
            Path path,
            LogOptions options,
            LogBuffers buffers,
            Consumer<String> problems,
            LongSupplier clock,
            AppendedFile.Opener opener) {
        memory = new LogMemory(options);
        this.path = path;
        rotated = new RotatedFiles(path);
        writer = new LogWriter(path, rotated, options, memory, buffers, problems, clock, opener);
        lanes = writer.lanes();
    }

    /**
     * Where a run's standard output goes.
     *
     * @return the same for every run
     */
    public OutputSink stdout() {
        return lanes.first().stdout();
    }

    /**
     * Where a run's standard error goes.
     *
     * @return the same for every run
     */
    public OutputSink stderr() {
        return lanes.first().stderr();
    }

    /**
     * The way of the output of a run that begins. In the loop.
     *
     * @param taken that of the worker's other run, {@code null} if it has none
     * @return another one
     */
    public LogLane lane(@Nullable LogLane taken) {
        return lanes.lane(taken);
    }

    /**
     * Where the standard error of a native worker's run goes, in which log records are lines with a mark.
     *
     * @param mark what the lines of records begin with
     * @return for one run
     */
    public OutputSink stderr(String mark) {
        return new RecordSink(new Records(mark), lanes.first().err, writer);
    }

    /**
     * Where the output of a command goes that the node runs for the worker: lines of the node's own, each with a mark; never in a
     * raw file.
     *
     * @param mark what the lines begin with
     * @return for one stream of one command
     */
    public OutputSink command(String mark) {
        return new MarkedLines(mark, writer::writeLines);
    }

    /**
     * Writes a line of the node's own. Does not wait for the disk if a sink is writing; never in a raw file.
     *
     * @param text a line, cut after 4096 characters; line ends become spaces
     */
    public void note(String text) {
        writer.note(LogLoss.utf8(text.substring(0, Math.min(text.length(), MAX_NOTE))));
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
            lanes.addOpenLines(open);
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
        return new LogSearch(query).run(path, rotated, writer.options(), trouble(), tail(Integer.MAX_VALUE));
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
        return lanes.traffic(stream);
    }

    /**
     * What the file could not take.
     *
     * @return bytes of the worker, over all runs
     */
    public long lostBytes() {
        return writer.lostBytes();
    }

    /**
     * How it is kept.
     *
     * @return the options given last
     */
    public LogOptions options() {
        return writer.options();
    }

    /**
     * Changes how it is kept, in place; no line is lost but those over a smaller ring.
     *
     * @param newOptions from now on
     */
    public void reconfigure(LogOptions newOptions) {
        memory.resize(newOptions);
        writer.configure(newOptions);
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
        writer.reopen();
    }

    /**
     * Lets the file go that is open now: the next line goes to the file of its name, made if there is none. At once, or by the
     * sink that is writing when it is done. May wait for the disk.
     */
    public void letGo() {
        writer.letGo();
    }

    /**
     * Rotates the file now, if there is something in it. At once, or by the sink that is writing when it is done. May wait for the
     * disk.
     */
    public void rotate() {
        writer.rotate();
    }

    /**
     * What the file could not take.
     *
     * @return {@code null} if nothing was ever lost and the file can be written
     */
    public @Nullable String trouble() {
        return writer.trouble();
    }

    /** Closes the file; what still comes is kept in the ring alone. Does not end followers. */
    @Override
    public void close() {
        writer.close();
    }
}
