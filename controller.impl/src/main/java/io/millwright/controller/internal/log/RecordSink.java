package io.millwright.controller.internal.log;

import io.millwright.controller.internal.process.OutputSink;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Takes the standard error of one run of a native worker into its log: lines with a mark are log records. Called by the thread that reads
 * the stream; waits for the disk.
 */
final class RecordSink implements OutputSink {
    private final Records records;
    private final LogPipe pipe;
    private final LogWriter writer;

    RecordSink(Records records, LogPipe pipe, LogWriter writer) {
        this.records = records;
        this.pipe = pipe;
        this.writer = writer;
    }

    private void write(List<Records.Part> parts, LogBuffers.Space space, LogFile.Mode mode, long now) {
        for (Records.Part part : parts) {
            pipe.takeRecord(part.level(), part.bytes(), space, mode, now);
        }
    }

    @Override
    public void accept(ByteBuffer bytes) {
        List<Records.Part> parts = records.next(bytes);
        if (!parts.isEmpty()) {
            writer.work((space, mode, now) -> write(parts, space, mode, now));
        }
    }

    @Override
    public void end() {
        List<Records.Part> rest = records.end();
        writer.work((space, mode, now) -> {
            write(rest, space, mode, now);
            pipe.end(space, mode, now);
        });
    }
}
