package io.millwright.controller.internal.log;

import io.millwright.controller.internal.process.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes marked lines of the output of a command; one that is too long goes on in the next line. For one stream at a time. */
final class MarkedLines implements OutputSink {
    private static final int LONGEST = 4096;

    private final byte[] mark;
    private final Consumer<List<byte[]>> lines;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();

    MarkedLines(String mark, Consumer<List<byte[]>> lines) {
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
        this.lines = lines;
    }

    @Override
    public void accept(ByteBuffer bytes) {
        List<byte[]> whole = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n' || open.size() >= LONGEST) {
                whole.add(line());
            }
            if (next != '\n' && next != '\r') {
                open.write(next);
            }
        }
        if (!whole.isEmpty()) {
            lines.accept(whole);
        }
    }

    private byte[] line() {
        byte[] text = open.toByteArray();
        open.reset();
        byte[] marked = new byte[mark.length + text.length];
        System.arraycopy(mark, 0, marked, 0, mark.length);
        System.arraycopy(text, 0, marked, mark.length, text.length);
        return marked;
    }

    @Override
    public void end() {
        if (open.size() > 0) {
            lines.accept(List.of(line()));
        }
    }
}
