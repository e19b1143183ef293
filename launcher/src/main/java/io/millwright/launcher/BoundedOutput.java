package io.millwright.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a node in the background prints goes to a file that nobody rotates while it runs. Up to a bound it is written there; then a
 * line says where the rest is, and no more is. Thread-safe: each write goes to the descriptor at once.
 */
final class BoundedOutput extends OutputStream {
    /** Set by {@code millwright start}: how many bytes the console's file may get. */
    static final String LIMIT = "millwright.console.limit";

    private final OutputStream target;
    private final long limit;
    private final AtomicLong written;

    /**
     * Has written nothing yet.
     *
     * @param target the file
     * @param limit how many bytes it may get
     * @param written how many it got, by others too that share it
     */
    BoundedOutput(OutputStream target, long limit, AtomicLong written) {
        this.target = target;
        this.limit = limit;
        this.written = written;
    }

    /** Bounds what goes to {@code System.out} and {@code System.err}, if the property asks for it. */
    static void install() {
        Long limit = Long.getLong(LIMIT);
        if (limit != null) {
            AtomicLong written = new AtomicLong();
            System.setOut(stream(FileDescriptor.out, limit, written));
            System.setErr(stream(FileDescriptor.err, limit, written));
        }
    }

    private static PrintStream stream(FileDescriptor descriptor, long limit, AtomicLong written) {
        return new PrintStream(new BoundedOutput(new FileOutputStream(descriptor), limit, written), true);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        long before = written.getAndAdd(length);
        if (before + length <= limit) {
            target.write(bytes, from, length);
        } else if (before <= limit) {
            target.write(("\nmillwright: more than " + limit
                            + " bytes were printed; from here on only log/node.log has what the node says\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }
}
