package io.millwright.wamp.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;

/** Makes a key for cryptosign; {@code millwright remote keygen} calls it. */
public final class Keygen {
    private static final int SEED_BYTES = 32;

    private Keygen() {}

    /**
     * Writes the seed of a new key, in hexadecimal, into a file that only its owner can read, and prints the public key.
     *
     * @param args the file, which must not be there
     */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("millwright: keygen needs the name of a new file");
            System.exit(2);
        }
        byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        try {
            write(Path.of(args[0]), HexFormat.of().formatHex(seed) + "\n");
        } catch (FileAlreadyExistsException e) {
            System.err.println("millwright: " + args[0] + " is there already; nothing was changed");
            System.exit(1);
        } catch (IOException e) {
            System.err.println("millwright: cannot write the key: " + e);
            System.exit(1);
        }
        System.out.println(Ed25519.hex(Ed25519.ofSeed(seed).getPublic()));
    }

    private static void write(Path file, String text) throws IOException {
        try (var channel = Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
