package io.millwright.controller.internal.log;

import io.millwright.controller.internal.process.OutputSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives the lines of one run to a reader that looks for one of them; those that come before it are kept. Thread-safe. */
final class LineTap {
    /** What a run writes in the moment before its reader comes. */
    private static final int MOST = 1000;

    final OutputSink out = new MarkedLines("", this::take);
    final OutputSink err = new MarkedLines("", this::take);
    private final List<String> early = new ArrayList<>();
    private @Nullable Consumer<String> reader;

    private synchronized void take(List<byte[]> lines) {
        for (byte[] line : lines) {
            String text = new String(line, StandardCharsets.UTF_8);
            if (reader != null) {
                reader.accept(text);
            } else if (early.size() < MOST) {
                early.add(text);
            }
        }
    }

    /** Gives it all lines so far and from now on; it must not block. */
    synchronized void read(Consumer<String> lines) {
        reader = lines;
        early.forEach(lines);
        early.clear();
    }
}
