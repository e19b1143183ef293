package io.millwright.controller.internal.launch;

import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A small file of UTF-8 text, read. Exactly one is {@code null}; the string form shows neither. Immutable.
 *
 * @param content the text without a byte order mark and without one line end at its end
 * @param trouble why it could not be read, a sentence without any of its content
 */
record TextFile(@Nullable String content, @Nullable String trouble) {
    private static final String MARK = "\uFEFF";

    /**
     * Reads a file. Blocks for it.
     *
     * @param directory where relative paths start
     * @param text the path as a person wrote it
     * @param what what it is, the first word of a sentence
     * @param longest the most bytes it may have, a whole number of KiB
     */
    static TextFile read(Path directory, String text, String what, int longest) {
        Path file = Located.resolve(directory, text);
        if (file == null) {
            return trouble(what + " '" + text + "' " + Located.impossible(text));
        }
        if (!Files.exists(file)) {
            return trouble(
                    what + " '" + SystemPath.text(file) + "' does not exist" + Located.hint(text, "node directory"));
        }
        // A pipe or device could block for ever.
        if (!Files.isRegularFile(file)) {
            return trouble(what + " '" + SystemPath.text(file) + "' is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                return trouble(what + " '" + SystemPath.text(file) + "' is longer than " + longest / 1024
                        + " KiB, the most it may be");
            }
            String content = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (content.indexOf('\0') >= 0) {
                return trouble(what + " '" + SystemPath.text(file)
                        + "' contains a NUL character, which no environment can hold");
            }
            return new TextFile(withoutLineEnd(content.startsWith(MARK) ? content.substring(1) : content), null);
        } catch (CharacterCodingException e) {
            return trouble(what + " '" + SystemPath.text(file) + "' is not UTF-8 text");
        } catch (IOException e) {
            return trouble(what + " '" + SystemPath.text(file) + "' cannot be read by the node's user ("
                    + e.getClass().getSimpleName() + "); check its owner and mode");
        }
    }

    private static TextFile trouble(String sentence) {
        return new TextFile(null, sentence);
    }

    private static String withoutLineEnd(String content) {
        if (content.endsWith("\r\n")) {
            return content.substring(0, content.length() - 2);
        }
        return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    }

    @Override
    public String toString() {
        return "TextFile";
    }
}
