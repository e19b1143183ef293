package io.millwright.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: a limit that lets a JVM start, but not all that a node is made of. The command line tests run nodes at such limits. */
class ThreadRoomTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "1, true",
        "4096, true",
        "4097, false",
        "127373, false",
        "unlimited, false",
        "18446744073709551615, false"
    })
    void roomIsLookedForWhereProcessesAreFew(String soft, boolean expected) throws IOException {
        Path limits = temp.resolve("limits");
        Files.writeString(
                limits,
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max core file size        0                    unlimited            bytes
                Max processes             %-20s 127373               processes
                Max open files            1024                 524288               files
                """
                        .formatted(soft));
        assertEquals(expected, ThreadRoom.isShort(limits));
    }

    /** A unit with {@code TasksMax}, a container with a limit, a limit above the own group; version 2, version 1, and both beside another. */
    @ParameterizedTest
    @CsvSource({
        "0::/a/b, a/b, 60, true",
        "0::/a/b, a, 60, true",
        "0::/a/b, a/b, 4097, false",
        "0::/a/b, a/b, max, false",
        "0::/, ., 60, true",
        "0::/../x, a, 60, false",
        "8:pids:/a, pids/a, 60, true",
        "8:pids:/, pids, 60, true",
        "4:memory:/a, a, 60, false",
        "no group, a, 60, false"
    })
    void aGroupMayHaveFewToo(String own, String group, String most, boolean expected) throws IOException {
        Path mounts = temp.resolve("mounts");
        Files.createDirectories(mounts.resolve(group));
        Files.writeString(mounts.resolve(group).resolve("pids.max"), most + "\n");
        Path file = temp.resolve("cgroup");
        Files.writeString(file, "1:name=systemd:/\n" + own + "\n");
        assertEquals(expected, ThreadRoom.isShort(file, mounts));
    }

    @Test
    void withoutProcNothingIsTried() {
        assertFalse(ThreadRoom.isShort(temp.resolve("none")));
        assertFalse(ThreadRoom.isShort(temp.resolve("none"), temp));
    }
}
