package io.millwright.controller.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that holds a secret, read. Exactly one is {@code null}; the string form shows neither. Immutable.
 *
 * @param content the text without one line end at its end
 * @param trouble why it could not be read, a sentence without any of its content
 */
record SecretFile(@Nullable String content, @Nullable String trouble) {
    /** No environment takes a longer text on Linux. */
    private static final int LONGEST = 128 * 1024;

    static SecretFile read(Path directory, String text) {
        Path file = Located.resolve(directory, text);
        if (file == null) {
            return trouble("secretFile '" + text + "' is no path this system can name");
        }
        if (!Files.exists(file)) {
            return trouble("secretFile '" + file + "' does not exist; relative paths start at the node directory"
                    + Located.hint(text));
        }
        // A pipe or device could block for ever.
        if (!Files.isRegularFile(file)) {
            return trouble("secretFile '" + file + "' is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                return trouble("secretFile '" + file + "' is longer than the 128 KiB an environment takes");
            }
            String content = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (content.indexOf('\0') >= 0) {
                return trouble("secretFile '" + file + "' contains a NUL character, which no environment can hold");
            }
            return new SecretFile(withoutLineEnd(content), null);
        } catch (CharacterCodingException e) {
            return trouble("secretFile '" + file + "' is not UTF-8 text");
        } catch (IOException e) {
            return trouble("secretFile '" + file + "' cannot be read by the node's user ("
                    + e.getClass().getSimpleName() + "); check its owner and mode");
        }
    }

    private static SecretFile trouble(String sentence) {
        return new SecretFile(null, sentence);
    }

    private static String withoutLineEnd(String content) {
        if (content.endsWith("\r\n")) {
            return content.substring(0, content.length() - 2);
        }
        return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    }

    @Override
    public String toString() {
        return "SecretFile";
    }
}
