package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a listener's certificate and key are: two files of PEM, or a store. Immutable.
 *
 * @param certificates a file of PEM, {@code null} if the key's file is a store that has them
 * @param key a file of PEM, or a store of PKCS #12
 * @param passwordFile has the password of the store, {@code null} if it has none
 */
record TlsFiles(@Nullable Path certificates, Path key, @Nullable Path passwordFile) {
    /** What changes when the files do. */
    String stamp() throws IOException {
        StringBuilder stamp = new StringBuilder();
        for (Path file : new @Nullable Path[] {certificates, key, passwordFile}) {
            if (file != null) {
                try {
                    stamp.append(Files.getLastModifiedTime(file))
                            .append(' ')
                            .append(Files.size(file))
                            .append(' ');
                } catch (FileSystemException e) {
                    throw sentence(e);
                }
            }
        }
        return stamp.toString();
    }

    /** The password of the store; empty if it has none. */
    char[] password() throws IOException {
        return passwordFile == null
                ? new char[0]
                : new String(content(passwordFile), StandardCharsets.UTF_8)
                        .strip()
                        .toCharArray();
    }

    /** What one of the files has. */
    static byte[] content(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (FileSystemException e) {
            throw sentence(e);
        }
    }

    /** Of some of the exceptions of java.nio the message is the path, and nothing else. */
    private static IOException sentence(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return new IOException("the file " + e.getFile() + " is not there", e);
        }
        return e instanceof AccessDeniedException
                ? new IOException("the file " + e.getFile() + " may not be read by this user", e)
                : e;
    }

    /** For messages: the file with the certificate. */
    @Override
    public String toString() {
        return String.valueOf(certificates == null ? key : certificates);
    }
}
