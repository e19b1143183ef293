package io.millwright.controller.internal.log;

import io.millwright.controller.internal.process.OutputSink;
import java.nio.ByteBuffer;

/** Takes the bytes of one stream of one run into its worker's log. Called by the thread that reads the stream; waits for the disk. */
final class PipeSink implements OutputSink {
    private final LogLane lane;
    private final LogPipe pipe;
    private final LogWriter writer;

    PipeSink(LogLane lane, LogPipe pipe, LogWriter writer) {
        this.lane = lane;
        this.pipe = pipe;
        this.writer = writer;
    }

    @Override
    public void accept(ByteBuffer bytes) {
        writer.work((space, mode, now) -> pipe.take(lane.text(bytes, pipe), space, mode, now));
    }

    @Override
    public void end() {
        writer.work((space, mode, now) -> pipe.end(space, mode, now));
    }
}
