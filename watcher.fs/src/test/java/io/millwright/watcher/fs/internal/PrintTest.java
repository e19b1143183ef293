package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintTest {
    private static final Instant WRITTEN = Instant.parse("2026-01-02T03:04:05.678Z");

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    private static Path written(Path file, String text, Instant time) throws IOException {
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.from(time));
    }

    @Test
    void timeLengthAndIdentityTellFilesApart(@TempDir Path temp) throws IOException {
        Path file = written(temp.resolve("file"), "abc", WRITTEN);
        long now = System.currentTimeMillis();
        Print print = new Print(attributes(file), now);
        assertThat(print.isSame(new Print(attributes(file), now))).isTrue();
        written(file, "abcd", WRITTEN);
        assertThat(print.isSame(new Print(attributes(file), now))).isFalse();
        written(file, "abc", WRITTEN.plusNanos(1000));
        assertThat(print.isSame(new Print(attributes(file), now))).isFalse();
        Files.move(written(temp.resolve("new"), "abc", WRITTEN), file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(print.isSame(new Print(attributes(file), now))).isFalse();
    }

    @Test
    void onlyWhatWasTakenWithinAClockTickOfItsWriteIsInDoubtAndNotForLong(@TempDir Path temp) throws IOException {
        BasicFileAttributes file = attributes(written(temp.resolve("file"), "x", WRITTEN));
        long time = WRITTEN.toEpochMilli();
        assertThat(new Print(file, time + 5).isInDoubt(time + 500)).isTrue();
        assertThat(new Print(file, time + 5).isInDoubt(time + 5_000)).isFalse();
        assertThat(new Print(file, time + 500).isInDoubt(time + 600)).isFalse();
        // A clock of the filesystem that is a little ahead.
        assertThat(new Print(file, time - 5).isInDoubt(time + 5)).isTrue();
    }

    @Test
    void filesystemsWithWholeSecondsAreDoubtedForSeconds(@TempDir Path temp) throws IOException {
        Instant whole = Instant.parse("2026-01-02T03:04:05Z");
        BasicFileAttributes file = attributes(written(temp.resolve("file"), "x", whole));
        assertThat(new Print(file, whole.toEpochMilli() + 900).isInDoubt(whole.toEpochMilli() + 950))
                .isTrue();
    }
}
