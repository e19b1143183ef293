package io.millwright.controller.internal.node;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The node's Ed25519 key pair (RFC 8032): made once, kept in {@code key/node.key} (PKCS#8, PEM, for the node's user only)
 * and {@code key/node.pub} (hex).
 */
public final class NodeKey {
    private static final int RAW_LENGTH = 32;

    private NodeKey() {}

    /**
     * Reads the public key, making the pair if there is none. Blocks.
     *
     * @param directory the node directory
     * @return 32 bytes in lower-case hex
     * @throws IOException if the files cannot be read or made; the message says which
     */
    public static String publicKey(NodeDirectory directory) throws IOException {
        Path secret = directory.key().resolve("node.key");
        Path open = directory.key().resolve("node.pub");
        if (Files.exists(secret) && Files.exists(open)) {
            String hex = Files.readString(open).trim();
            if (!hex.matches("[0-9a-f]{64}")) {
                throw new IOException(open + " does not hold a public key of 64 hex digits; restore it, or remove "
                        + directory.key() + " to give the node a new identity");
            }
            return hex;
        }
        if (Files.exists(secret) != Files.exists(open)) {
            throw new IOException(directory.key() + " must hold both node.key and node.pub; restore the missing one, or"
                    + " remove the other to give the node a new identity");
        }
        return create(secret, open);
    }

    private static String create(Path secret, Path open) throws IOException {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM cannot make Ed25519 keys: " + e.getMessage(), e);
        }
        byte[] encoded = pair.getPublic().getEncoded();
        String hex = HexFormat.of().formatHex(Arrays.copyOfRange(encoded, encoded.length - RAW_LENGTH, encoded.length));
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        write(secret, pem);
        write(open, hex + "\n");
        return hex;
    }

    private static void write(Path file, String text) throws IOException {
        FileAttribute<?>[] mode =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            Files.createFile(fresh, mode);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("two nodes make keys in " + file.getParent() + " at the same time", e);
        }
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
