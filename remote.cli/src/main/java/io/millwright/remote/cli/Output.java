package io.millwright.remote.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A stream that knows what the first write failed with, which a {@link java.io.PrintStream} around it keeps to itself. */
final class Output extends FilterOutputStream {
    private volatile @Nullable IOException fault;

    Output(OutputStream to) {
        super(to);
    }

    /** Why not all of it was written; {@code null} if it was. */
    @Nullable
    IOException fault() {
        return fault;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        try {
            out.write(data, offset, length);
        } catch (IOException e) {
            if (fault == null) {
                fault = e;
            }
            throw e;
        }
    }
}
