package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry.Stream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one worker's log: has the writer lock, under which output goes to memory and file, and does what others ask of the file. Called by
 * the sinks' threads, which wait for the lock and for the disk, and by any thread to ask; such a thread does what it asks at once if no sink
 * is writing, else that sink does it when it is done. Thread-safe.
 */
final class LogWriter {
    /** Notes that wait for a disk that hangs; they are in the ring anyway. */
    private static final int MAX_NOTES = 1000;

    private static final int NOTE = LogLine.kind(Stream.NODE, LogLine.ENDED);

    /** What is done with the writer lock. */
    interface Work {
        /**
         * Does it.
         *
         * @param space work space
         * @param mode what the file is
         * @param now the time of what comes
         */
        void run(LogBuffers.Space space, LogFile.Mode mode, long now);
    }

    private record Note(long time, byte[] text) {}

    private final ReentrantLock writer = new ReentrantLock();
    private final LogBuffers buffers;
    private final LongSupplier clock;
    private final Consumer<String> problems;
    private final LogMemory memory;
    private final RotatedFiles rotated;
    private final LogFile file;
    private final LogLanes lanes;

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

    LogWriter(
            Path path,
            RotatedFiles rotated,
            LogOptions options,
            LogMemory memory,
            LogBuffers buffers,
            Consumer<String> problems,
            LongSupplier clock,
            AppendedFile.Opener opener) {
        this.rotated = rotated;
        this.options = options;
        this.memory = memory;
        this.buffers = buffers;
        this.problems = problems;
        this.clock = clock;
        mode = mode(options);
        file = new LogFile(rotated, path, opener, options);
        lanes = new LogLanes(memory, file, this);
    }

    /** The ways of the output of runs. */
    LogLanes lanes() {
        return lanes;
    }

    /** How it is kept: the options given last. */
    LogOptions options() {
        return options;
    }

    long lostBytes() {
        return file.lostBytes();
    }

    @Nullable
    String trouble() {
        return file.trouble();
    }

    /** Writes a line of the node's own, now or when the sink that is writing is done. */
    void note(byte[] text) {
        Note note = new Note(clock.getAsLong(), text);
        synchronized (memory) {
            memory.add(note.time, NOTE, note.text, 0, note.text.length, 1);
            if (!closed && notes.size() < MAX_NOTES) {
                notes.add(note);
            }
        }
        settleLater();
    }

    /** Writes lines of the node's own; waits for the lock and the disk. */
    void writeLines(Iterable<byte[]> lines) {
        work((space, present, now) -> {
            for (byte[] line : lines) {
                synchronized (memory) {
                    memory.add(now, NOTE, line, 0, line.length, 1);
                }
                writeNote(now, line, space, now);
            }
        });
    }

    void configure(LogOptions newOptions) {
        options = newOptions;
        buffers.keeper().look(rotated, newOptions.housekeeping());
        settleLater();
    }

    void reopen() {
        closed = false;
        settleLater();
    }

    void letGo() {
        letGo = true;
        settleLater();
    }

    void rotate() {
        rotate = true;
        settleLater();
    }

    void close() {
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
            workLocked((space, present, now) -> {});
        }
        memory.wake();
    }

    /** Does work that waits for the lock, and perhaps for the disk. */
    void work(Work work) {
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
            work.run(space, mode, now);
            file.flush(space, now);
            // a worker that waits for its next run needs no descriptor
            if (!lanes.isRunning() || !buffers.mayStayOpen(wasOpen)) {
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
            lanes.finishLines(space, before, now);
            file.flush(space, now);
        }
        mode = closed ? LogFile.Mode.OFF : mode(wanted);
        if (mode != before) {
            lanes.changeMode(before, mode, space, now);
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
}
