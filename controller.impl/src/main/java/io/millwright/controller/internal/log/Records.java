package io.millwright.controller.internal.log;

import io.millwright.options.JsonSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the log records in one stream: lines that begin with a mark, the rest of each a JSON object with {@code level}, {@code logger},
 * {@code thread}, {@code message}, {@code trace}. Each becomes text with a level, everything else stays as it is, in the same order.
 * Used by its sink alone, not thread-safe.
 */
final class Records {
    /** A record that is longer is no record. */
    static final int MOST = 256 << 10;

    private static final int KEPT_BUFFER = 1 << 10;
    private static final byte[] NONE = {};

    /**
     * Some bytes of one kind.
     *
     * @param level a level of {@link LogLine}, 0 for plain text
     * @param bytes whole lines if there is a level
     */
    record Part(int level, ByteBuffer bytes) {}

    private final byte[] mark;
    /** The beginning of a line that may become a record. */
    private byte[] kept = NONE;

    private int length;
    /** What comes next goes on with a line that is plain text. */
    private boolean inText;

    /**
     * Records of one run.
     *
     * @param mark what their lines begin with, not empty
     */
    Records(String mark) {
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    /** What becomes of the next bytes of the stream, in order; the beginning of a record is kept. */
    List<Part> next(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        List<Part> parts = new ArrayList<>();
        int text = 0;
        int at = 0;
        while (at < bytes.length) {
            int newline = LineSplitter.newline(bytes, at, bytes.length);
            int end = newline < 0 ? bytes.length : newline + 1;
            if (!inText && mayBeRecord(bytes, at, end)) {
                addText(parts, bytes, text, at);
                keep(bytes, at, end);
                text = end;
                if (newline >= 0) {
                    parts.add(take());
                }
            } else {
                if (length > 0) {
                    // The line had begun like a record.
                    addText(parts, bytes, text, at);
                    text = at;
                    parts.add(new Part(0, ByteBuffer.wrap(Arrays.copyOf(kept, length))));
                    forget();
                }
                inText = newline < 0;
            }
            at = end;
        }
        addText(parts, bytes, text, bytes.length);
        return parts;
    }

    /** What was kept when the stream ends. */
    List<Part> end() {
        inText = false;
        return length == 0 ? List.of() : List.of(take());
    }

    private static void addText(List<Part> parts, byte[] bytes, int from, int to) {
        if (to > from) {
            parts.add(new Part(0, ByteBuffer.wrap(bytes, from, to - from)));
        }
    }

    /** Whether the line that is kept so far is, or may become, a record with these bytes. */
    private boolean mayBeRecord(byte[] bytes, int from, int to) {
        if (length + to - from > MOST) {
            return false;
        }
        int known = Math.min(length, mark.length);
        int more = Math.min(mark.length - known, to - from);
        return Arrays.equals(mark, known, known + more, bytes, from, from + more);
    }

    private void keep(byte[] bytes, int from, int to) {
        int wanted = length + to - from;
        if (wanted > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(wanted, 2 * kept.length));
        }
        System.arraycopy(bytes, from, kept, length, to - from);
        length = wanted;
    }

    private void forget() {
        length = 0;
        if (kept.length > KEPT_BUFFER) {
            kept = NONE;
        }
    }

    /** The line that is kept, as text. */
    private Part take() {
        byte[] line = Arrays.copyOf(kept, length);
        forget();
        if (line.length > mark.length) {
            String json = new String(line, mark.length, line.length - mark.length, StandardCharsets.UTF_8);
            Part record = record(json.strip());
            if (record != null) {
                return record;
            }
        }
        return new Part(0, ByteBuffer.wrap(line));
    }

    private static @Nullable Part record(String json) {
        Object document;
        try {
            document = JsonSyntax.structure(json);
        } catch (RuntimeException noJson) {
            return null;
        }
        if (!(document instanceof Map<?, ?> record) || !(record.get("message") instanceof String message)) {
            return null;
        }
        String level = record.get("level") instanceof String given ? given.toLowerCase(Locale.ROOT) : "info";
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-5s ", level.toUpperCase(Locale.ROOT)));
        if (record.get("thread") instanceof String thread) {
            text.append('[').append(thread).append("] ");
        }
        if (record.get("logger") instanceof String logger) {
            text.append(logger).append(": ");
        }
        text.append(message);
        if (record.get("trace") instanceof String trace && !trace.isBlank()) {
            text.append('\n').append(trace.stripTrailing());
        }
        byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        return new Part(LogLine.level(level), ByteBuffer.wrap(bytes));
    }
}
