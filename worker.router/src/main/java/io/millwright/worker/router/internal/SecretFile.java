package io.millwright.worker.router.internal;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with a secret, read again when it has changed. Thread-safe; a look at a local file is all that it blocks for. */
final class SecretFile {
    private static final int LONGEST = 4096;

    private final Path path;
    private String stamp = "";
    private String secret = "";

    SecretFile(Path path) {
        this.path = path;
    }

    /**
     * The secret, as the file has it now.
     *
     * @throws IOException with a sentence, if the file has none
     */
    synchronized String read() throws IOException {
        try {
            String now = Files.getLastModifiedTime(path) + " " + Files.size(path);
            if (!now.equals(stamp)) {
                secret = content();
                stamp = now;
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new IOException("the file " + path + " is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the file " + path + " may not be read by this user", e);
        }
    }

    private String content() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) > LONGEST) {
            throw new IOException("the file " + path + " must be a file of text with at most " + LONGEST + " bytes");
        }
        try {
            String text = Files.readString(path).strip();
            if (text.isEmpty()) {
                throw new IOException("the file " + path + " is empty");
            }
            return text;
        } catch (MalformedInputException e) {
            throw new IOException("the file " + path + " is no text in UTF-8", e);
        }
    }
}
