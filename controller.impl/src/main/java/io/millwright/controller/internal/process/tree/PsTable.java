package io.millwright.controller.internal.process.tree;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of {@code ps}, for systems without {@code /proc}: one short process a look. Thread-safe. */
final class PsTable implements ProcessTable {
    @Override
    public List<ProcessEntry> list() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat=");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process ps = builder.start();
        List<ProcessEntry> entries = new ArrayList<>();
        try (BufferedReader reader = ps.inputReader()) {
            String line = reader.readLine();
            while (line != null) {
                String[] fields = line.trim().split("\\s+");
                if (fields.length >= 4) {
                    long pid = Long.parseLong(fields[0]);
                    boolean zombie = fields[3].startsWith("Z");
                    entries.add(new ProcessEntry(
                            pid, Long.parseLong(fields[1]), Long.parseLong(fields[2]), 0, startTime(pid), zombie));
                }
                line = reader.readLine();
            }
        } catch (NumberFormatException e) {
            throw new IOException("ps printed something else than pid, ppid, pgid and stat", e);
        } finally {
            ps.destroy();
        }
        if (entries.isEmpty()) {
            throw new IOException("ps printed no process; it must know -A and -o pid=,ppid=,pgid=,stat=");
        }
        return entries;
    }

    @Override
    public @Nullable ProcessEntry find(long pid) throws IOException {
        for (ProcessEntry entry : list()) {
            if (entry.pid() == pid) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public long startTime(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> instant.toEpochMilli())
                .orElse(UNKNOWN);
    }

    @Override
    public Tag tag(long pid) {
        return Tag.NONE;
    }
}
