package io.millwright.controller.internal.process;

import io.millwright.controller.api.worker.LaunchPlan;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Refuses what would reach a process in a changed form: what has no place in a C string, and characters that the charset in
 * use does not have (the JDK puts question marks in their place). Static functions.
 */
public final class Encoding {
    private Encoding() {}

    /**
     * Checks what the JDK is to hand over, in the encoding of its locale.
     *
     * @param launch the launch
     * @param inherited the node's own variables, which the JDK hands over as they are
     * @throws IOException if it cannot be handed over as it is; values of variables are never shown
     */
    public static void check(Launch launch, Map<String, String> inherited) throws IOException {
        check(launch, inherited, ofJdk());
    }

    /**
     * Checks what is to be handed over in an encoding.
     *
     * @param launch the launch
     * @param inherited variables that need no encoding
     * @param encoder of the encoding
     * @throws IOException if it cannot be handed over as it is; values of variables are never shown
     */
    public static void check(Launch launch, Map<String, String> inherited, CharsetEncoder encoder) throws IOException {
        checkPath(launch.program(), encoder, "the program's path");
        check(launch.plan(), inherited, encoder);
    }

    /**
     * Checks a command that the JDK is to start, in the encoding of its locale.
     *
     * @param plan its words, directory and environment
     * @param inherited the node's own variables
     * @throws IOException if it cannot be handed over as it is
     */
    public static void check(LaunchPlan plan, Map<String, String> inherited) throws IOException {
        check(plan, inherited, ofJdk());
    }

    private static void check(LaunchPlan plan, Map<String, String> inherited, CharsetEncoder encoder)
            throws IOException {
        for (String word : plan.command()) {
            check(word, encoder, () -> "argument '" + word + "'");
        }
        checkPath(plan.directory(), encoder, "the working directory");
        for (Map.Entry<String, String> variable : plan.environment().entrySet()) {
            if (!isInherited(variable.getKey(), variable.getValue(), inherited)) {
                checkVariable(variable.getKey(), variable.getValue(), encoder);
            }
        }
    }

    private static void checkPath(Path path, CharsetEncoder encoder, String what) throws IOException {
        String text = SystemPath.text(path);
        if (!RawText.withoutRaw(text).equals(text)) {
            throw new IOException(what + " '" + path
                    + "' has bytes that are no UTF-8, which only the Linux process backend" + " can hand over");
        }
        check(text, encoder, () -> what + " '" + text + "'");
    }

    private static CharsetEncoder ofJdk() {
        // What the JDK encodes commands with changed with JDK 18.
        Charset charset = Runtime.version().feature() < 18
                ? Charset.defaultCharset()
                : Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return charset.newEncoder();
    }

    /**
     * Gives a process that the JDK is to start its environment. The JDK hands on the bytes of what it does not have to encode.
     *
     * @param environment that of a {@link ProcessBuilder} that has the node's own
     * @param wanted the whole environment of the process
     */
    public static void fill(Map<String, String> environment, Map<String, String> wanted) {
        environment.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, value) -> {
            if (!environment.containsKey(name) || !isInherited(name, value, NodeEnvironment.ofJvm())) {
                environment.put(name, value);
            }
        });
    }

    /**
     * Whether a variable of a worker is the node's own.
     *
     * @param name its name
     * @param value its value
     * @param inherited the node's own
     * @return true if it has the same value
     */
    public static boolean isInherited(String name, String value, Map<String, String> inherited) {
        return value.equals(inherited.get(name));
    }

    /**
     * Checks the words of a launch that are handed over as {@link RawText}.
     *
     * @param launch the launch
     * @throws IOException if one cannot be handed over as it is
     */
    public static void checkWords(Launch launch) throws IOException {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        for (String word : launch.plan().command()) {
            check(RawText.withoutRaw(word), encoder, () -> "argument '" + word + "'");
        }
    }

    /**
     * Checks a variable.
     *
     * @param name its name
     * @param value its value, which is never shown
     * @param encoder of the encoding it is handed over in
     * @throws IOException if it cannot be handed over as it is
     */
    public static void checkVariable(String name, String value, CharsetEncoder encoder) throws IOException {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IOException("environment variable '" + name + "' cannot be set: a name has at least one"
                    + " character and no '='");
        }
        check(name, encoder, () -> "the name of environment variable '" + name + "'");
        // Not the value: it may be a secret.
        check(value, encoder, () -> "the value of environment variable '" + name + "'");
    }

    private static void check(String text, CharsetEncoder encoder, Supplier<String> what) throws IOException {
        if (isPlain(text)) {
            return;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IOException(
                    what.get().replace('\0', '?') + " contains a NUL character, which no process can be given");
        }
        if (!encoder.canEncode(text)) {
            if (encoder.charset().equals(StandardCharsets.UTF_8)) {
                throw new IOException(what.get() + " has half a character (a surrogate without its other half)");
            }
            throw new IOException(
                    what.get() + " has characters that " + encoder.charset().name()
                            + ", the encoding of the node's locale, does not have; start the node in a UTF-8 locale"
                            + " (LC_ALL=C.UTF-8)");
        }
    }

    /** Whether it is ASCII, which every encoding of a locale has; an encoder takes many times longer to say so. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }
}
