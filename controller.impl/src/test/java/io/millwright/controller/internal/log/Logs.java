package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.internal.process.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What the tests of logs share. */
final class Logs {
    private Logs() {}

    static LogOptions options(LogOptions.Format format, long maxSize, int keep) {
        return new LogOptions(1000, 256 << 10, true, format, maxSize, keep);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void write(OutputSink sink, String text) {
        sink.accept(ByteBuffer.wrap(bytes(text)));
    }

    /** In pieces of random size, from memory in the heap and outside. */
    static void writeInPieces(OutputSink sink, byte[] bytes, Random random, int largest) {
        for (int at = 0; at < bytes.length; ) {
            int some = Math.min(bytes.length - at, 1 + random.nextInt(largest));
            ByteBuffer piece;
            if (random.nextBoolean()) {
                piece = ByteBuffer.wrap(bytes, at, some);
            } else {
                piece = ByteBuffer.allocateDirect(some + 3);
                piece.position(3).put(bytes, at, some).position(3);
            }
            sink.accept(piece);
            if (piece.hasRemaining()) {
                throw new AssertionError("not all bytes taken");
            }
            at += some;
        }
    }

    /** The rotated files and the file, oldest first. */
    static byte[] all(Path file) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int last = 0;
        while (Files.exists(LogRotation.numbered(file, last + 1))) {
            last++;
        }
        for (int i = last; i > 0; i--) {
            all.write(Files.readAllBytes(LogRotation.numbered(file, i)));
        }
        if (Files.exists(file)) {
            all.write(Files.readAllBytes(file));
        }
        return all.toByteArray();
    }

    /** What a stream wrote, out of a stamped file; fails on a record that is none. */
    static byte[] strip(byte[] file, char ended) {
        char open = Character.toUpperCase(ended);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int start = 0; start < file.length; ) {
            int end = LineSplitter.newline(file, start, file.length);
            if (end < start + Stamp.LENGTH) {
                throw new AssertionError("no record at " + start + " of " + file.length);
            }
            String stamp = new String(file, start, Stamp.LENGTH, StandardCharsets.ISO_8859_1);
            if (!stamp.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z [oOeEn] ")) {
                throw new AssertionError("no stamp: " + stamp);
            }
            char letter = stamp.charAt(Stamp.LETTER);
            if (letter == ended || letter == open) {
                bytes.write(file, start + Stamp.LENGTH, end - start - Stamp.LENGTH + (letter == ended ? 1 : 0));
            }
            start = end + 1;
        }
        return bytes.toByteArray();
    }

    static List<String> texts(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::text).toList();
    }
}
