package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file of the audit log, which is rotated as logs of workers are. Numbers go on after the last one that is in it. A file that is
 * moved or removed is made anew; what is no regular file is never opened. For one thread.
 */
class AuditFile implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("(?m)^\\{\"number\":(\\d{1,18}),.*\\}$");
    /** A line is at most some 110 keys and a target long; several fit in any case. */
    private static final int TAIL = 256 * 1024;

    private final Path path;
    private final long maxSize;
    private final int keep;
    private @Nullable SeekableByteChannel channel;
    private @Nullable Object key;
    private @Nullable Long before;

    AuditFile(Path path, long maxSize, int keep) {
        this.path = path;
        this.maxSize = maxSize;
        this.keep = keep;
    }

    /**
     * Appends a line. What is half written is taken away.
     *
     * @param nth which line of this life of the node it is, from 1
     * @param line makes it, given its number
     * @throws IOException if the file does not take it; a later line is tried anew
     */
    void write(long nth, LongFunction<byte[]> line) throws IOException {
        if (before == null) {
            before = lastNumber();
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.apply(before + nth));
        SeekableByteChannel open = open();
        if (open.size() > 0 && open.size() + bytes.remaining() > maxSize) {
            close();
            LogRotation.rotate(path, keep);
            open = open();
        }
        long size = open.size();
        try {
            put(open, bytes);
        } catch (IOException failed) {
            try {
                open.truncate(size);
            } catch (IOException stays) {
                failed.addSuppressed(stays);
            }
            close();
            throw failed;
        }
    }

    /** Writes a line; tests make it fail. */
    void put(SeekableByteChannel open, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    private SeekableByteChannel open() throws IOException {
        SeekableByteChannel present = channel;
        if (present != null && Objects.equals(key, keyOf())) {
            return present;
        }
        close();
        SeekableByteChannel opened = AppendedFile.append(path);
        channel = opened;
        key = keyOf();
        if (opened.size() > 0 && !endsWithNewline(opened.size())) {
            // A node that was killed while it wrote.
            put(opened, ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return opened;
    }

    private @Nullable Object keyOf() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private boolean endsWithNewline(long size) throws IOException {
        try (SeekableByteChannel reader = reader(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            return reader.position(size - 1).read(one) == 1 && one.get(0) == '\n';
        }
    }

    private static SeekableByteChannel reader(Path file) throws IOException {
        return Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** The last number in the file, or in the newest rotated one; 0 if there is none. */
    private long lastNumber() throws IOException {
        long last = lastNumber(path);
        return last > 0 ? last : lastNumber(LogRotation.numbered(path, 1));
    }

    private static long lastNumber(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        try (SeekableByteChannel reader = reader(file)) {
            long from = Math.max(0, reader.size() - TAIL);
            ByteBuffer tail = ByteBuffer.allocate((int) (reader.size() - from));
            reader.position(from);
            while (tail.hasRemaining() && reader.read(tail) >= 0) {
                continue;
            }
            Matcher number = NUMBER.matcher(new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8));
            long last = 0;
            while (number.find()) {
                last = Math.max(last, Long.parseLong(number.group(1)));
            }
            return last;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        SeekableByteChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // all bytes were handed over; there is nothing left to try
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
