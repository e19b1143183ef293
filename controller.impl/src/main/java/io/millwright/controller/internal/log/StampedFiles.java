package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A worker's stamped log file and the rotated ones, open for reading together, so that a rotation meanwhile takes none away. Only
 * regular files are opened. For one thread; blocks for the disk.
 */
final class StampedFiles implements Closeable {
    /** Where the blank between the time and the letter is, and where the text begins. */
    private static final int TIME = 24;

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST = Stamp.LENGTH + LineSplitter.MAX_LINE;

    /** One that is open. */
    private record Source(SeekableByteChannel channel, boolean isCompressed) {
        InputStream stream() throws IOException {
            InputStream bytes = Channels.newInputStream(channel);
            return isCompressed ? new GZIPInputStream(bytes, BUFFER) : new BufferedInputStream(bytes, BUFFER);
        }
    }

    /** Oldest first. */
    private final List<Source> sources = new ArrayList<>();

    private final List<String> problems = new ArrayList<>();

    /** A file that was not written after this is passed over; {@code null} while all are wanted. */
    private @Nullable Instant oldest;

    private StampedFiles() {}

    /**
     * Opens those that may have lines newer than a time.
     *
     * @param file the newest; may be missing
     * @param after lines of this time and older ones are not wanted; {@code null} for all
     */
    static StampedFiles open(Path file, @Nullable Instant after) throws IOException {
        StampedFiles files = new StampedFiles();
        Set<Object> seen = new HashSet<>();
        try {
            Path next = file;
            for (int number = 1; files.add(next, seen) || number == 1; number++) {
                next = LogRotation.numbered(file, number);
                if (after != null && files.oldest == null && files.beginsBefore(after)) {
                    // Those before it have nothing newer, unless the clock was put back meanwhile.
                    files.oldest = after;
                }
            }
            Collections.reverse(files.sources);
            return files;
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** What could not be opened and why, a sentence each. */
    List<String> problems() {
        return problems;
    }

    /** The time of the first line of a file, {@code null} if it has none. */
    static @Nullable Instant firstTime(Path file) throws IOException {
        try (StampedFiles files = new StampedFiles()) {
            return files.open(file, new HashSet<>(), false) && !files.sources.isEmpty() ? files.newestBegins() : null;
        }
    }

    /** Opens one, or the compressed one of that name, unless there is neither. */
    private boolean add(Path file, Set<Object> seen) throws IOException {
        return open(file, seen, false) || open(LogRotation.compressed(file), seen, true);
    }

    private boolean open(Path file, Set<Object> seen, boolean isCompressed) throws IOException {
        try {
            BasicFileAttributes present =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!present.isRegularFile()) {
                problems.add(file + " is no regular file and was not searched");
                return true;
            }
            if (oldest != null && present.lastModifiedTime().toInstant().isBefore(oldest)) {
                return true;
            }
            Object key = present.fileKey();
            if (key == null || seen.add(key)) {
                sources.add(new Source(
                        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), isCompressed));
            }
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private boolean beginsBefore(Instant time) throws IOException {
        Instant first = sources.isEmpty() ? null : newestBegins();
        return first != null && !first.isAfter(time);
    }

    private @Nullable Instant newestBegins() throws IOException {
        Source newest = sources.get(sources.size() - 1);
        byte[] stamp = newest.stream().readNBytes(Stamp.LENGTH);
        newest.channel().position(0);
        LogEntry first = stamp.length == Stamp.LENGTH ? entry(stamp, stamp.length) : null;
        return first == null ? null : first.time();
    }

    /** Reads all lines, oldest first; what is no stamped line is passed over, and a line that is too long is cut. */
    void read(Consumer<LogEntry> taker) throws IOException {
        for (Source source : sources) {
            read(source.stream(), taker);
        }
    }

    private static void read(InputStream in, Consumer<LogEntry> taker) throws IOException {
        byte[] line = new byte[LONGEST];
        byte[] chunk = new byte[BUFFER];
        int length = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            for (int i = 0; i < count; i++) {
                if (chunk[i] != '\n') {
                    if (length < LONGEST) {
                        line[length++] = chunk[i];
                    }
                    continue;
                }
                give(line, length, taker);
                length = 0;
            }
        }
        give(line, length, taker);
    }

    private static void give(byte[] line, int length, Consumer<LogEntry> taker) {
        LogEntry entry = entry(line, length);
        if (entry != null) {
            taker.accept(entry);
        }
    }

    /** A line with its stamp, {@code null} if it has none. */
    private static @Nullable LogEntry entry(byte[] line, int length) {
        Stream stream = length < Stamp.LENGTH || line[TIME] != ' ' || line[Stamp.LENGTH - 1] != ' '
                ? null
                : switch (line[Stamp.LETTER]) {
                    case 'o', 'O' -> Stream.STDOUT;
                    case 'e', 'E' -> Stream.STDERR;
                    case 'n' -> Stream.NODE;
                    default -> null;
                };
        if (stream == null) {
            return null;
        }
        try {
            Instant time = Instant.parse(new String(line, 0, TIME, StandardCharsets.US_ASCII));
            int end = line[length - 1] == '\r' ? length - 1 : length;
            return LogEntry.of(
                    time,
                    stream,
                    null,
                    new String(line, Stamp.LENGTH, Math.max(0, end - Stamp.LENGTH), StandardCharsets.UTF_8));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Source source : sources) {
            try {
                source.channel().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
