package io.millwright.controller.internal.process.orphan;

import io.millwright.controller.internal.process.tree.LimitMark;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the watchdog's shell process and leaves a note of it for the next node. Used by one thread. */
final class WatchdogProgram {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogProgram.class);

    private final List<String> command;
    private final String nonce;
    private final Path file;
    private final ProcessTable table;

    WatchdogProgram(List<String> prefix, String nonce, Duration grace, Path file, Path journal, ProcessTable table)
            throws IOException {
        this.nonce = nonce;
        this.file = file;
        this.table = table;
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("/bin/sh", "-c", script(), "millwright-watchdog", nonce));
        words.add(Long.toString(Math.max(0, grace.toSeconds())));
        words.add(journal.toAbsolutePath().toString());
        words.add(new LimitMark(nonce).digits());
        this.command = List.copyOf(words);
    }

    private static String script() throws IOException {
        try (InputStream in = WatchdogProgram.class.getResourceAsStream("watchdog.sh")) {
            if (in == null) {
                throw new IOException("the watchdog's script is missing in this bundle");
            }
            // Comments would only make the output of ps longer.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*#.*\\R", "");
        }
    }

    Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        // Not the nonce: its own sweep would find it. Not the node's variables: an outer node's sweep would.
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        // An outer node leaves it to its work.
        builder.environment().put(Tag.NODE, Tag.WATCHDOG);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process started = builder.start();
        note(started.pid());
        return started;
    }

    private void note(long pid) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, pid + " " + table.startTime(pid) + " " + nonce + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // It protects all the same; only the next node would not wait for it.
            LOG.warn("cannot note the watchdog in {}: {}", file, e.toString());
        }
    }
}
