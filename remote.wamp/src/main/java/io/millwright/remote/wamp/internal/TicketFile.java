package io.millwright.remote.wamp.internal;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file with a principal's ticket, read again when it has changed; looked at when somebody asks. Thread-safe; a look at a local file is all that
 * it blocks for.
 */
final class TicketFile {
    private static final int LONGEST = 4096;

    private final Path path;
    private String stamp = "";
    private String ticket = "";

    TicketFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /**
     * The ticket, as the file has it now.
     *
     * @throws IOException with a sentence, if the file has none
     */
    synchronized String read() throws IOException {
        try {
            String now = Files.getLastModifiedTime(path) + " " + Files.size(path);
            if (!now.equals(stamp)) {
                ticket = content();
                stamp = now;
            }
            return ticket;
        } catch (NoSuchFileException e) {
            throw new IOException("its ticket file " + path + " is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException("its ticket file " + path + " may not be read by the node's user", e);
        }
    }

    private String content() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) > LONGEST) {
            throw new IOException(
                    "its ticket file " + path + " must be a file of text with at most " + LONGEST + " bytes");
        }
        try {
            String text = Files.readString(path).strip();
            if (text.isEmpty()) {
                throw new IOException("its ticket file " + path + " is empty");
            }
            return text;
        } catch (MalformedInputException e) {
            throw new IOException("its ticket file " + path + " is no text in UTF-8", e);
        }
    }

    /** Why it cannot be used now, a sentence; {@code null} if it can. */
    @Nullable
    String trouble() {
        try {
            read();
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
