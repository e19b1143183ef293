package io.millwright.options;

import io.millwright.controller.api.worker.Variable;
import io.millwright.controller.api.worker.Variable.Kind;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one environment variable as options write it. Its sentences never show a value. Thread-safe. */
public final class VariableReader {
    private static final String SECRET = "secret";
    private static final String SECRET_FILE = "secretFile";
    static final String SECRET_END = "." + SECRET;
    static final String SECRET_FILE_END = "." + SECRET_FILE;
    private static final Pattern SECRET_OBJECT = Pattern.compile("\\s*\\{\\s*[\"']?secret(File)?[\"']?\\s*:");
    private static final String FORMS = "a text, {\"secret\": \"…\"} or {\"secretFile\": \"path\"}";

    /** A variable and its name. */
    record Named(String name, Variable variable) {}

    private VariableReader() {}

    /**
     * Reads one entry.
     *
     * @param key what follows the option's key: {@code NAME}, {@code NAME.secret} or {@code NAME.secretFile}
     * @param raw the value, an object for the nested form of a secret
     */
    static Named read(String key, @Nullable Object raw) throws OptionCoercer.BadValue {
        if (raw instanceof Map<?, ?> map) {
            if (map.size() != 1) {
                throw bad("must be " + FORMS + (map.isEmpty() ? "; it is empty" : ", and only one of them"));
            }
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            if (!SECRET.equals(only.getKey()) && !SECRET_FILE.equals(only.getKey())) {
                throw bad("must be " + FORMS + "; '" + only.getKey() + "' is none of these");
            }
            return read(key + "." + only.getKey(), only.getValue() instanceof Map ? null : only.getValue());
        }
        Kind kind =
                key.endsWith(SECRET_END) ? Kind.SECRET : key.endsWith(SECRET_FILE_END) ? Kind.SECRET_FILE : Kind.PLAIN;
        String name = kind == Kind.PLAIN ? key : key.substring(0, key.lastIndexOf('.'));
        checkName(name);
        String text = OptionCoercer.text(raw);
        if (text == null) {
            throw bad(
                    raw == null
                            ? "has no value; it must be " + FORMS
                            : "is not a text; write it in quotes (the value must be " + FORMS + ")");
        }
        if (kind == Kind.PLAIN && SECRET_OBJECT.matcher(text).lookingAt()) {
            throw bad("is a text that looks like an object with a secret, and would be shown; write the key ending in"
                    + " .secret or .secretFile with the bare value");
        }
        if (text.indexOf('\0') >= 0) {
            throw bad("contains a NUL character, which no environment can hold; leave it out");
        }
        if (kind == Kind.SECRET_FILE && text.isEmpty()) {
            throw bad("is empty; give the path of the file that holds the secret");
        }
        return new Named(name, Variable.of(kind, text));
    }

    private static void checkName(String name) throws OptionCoercer.BadValue {
        if (name.indexOf('.') >= 0) {
            // Were it a name, a mistyped NAME.secret would be a plain variable with a secret in it.
            throw bad(
                    "is no variable: names have no '.' here, and after the name only '.secret' or '.secretFile' may follow");
        }
        String problem = nameProblem(name);
        if (problem != null) {
            throw bad(problem);
        }
    }

    /**
     * What is wrong with a variable's name.
     *
     * @param name the name
     * @return a sentence, {@code null} if nothing is
     */
    public static @Nullable String nameProblem(String name) {
        if (name.isEmpty()) {
            return "is empty; a variable needs a name";
        }
        return name.indexOf('=') >= 0 || name.indexOf('\0') >= 0
                ? "is no name of a variable: it must not contain '=' or a NUL character"
                : null;
    }

    private static OptionCoercer.BadValue bad(String sentence) {
        return new OptionCoercer.BadValue(sentence);
    }
}
