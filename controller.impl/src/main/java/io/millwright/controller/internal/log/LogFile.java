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
 * One worker's log file: appends, rotates, and when the disk refuses counts what is lost and says so once it is back. Opened
 * by the first byte, so a silent worker has no descriptor. No method throws because of the disk. Guarded by the writer lock of
 * its {@link WorkerLog}, but for {@link #lostBytes}.
 */
final class LogFile {
    private static final long ROTATION_RETRY_MILLIS = 1000;

    /** What the file gets. */
    enum Mode {
        OFF,
        STAMPED,
        RAW
    }

    /** Opens the file for appending; tests make it fail. */
    interface Opener {
        SeekableByteChannel open(Path file) throws IOException;
    }

    private final Path path;
    private final Opener opener;
    private final RotatedFiles rotated;
    private final FileAge age = new FileAge();
    private final LogLoss loss = new LogLoss();
    private long maxSize;
    private int keep;

    private @Nullable SeekableByteChannel channel;
    /** Which file is open, to see whether the path still leads to it. */
    private @Nullable Object key;

    private long checkedAt;
    private long size;
    private boolean atLineStart = true;
    private boolean rotationFailed;
    private boolean hasRotated;
    private long rotationFailedAt;
    private @Nullable String problem;
    private @Nullable String note;

    LogFile(RotatedFiles rotated, Path path, Opener opener, LogOptions options) {
        this.rotated = rotated;
        this.path = path;
        this.opener = opener;
        configure(options);
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
    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
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

    void configure(LogOptions options) {
        maxSize = options.maxSize();
        keep = options.keep();
        age.configure(options.housekeeping().maxAge());
    }

    boolean isOpen() {
        return channel != null;
    }

    /** May be called by any thread. */
    long lostBytes() {
        return loss.total();
    }

    /** What is lost and why, {@code null} if nothing is and it can be written. May be called by any thread. */
    @Nullable
    String trouble() {
        return loss.trouble();
    }

    /** What the user should hear, once. */
    @Nullable
    String takeProblem() {
        String taken = problem;
        problem = null;
        return taken;
    }

    /** The note about lost lines that was written, once. */
    @Nullable
    String takeNote() {
        String taken = note;
        note = null;
        return taken;
    }

    /**
     * Opens it, or tries again after a failure if it is time.
     *
     * @param force whether to try although it is not
     */
    void prepare(long now, boolean force) {
        // once a millisecond, so that a flood does not pay for it with each piece
        if (channel != null && now != checkedAt) {
            checkedAt = now;
            check();
        }
        if (channel == null && (force || !loss.failing() || loss.retryDue(now))) {
            tryOpen(now);
        }
        if (channel != null && atLineStart && !rotationPauses(now) && age.isOver(path, size, now)) {
            rotate(now);
        }
    }

    private void tryOpen(long now) {
        try {
            open();
            if (loss.pending()) {
                writeLoss(now);
            }
            loss.works();
        } catch (IOException e) {
            fail(e, now);
        }
    }

    /** Tries to say what is lost, if something is: the stream ended and nothing may follow for long. */
    void tellLoss(long now) {
        if (loss.pending()) {
            prepare(now, true);
        }
    }

    /** Whether a record with so many bytes of the worker can be added to the batch with no write before it. */
    boolean fits(LogBuffers.Space batch, int length, long now) {
        int record = Stamp.LENGTH + length + 1;
        return batch.out.length - batch.size > record && !(size + batch.size > 0 && full(batch.size, record, now));
    }

    /** For how many bytes of records the batch surely has room with no write before them; 0 if the next record is special. */
    int room(LogBuffers.Space batch) {
        if (batch.size == 0 && !atLineStart) {
            return 0;
        }
        return (int) Math.max(0, Math.min(batch.out.length - batch.size - 1, maxSize - size - batch.size));
    }

    /** Adds a record to the batch; it must fit. */
    void add(LogBuffers.Space batch, long time, int kind, byte[] bytes, int from, int length) {
        byte[] out = batch.out;
        int at = batch.size;
        if (at == 0 && !atLineStart) {
            out[at++] = '\n';
        }
        batch.stamp.put(time, LogLine.letter(kind), out, at);
        at += Stamp.LENGTH;
        System.arraycopy(bytes, from, out, at, length);
        at += length;
        out[at] = '\n';
        batch.size = at + 1;
    }

    /** Writes the batch, and rotates if a record of that length would not fit after it. */
    void makeRoom(LogBuffers.Space batch, int length, long now) {
        flush(batch, now);
        if (size > 0 && full(0, Stamp.LENGTH + length + 1, now)) {
            rotate(now);
        }
    }

    /** Writes the batch; what the disk does not take is lost, in whole records. */
    void flush(LogBuffers.Space space, long now) {
        if (space.size == 0) {
            return;
        }
        ByteBuffer batch = space.disk.clear().put(space.out, 0, space.size).flip();
        space.size = 0;
        try {
            if (channel == null) {
                loss.addRecords(batch, 0, now);
            } else {
                write(batch);
            }
        } catch (IOException e) {
            int kept = batch.position();
            while (kept > 0 && batch.get(kept - 1) != '\n') {
                kept--;
            }
            loss.addRecords(batch, kept, now);
            size += kept;
            cutBack();
            fail(e, now);
        }
    }

    /** Writes bytes as they are, rotating after a line end where there is one. */
    void writeRaw(ByteBuffer bytes, LogBuffers.Space space, long now) {
        if (bytes.isDirect()) {
            writeRaw(bytes, now);
            return;
        }
        while (bytes.hasRemaining()) {
            int some = Math.min(bytes.remaining(), space.disk.capacity());
            writeRaw(space.disk.clear().put(bytes.slice(bytes.position(), some)).flip(), now);
            bytes.position(bytes.position() + some);
        }
    }

    private void writeRaw(ByteBuffer bytes, long now) {
        int limit = bytes.limit();
        try {
            while (channel != null && bytes.hasRemaining()) {
                if (full(0, bytes.remaining(), now)) {
                    bytes.limit(bytes.position() + rawRoom(bytes));
                }
                if (bytes.hasRemaining()) {
                    write(bytes);
                }
                if (bytes.limit() < limit) {
                    bytes.limit(limit);
                    rotate(now);
                }
            }
        } catch (IOException e) {
            fail(e, now);
        }
        bytes.limit(limit);
        if (bytes.hasRemaining()) {
            loss.addRaw(bytes, now);
        }
        bytes.position(limit);
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

    /** How many of the bytes still go into the full file: up to the last line end that fits, all that fit if there is none. */
    private int rawRoom(ByteBuffer bytes) {
        int room = (int) Math.max(0, Math.min(maxSize - size, bytes.remaining()));
        for (int i = room; i > 0; i--) {
            if (bytes.get(bytes.position() + i - 1) == '\n') {
                return i;
            }
        }
        return atLineStart && size > 0 ? 0 : room;
    }

    private boolean full(int staged, int more, long now) {
        long present = size + staged;
        return present + more > maxSize && channel != null && !rotationPauses(now);
    }

    private boolean rotationPauses(long now) {
        return rotationFailed && now >= rotationFailedAt && now - rotationFailedAt < ROTATION_RETRY_MILLIS;
    }

    /** Whether a file was rotated, once. */
    boolean takeRotation() {
        boolean taken = hasRotated;
        hasRotated = false;
        return taken;
    }

    /** Rotates a file that has something in it. */
    void rotateNow(long now) {
        try {
            BasicFileAttributes present = attributes(path);
            if (present != null && present.isRegularFile() && present.size() > 0) {
                rotate(now);
            }
        } catch (IOException e) {
            problem = "cannot rotate " + path + ": " + reason(e);
        }
    }

    private void rotate(long now) {
        close();
        try {
            rotated.rotate(keep);
            age.forget();
            hasRotated = true;
            rotationFailed = false;
        } catch (IOException e) {
            if (!rotationFailed) {
                problem = "cannot rotate " + path + ", it grows beyond max.size: " + reason(e);
            }
            rotationFailed = true;
            rotationFailedAt = now;
        }
        prepare(now, true);
    }

    /** Closes a file that is no longer the one at the path, and sees what others did to its size. */
    private void check() {
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
            age.forget();
        }
        return opened;
    }

    private void open() throws IOException {
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

    private void writeLoss(long now) throws IOException {
        String text = loss.note();
        byte[] bytes = LogLoss.utf8(text);
        ByteBuffer record = ByteBuffer.allocate(1 + Stamp.LENGTH + bytes.length + 1);
        if (!atLineStart) {
            record.put((byte) '\n');
        }
        byte[] stamp = new byte[Stamp.LENGTH];
        new Stamp().put(now, (byte) 'n', stamp, 0);
        record.put(stamp).put(bytes).put((byte) '\n').flip();
        try {
            write(record);
        } catch (IOException e) {
            cutBack();
            throw e;
        }
        loss.told();
        note = text;
    }

    /** Writes everything; after an exception the position says how much was written, and {@code size} is as before. */
    private void write(ByteBuffer bytes) throws IOException {
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

    /** Takes a half record away; where that is impossible, {@link #open} sees it and ends the line first. */
    private void cutBack() {
        SeekableByteChannel open = channel;
        if (open != null) {
            try {
                open.truncate(size);
            } catch (IOException e) {
                // what follows is the report of the failure that brought us here
            }
        }
    }

    private void fail(IOException e, long now) {
        String reason = reason(e);
        close();
        if (loss.failed(reason, now)) {
            problem = "cannot write " + path + ": " + reason
                    + "; the worker goes on, its lines are in memory only until the file can be written again";
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
