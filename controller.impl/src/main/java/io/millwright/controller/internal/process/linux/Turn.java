package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** One thread's time as the leader of an {@link IoLoop}, with its buffers. Used by that thread, but for the count. */
final class Turn {
    static final int EVENTS = 256;

    /** Bytes on their way in or out. */
    final Space usual = new Space(PipeSize.USUAL);

    private final ByteBuffer eventMemory = ByteBuffer.allocateDirect(EVENTS * Epoll.EVENT);
    final Pointer events = Native.getDirectBufferPointer(eventMemory);
    final long eventAddress = Pointer.nativeValue(events);

    /** Odd while a sink has the thread; negative once another thread leads. */
    private final AtomicLong deliveries = new AtomicLong();

    /** Whether this thread leads; it may lose the lead while a sink has it, and at no other time. */
    boolean leads() {
        return deliveries.get() >= 0;
    }

    long deliveries() {
        return deliveries.get();
    }

    static boolean isDelivering(long deliveries) {
        return (deliveries & 1) == 1;
    }

    /** A sink gets the thread, or gives it back. */
    void step() {
        long now = deliveries.get();
        if (now >= 0) {
            // Fails if it is deposed at this moment, which then stands.
            deliveries.compareAndSet(now, now + 1);
        }
    }

    /** Takes the lead from it if the same sink still has it. */
    boolean depose(long seen) {
        return isDelivering(seen) && deliveries.compareAndSet(seen, Long.MIN_VALUE);
    }

    /** Memory outside the heap. */
    static final class Space {
        final ByteBuffer bytes;
        final long address;

        Space(int size) {
            bytes = ByteBuffer.allocateDirect(size);
            address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
        }

        /** Of memory that the caller has and frees. */
        Space(long address, int size) {
            this.bytes = new Pointer(address).getByteBuffer(0, size);
            this.address = address;
        }
    }
}
