package io.millwright.testkit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Small programs that behave as badly as real ones, for tests of whatever has to live with them. They need a POSIX shell, some
 * {@code perl}. Those that live on do so for an hour at least: end them, and their groups.
 */
public enum MisbehavingChild {
    /** Prints {@code ready} and ignores TERM for ever. */
    IGNORES_TERM("ignores-term.sh"),
    /** Ends on TERM, its own child does not; prints {@code grandchild PID} and {@code ready}. */
    GRANDCHILD_IGNORES_TERM("grandchild-ignores-term.sh"),
    /** Its child starts a session of its own and stays; prints {@code fled PID} and {@code ready}. */
    FLEES("flees.pl"),
    /** Prints {@code grandchild PID} and dies with code 1, leaving that child in its group. */
    CRASHES_LEAVING_GRANDCHILD("crashes-leaving-grandchild.sh"),
    /** Prints numbered lines of 64 bytes as fast as it can; argument: how many MiB, default 200. */
    FLOODS("floods.pl"),
    /** Prints a line of bytes that are no UTF-8, then {@code end}. */
    INVALID_UTF8("invalid-utf8.pl"),
    /** Prints one long line of {@code x}, then {@code end}; argument: its KiB, default 256. */
    LONG_LINE("long-line.pl"),
    /** Prints {@code ready}, closes its output and lives on. */
    CLOSES_OUTPUT("closes-output.sh"),
    /** Prints {@code no newline} without one and lives on. */
    NO_NEWLINE("no-newline.sh"),
    /** Ends at once and silently; argument: its exit code, default 3. */
    DIES_AT_ONCE("dies-at-once.sh"),
    /** Prints {@code ready} and dies of SIGSEGV. */
    SEGFAULTS("segfaults.sh"),
    /** Writes the lines {@code line 1} to {@code line 1000} at once and ends before they are read. */
    EXITS_UNDRAINED("exits-undrained.pl"),
    /** Prints nothing and lives. */
    HANGS_BEFORE_READY("hangs-before-ready.sh"),
    /** Prints {@code ready} after a while and lives on; argument: seconds, default 2. */
    STARTS_SLOWLY("starts-slowly.sh"),
    /** Prints {@code ready}, lives on and never reads its standard input. */
    READS_NO_INPUT("reads-no-input.sh");

    private final String script;

    MisbehavingChild(String script) {
        this.script = script;
    }

    /**
     * Writes the program to a directory, if it is not there yet.
     *
     * @param directory an existing directory
     * @param arguments what the program gets
     * @return the command that runs it: interpreter, script, arguments
     * @throws IOException if it cannot be written
     */
    public List<String> command(Path directory, String... arguments) throws IOException {
        Path file = directory.resolve(script).toAbsolutePath();
        if (!Files.exists(file)) {
            write(file);
        }
        List<String> command = new ArrayList<>(List.of(script.endsWith(".pl") ? "perl" : "/bin/sh", file.toString()));
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    /** Never half written: several tests may share a directory. */
    private void write(Path file) throws IOException {
        Path directory = file.getParent();
        Path temporary = Files.createTempFile(directory, script, ".tmp");
        try (InputStream in = MisbehavingChild.class.getResourceAsStream("children/" + script)) {
            if (in == null) {
                throw new FileNotFoundException("the test kit has lost its " + script);
            }
            Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
