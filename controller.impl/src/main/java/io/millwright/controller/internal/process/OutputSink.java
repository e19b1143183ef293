package io.millwright.controller.internal.process;

import java.nio.ByteBuffer;

/** Gets the bytes of one output stream, from one backend thread at a time. */
public interface OutputSink {
    /**
     * Some bytes. May block on the disk; that slows this worker's stream and no other's.
     *
     * @param bytes all of them are taken before the return; not kept
     */
    void accept(ByteBuffer bytes);

    /** The stream is at its end; nothing follows until the next launch. */
    void end();
}
