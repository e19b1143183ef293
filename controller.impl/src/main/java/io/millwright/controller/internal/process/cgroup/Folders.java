package io.millwright.controller.internal.process.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is done with the directories and files of groups. Stateless; every method blocks for files. */
class Folders {
    /** Makes a group. */
    void make(Path group) throws IOException {
        Files.createDirectory(group);
    }

    /** Takes one group away, which must be empty. */
    void remove(Path group) throws IOException {
        Files.delete(group);
    }

    /** Takes a group and those in it away; one that is gone is no fault. */
    final void removeAll(Path group) throws IOException {
        for (Path inner : inner(group)) {
            removeAll(inner);
        }
        try {
            remove(group);
        } catch (NoSuchFileException e) {
            return;
        }
    }

    /** The groups in a group. */
    static List<Path> inner(Path group) throws IOException {
        try (Stream<Path> all = Files.list(group)) {
            return all.filter(Files::isDirectory).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Writes one line; a file the kernel does not have is a fault. */
    void write(Path file, String text) throws IOException {
        try {
            Files.write(
                    file,
                    text.getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (NoSuchFileException e) {
            throw new IOException("this kernel has no " + file.getFileName() + " in " + file.getParent(), e);
        } catch (IOException e) {
            throw new IOException("'" + text + "' could not be written to " + file + ": " + reason(e), e);
        }
    }

    /** What the system says; of some of the exceptions of java.nio the message is the path, and nothing else. */
    static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    /** Whether a process that is no zombie is in a group, or in one below it. */
    static boolean isPopulated(Path group) throws IOException {
        return number(group.resolve("cgroup.events"), "populated") > 0;
    }

    /** The number behind a word in a file of such lines; 0 if it is not there. */
    static long number(Path file, String word) throws IOException {
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] words = line.split(" ");
                if (words.length == 2 && words[0].equals(word)) {
                    return Long.parseLong(words[1]);
                }
            }
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }

    /** The processes in a group itself. */
    static List<Long> direct(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> Long.valueOf(line.strip()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The processes in a group and in those below it. */
    static List<Long> members(Path group) throws IOException {
        List<Long> pids = new ArrayList<>(direct(group));
        for (Path inner : inner(group)) {
            pids.addAll(members(inner));
        }
        return pids;
    }

    /** Sends SIGKILL to all in a group: at once where the kernel can, else to each. */
    final void kill(Path group) throws IOException {
        Path file = group.resolve("cgroup.kill");
        if (Files.exists(file)) {
            write(file, "1");
            return;
        }
        for (long pid : members(group)) {
            ProcessHandle process = pid > 1 ? ProcessHandle.of(pid).orElse(null) : null;
            // The handle knows when its process began; what is in the group after it was made is that process.
            if (process != null
                    && pid != ProcessHandle.current().pid()
                    && members(group).contains(pid)) {
                process.destroyForcibly();
            }
        }
    }
}
