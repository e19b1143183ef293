package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.Traffic;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one worker's log: one, and a second one once the worker has had two runs at the same time. {@link #lane} is called in the
 * controller loop; what touches lines is called with the lock that guards them; the rest is thread-safe.
 */
final class LogLanes {
    private final LogMemory memory;
    private final LogFile file;
    private final LogWriter writer;
    private final LogLane first;
    private volatile @Nullable LogLane second;
    private volatile List<LogLane> all;

    LogLanes(LogMemory memory, LogFile file, LogWriter writer) {
        this.memory = memory;
        this.file = file;
        this.writer = writer;
        first = new LogLane(memory, file, writer);
        all = List.of(first);
    }

    LogLane first() {
        return first;
    }

    /** The way of the output of a run that begins: another one than that of the worker's other run. */
    LogLane lane(@Nullable LogLane taken) {
        LogLane lane = first;
        if (taken == first) {
            lane = second;
            if (lane == null) {
                lane = new LogLane(memory, file, writer);
                second = lane;
                all = List.of(first, lane);
            }
        }
        lane.begin();
        return lane;
    }

    /** Whether bytes of a run came and their end has not. */
    boolean isRunning() {
        LogLane other = second;
        return first.running() || other != null && other.running();
    }

    /** What came through a stream of all runs. */
    Traffic traffic(Stream stream) {
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

    /** Adds the lines that have no end yet; with the memory lock. */
    void addOpenLines(List<LogEntry> entries) {
        for (LogLane lane : all) {
            lane.out.addOpenLine(entries);
            lane.err.addOpenLine(entries);
        }
    }

    /** Makes lines of what has no end; with the writer lock. */
    void finishLines(LogBuffers.Space space, LogFile.Mode mode, long now) {
        for (LogLane lane : all) {
            lane.out.finishLine(space, mode, now);
            lane.err.finishLine(space, mode, now);
        }
    }

    /** Sees that open lines are once in the file, whatever the file was and becomes; with the writer lock. */
    void changeMode(LogFile.Mode from, LogFile.Mode to, LogBuffers.Space space, long now) {
        for (LogLane lane : all) {
            lane.out.changeMode(from, to, space, now);
            lane.err.changeMode(from, to, space, now);
        }
    }
}
