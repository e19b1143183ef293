package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to: opens regular files alone, sees when the path leads to another one, takes bytes whole or says how many it
 * took, and leaves no half of what failed. Guarded as its {@link LogFile}.
 */
final class AppendedFile {
    /** Opens the file for appending; tests make it fail. */
    interface Opener {
        SeekableByteChannel open(Path file) throws IOException;
    }

    private final Path path;
    private final Opener opener;
    private final Runnable onOther;

    private @Nullable SeekableByteChannel channel;
    /** Which file is open, to see whether the path still leads to it. */
    private @Nullable Object key;

    private long size;
    private boolean atLineStart = true;

    /**
     * A file that is not open.
     *
     * @param onOther called when another file is opened than before
     */
    AppendedFile(Path path, Opener opener, Runnable onOther) {
        this.path = path;
        this.opener = opener;
        this.onOther = onOther;
    }

    /** Only a regular file is opened: a FIFO would block for ever, and a link may lead anywhere. */
    static SeekableByteChannel append(Path file) throws IOException {
        BasicFileAttributes present = attributes(file);
        if (present != null && !present.isRegularFile()) {
            throw new IOException("it is a " + kind(present) + ", not a regular file; once it is gone, a file is made");
        }
        try {
            return newChannel(file);
        } catch (NoSuchFileException e) {
            Path folder = file.getParent();
            if (folder == null) {
                throw e;
            }
            Files.createDirectories(folder);
            return newChannel(file);
        }
    }

    private static SeekableByteChannel newChannel(Path file) throws IOException {
        return Files.newByteChannel(
                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    }

    /** What is at the path now, a link itself and not its target; {@code null} if nothing is. */
    static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String kind(BasicFileAttributes present) {
        if (present.isSymbolicLink()) {
            return "link";
        }
        return present.isDirectory() ? "folder" : "FIFO, socket or device";
    }

    boolean isOpen() {
        return channel != null;
    }

    /** How much is in it, as far as is known. */
    long size() {
        return size;
    }

    /** Whether the next byte begins a line. */
    boolean isAtLineStart() {
        return atLineStart;
    }

    void close() {
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

    /** Closes a file that is no longer the one at the path, and sees what others did to its size. */
    void check() {
        try {
            BasicFileAttributes present = attributes(path);
            if (present == null || !present.isRegularFile() || !Objects.equals(present.fileKey(), key)) {
                close();
            } else if (present.size() != size) {
                size = present.size();
                atLineStart = size == 0 || endsWithNewline();
            }
        } catch (IOException e) {
            // opening it again tells why
            close();
        }
    }

    private SeekableByteChannel openChannel() throws IOException {
        SeekableByteChannel opened = opener.open(path);
        channel = opened;
        BasicFileAttributes present = attributes(path);
        Object before = key;
        key = present == null ? null : present.fileKey();
        if (!Objects.equals(before, key)) {
            onOther.run();
        }
        return opened;
    }

    /** Opens it; a line that others left without an end is seen. */
    void open() throws IOException {
        SeekableByteChannel opened = openChannel();
        long known = size;
        size = opened.size();
        if (size != known || size == 0) {
            atLineStart = size == 0 || endsWithNewline();
        }
    }

    private boolean endsWithNewline() {
        try (SeekableByteChannel last =
                Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            return last.position(size - 1).read(one) == 1 && one.get(0) == '\n';
        } catch (IOException e) {
            // not readable: an empty line too many is better than two lines glued
            return false;
        }
    }

    /** Writes everything; after an exception the position says how much was written, and {@code size} is as before. */
    void write(ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        // an interrupt is the backend's business; a channel would close
        boolean interrupted = Thread.interrupted();
        try {
            while (bytes.hasRemaining()) {
                SeekableByteChannel open = channel;
                if (open == null) {
                    throw new IOException("closed");
                }
                try {
                    if (open.write(bytes) <= 0) {
                        throw new IOException("the disk takes nothing");
                    }
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    reopenAt(size);
                    bytes.position(start);
                }
            }
            size += bytes.position() - start;
            atLineStart = bytes.get(bytes.position() - 1) == '\n';
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopenAt(long good) throws IOException {
        SeekableByteChannel opened = openChannel();
        opened.truncate(good);
        size = opened.size();
    }

    /**
     * After bytes that were not all written: takes a half record away; where that is impossible, {@link #open} sees it and ends the line first.
     *
     * @param kept how many of these bytes stay
     */
    void cutBack(int kept) {
        size += kept;
        SeekableByteChannel open = channel;
        if (open != null) {
            try {
                open.truncate(size);
            } catch (IOException e) {
                // what follows is the report of the failure that brought us here
            }
        }
    }

    /** Why a file could not be written, in the words of the system. */
    static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
