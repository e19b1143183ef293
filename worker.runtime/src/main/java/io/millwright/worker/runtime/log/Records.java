package io.millwright.worker.runtime.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes records of logs to standard error, each one line in one piece. Thread-safe. */
public final class Records {
    /** A line that is longer would be cut by the node, and be no record any more. */
    private static final int LONGEST = 60_000;

    private static final String HEX = "0123456789abcdef";
    private static final OutputStream ERR = new FileOutputStream(FileDescriptor.err);
    private static volatile @Nullable String mark;

    private Records() {}

    /**
     * Says how records begin.
     *
     * @param newMark what the node knows them by; {@code null} writes plain text
     */
    public static void begin(@Nullable String newMark) {
        mark = newMark;
    }

    /** Writes one. */
    public static void write(String level, String logger, String message, @Nullable Throwable thrown) {
        String trace = thrown == null ? null : trace(thrown);
        String begin = mark;
        String thread = Thread.currentThread().getName();
        byte[] line = begin == null
                ? plain(level, logger, message, trace)
                : line(begin, level, logger, thread, message, trace);
        synchronized (ERR) {
            try {
                ERR.write(line);
            } catch (IOException e) {
                // There is nobody to tell.
                return;
            }
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static byte[] plain(String level, String logger, String message, @Nullable String trace) {
        String text = level + " " + logger + ": " + message + "\n" + (trace == null ? "" : trace);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] line(
            String begin, String level, String logger, String thread, String message, @Nullable String trace) {
        byte[] whole = json(begin, level, logger, thread, message, trace);
        // The most a character takes is six bytes; what is cut is the end of the trace, then of the message.
        int most = LONGEST / 6 / 4;
        return whole.length <= LONGEST
                ? whole
                : json(
                        begin,
                        level,
                        cut(logger, most),
                        cut(thread, most),
                        cut(message, most),
                        trace == null ? null : cut(trace, most));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static byte[] json(
            String begin, String level, String logger, String thread, String message, @Nullable String trace) {
        StringBuilder json = new StringBuilder(begin);
        json.append("{\"level\":");
        quote(json, level);
        json.append(",\"logger\":");
        quote(json, logger);
        json.append(",\"thread\":");
        quote(json, thread);
        json.append(",\"message\":");
        quote(json, message);
        if (trace != null) {
            json.append(",\"trace\":");
            quote(json, trace);
        }
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                default -> {
                    // Beside control characters the halves of pairs, so that no text has an invalid form in UTF-8.
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                        json.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            json.append(HEX.charAt(c >> shift & 0xf));
                        }
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
