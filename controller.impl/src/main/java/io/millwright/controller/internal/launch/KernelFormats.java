package io.millwright.controller.internal.launch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * What Linux executes by interpreters that were registered with it (binfmt_misc): programs of other machines by an emulator,
 * jars by java. Thread-safe; blocks to read the list.
 */
final class KernelFormats {
    /** Those of this machine. */
    static final KernelFormats SYSTEM = new KernelFormats(Path.of("/proc/sys/fs/binfmt_misc"));

    private final Path directory;

    KernelFormats(Path directory) {
        this.directory = directory;
    }

    /** Whether one of them takes a file that begins so. */
    boolean take(byte[] start, Path file) {
        try (DirectoryStream<Path> formats = Files.newDirectoryStream(directory)) {
            for (Path format : formats) {
                if (takes(Files.readAllLines(format), start, file)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException | IllegalArgumentException e) {
            // There are none, or they may not be read: then the system says itself what it cannot execute.
        }
        return false;
    }

    private static boolean takes(List<String> format, byte[] start, Path file) {
        if (!format.contains("enabled")) {
            return false;
        }
        byte[] magic = {};
        byte[] mask = {};
        int offset = 0;
        for (String line : format) {
            String value = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("extension ")) {
                return file.toString().endsWith(value);
            } else if (line.startsWith("offset ")) {
                offset = Integer.parseInt(value);
            } else if (line.startsWith("magic ")) {
                magic = HexFormat.of().parseHex(value);
            } else if (line.startsWith("mask ")) {
                mask = HexFormat.of().parseHex(value);
            }
        }
        boolean same = magic.length > 0 && offset + magic.length <= start.length;
        for (int i = 0; same && i < magic.length; i++) {
            int bits = i < mask.length ? mask[i] : -1;
            same = (start[offset + i] & bits) == (magic[i] & bits);
        }
        return same;
    }
}
