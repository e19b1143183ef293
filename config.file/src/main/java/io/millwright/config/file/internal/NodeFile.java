package io.millwright.config.file.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a node directory at one moment: a text, nothing, or a reason why it cannot be read. Immutable.
 *
 * @param name the file's name; {@code node.json} if there is none
 * @param text what it holds, {@code null} if there is no file or it cannot be read
 * @param fault why it cannot be read, {@code null} if it can or there is none
 * @param line where the fault is, 0 if in no line
 */
record NodeFile(String name, @Nullable String text, @Nullable String fault, int line) {
    private static final List<String> NAMES = List.of("node.json", "node.yaml", "node.yml");
    private static final List<String> SUFFIXES = List.of(".json", ".yaml", ".yml");
    private static final long MAX_BYTES = 64L << 20;

    Syntax syntax() {
        return name.endsWith(".json") ? Syntax.JSON : Syntax.YAML;
    }

    boolean isAbsent() {
        return text == null && fault == null;
    }

    private static NodeFile faulty(String name, String fault) {
        return new NodeFile(name, null, fault, 0);
    }

    /** Reads what is there; what cannot be read is told in the result. */
    static NodeFile read(Path directory) {
        List<String> present = present(directory);
        if (present.isEmpty()) {
            return new NodeFile(NAMES.get(0), null, null, 0);
        }
        String name = present.get(0);
        if (present.size() > 1) {
            return faulty(
                    name,
                    String.join(" and ", present) + " are both in " + directory
                            + "; a node has one of them, remove the other");
        }
        return of(name, directory.resolve(name));
    }

    /** Whether a file's name says that it is in a language that is read here. */
    static boolean isReadable(Path file) {
        return file.getFileName() != null
                && SUFFIXES.stream().anyMatch(file.getFileName().toString()::endsWith);
    }

    /** Reads one file, whatever its name and place. */
    static NodeFile of(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? of(file.toString(), file)
                : faulty(file.toString(), "there is no file " + file);
    }

    private static NodeFile of(String name, Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return faulty(name, file + " is a directory; it must be a file");
            } else if (!attributes.isRegularFile()) {
                return faulty(name, file + " is a pipe or device; it must be a file");
            } else if (attributes.size() > MAX_BYTES) {
                return faulty(name, file + " has " + attributes.size() + " bytes; at most " + MAX_BYTES + " are read");
            }
            return decode(name, Files.readAllBytes(file));
        } catch (AccessDeniedException e) {
            return faulty(
                    name, file + " cannot be read: permission denied for user " + System.getProperty("user.name", "?"));
        } catch (NoSuchFileException e) {
            return faulty(name, file + " is a link to something that is not there");
        } catch (IOException e) {
            return faulty(name, file + " cannot be read: " + e.getMessage());
        }
    }

    static boolean isAbsent(Path directory) {
        return present(directory).isEmpty();
    }

    /** Whether a file of that name in the node directory is read. */
    static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /** Whether the file of a node directory is a link to another file. */
    static boolean isLink(Path directory) {
        return NAMES.stream().anyMatch(name -> Files.isSymbolicLink(directory.resolve(name)));
    }

    private static List<String> present(Path directory) {
        return NAMES.stream()
                .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Changes whenever a file comes, goes, is replaced or written; cheap, reads no content. */
    static String stamp(Path directory) {
        StringBuilder stamp = new StringBuilder();
        for (String name : present(directory)) {
            Path file = directory.resolve(name);
            stamp.append(name).append(' ');
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.append(file.toRealPath())
                        .append(' ')
                        .append(attributes.lastModifiedTime())
                        .append(' ')
                        .append(attributes.size())
                        .append(' ')
                        .append(attributes.fileKey());
            } catch (IOException e) {
                stamp.append(e);
            }
            stamp.append('\n');
        }
        return stamp.toString();
    }

    private static NodeFile decode(String name, byte[] bytes) {
        if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
            return new NodeFile(name, null, "the file is in UTF-16; save it as UTF-8", 1);
        }
        // Some editors begin UTF-8 with a mark; it means nothing.
        int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        try {
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            return new NodeFile(
                    name,
                    null,
                    "byte 0x%02X is not valid UTF-8; save the file as UTF-8".formatted(bytes[in.position()] & 0xFF),
                    line);
        }
        return new NodeFile(name, out.flip().toString(), null, 0);
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
