package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * One worker's log file: appends, rotates, and when the disk refuses counts what is lost and says so once it is back. Opened
 * by the first byte, so a silent worker has no descriptor. No method throws because of the disk. Guarded by the writer lock of
 * its {@link LogWriter}, but for {@link #lostBytes}.
 */
final class LogFile {
    private static final long ROTATION_RETRY_MILLIS = 1000;

    /** What the file gets. */
    enum Mode {
        OFF,
        STAMPED,
        RAW
    }

    private final Path path;
    private final AppendedFile file;
    private final RotatedFiles rotated;
    private final FileAge age = new FileAge();
    private final LogLoss loss = new LogLoss();
    private long maxSize;
    private int keep;

    private long checkedAt;
    private boolean rotationFailed;
    private boolean hasRotated;
    private long rotationFailedAt;
    private @Nullable String problem;
    private @Nullable String note;

    LogFile(RotatedFiles rotated, Path path, AppendedFile.Opener opener, LogOptions options) {
        this.rotated = rotated;
        this.path = path;
        file = new AppendedFile(path, opener, age::forget);
        configure(options);
    }

    void configure(LogOptions options) {
        maxSize = options.maxSize();
        keep = options.keep();
        age.configure(options.housekeeping().maxAge());
    }

    boolean isOpen() {
        return file.isOpen();
    }

    void close() {
        file.close();
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
        if (file.isOpen() && now != checkedAt) {
            checkedAt = now;
            file.check();
        }
        if (!file.isOpen() && (force || !loss.failing() || loss.retryDue(now))) {
            tryOpen(now);
        }
        if (file.isOpen() && file.isAtLineStart() && !rotationPauses(now) && age.isOver(path, file.size(), now)) {
            rotate(now);
        }
    }

    private void tryOpen(long now) {
        try {
            file.open();
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
        return batch.out.length - batch.size > record
                && !(file.size() + batch.size > 0 && full(batch.size, record, now));
    }

    /** For how many bytes of records the batch surely has room with no write before them; 0 if the next record is special. */
    int room(LogBuffers.Space batch) {
        if (batch.size == 0 && !file.isAtLineStart()) {
            return 0;
        }
        return (int) Math.max(0, Math.min(batch.out.length - batch.size - 1, maxSize - file.size() - batch.size));
    }

    /** Adds a record to the batch; it must fit. */
    void add(LogBuffers.Space batch, long time, int kind, byte[] bytes, int from, int length) {
        byte[] out = batch.out;
        int at = batch.size;
        if (at == 0 && !file.isAtLineStart()) {
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
        if (file.size() > 0 && full(0, Stamp.LENGTH + length + 1, now)) {
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
            if (!file.isOpen()) {
                loss.addRecords(batch, 0, now);
            } else {
                file.write(batch);
            }
        } catch (IOException e) {
            int kept = batch.position();
            while (kept > 0 && batch.get(kept - 1) != '\n') {
                kept--;
            }
            loss.addRecords(batch, kept, now);
            file.cutBack(kept);
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
            while (file.isOpen() && bytes.hasRemaining()) {
                if (full(0, bytes.remaining(), now)) {
                    bytes.limit(bytes.position() + rawRoom(bytes));
                }
                if (bytes.hasRemaining()) {
                    file.write(bytes);
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

    /** How many of the bytes still go into the full file: up to the last line end that fits, all that fit if there is none. */
    private int rawRoom(ByteBuffer bytes) {
        int room = (int) Math.max(0, Math.min(maxSize - file.size(), bytes.remaining()));
        for (int i = room; i > 0; i--) {
            if (bytes.get(bytes.position() + i - 1) == '\n') {
                return i;
            }
        }
        return file.isAtLineStart() && file.size() > 0 ? 0 : room;
    }

    private boolean full(int staged, int more, long now) {
        long present = file.size() + staged;
        return present + more > maxSize && file.isOpen() && !rotationPauses(now);
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
            BasicFileAttributes present = AppendedFile.attributes(path);
            if (present != null && present.isRegularFile() && present.size() > 0) {
                rotate(now);
            }
        } catch (IOException e) {
            problem = "cannot rotate " + path + ": " + AppendedFile.reason(e);
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
                problem = "cannot rotate " + path + ", it grows beyond max.size: " + AppendedFile.reason(e);
            }
            rotationFailed = true;
            rotationFailedAt = now;
        }
        prepare(now, true);
    }

    private void writeLoss(long now) throws IOException {
        String text = loss.note();
        byte[] bytes = LogLoss.utf8(text);
        ByteBuffer record = ByteBuffer.allocate(1 + Stamp.LENGTH + bytes.length + 1);
        if (!file.isAtLineStart()) {
            record.put((byte) '\n');
        }
        byte[] stamp = new byte[Stamp.LENGTH];
        new Stamp().put(now, (byte) 'n', stamp, 0);
        record.put(stamp).put(bytes).put((byte) '\n').flip();
        try {
            file.write(record);
        } catch (IOException e) {
            file.cutBack(0);
            throw e;
        }
        loss.told();
        note = text;
    }

    private void fail(IOException e, long now) {
        String reason = AppendedFile.reason(e);
        close();
        if (loss.failed(reason, now)) {
            problem = "cannot write " + path + ": " + reason
                    + "; the worker goes on, its lines are in memory only until the file can be written again";
        }
    }
}
