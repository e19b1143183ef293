package io.millwright.config.etc.internal;

import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.felix.utils.properties.InterpolationHelper;
import org.apache.felix.utils.properties.TypedProperties;
import org.osgi.framework.BundleContext;

/** Reads {@code .cfg} and {@code .config} files as File Install does, but as UTF-8 and with or without a byte order mark. Stateless. */
final class PropertiesFile {
    private static final String ENVIRONMENT = "env:";
    private static final char MARK = '\ufeff';
    private static final byte[] MARK_BYTES = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** Far more than any configuration has, in bytes. */
    private static final long MOST = 1 << 20;

    private PropertiesFile() {}

    /**
     * Reads a file. Blocks for it.
     *
     * @param context where {@code ${name}} is looked up
     * @return its values: texts, or what a {@code .config} file has typed
     * @throws IOException if it cannot be read or is not what it should be; the message says what would be right
     */
    static Hashtable<String, Object> read(Path file, BundleContext context) throws IOException {
        if (Files.size(file) > MOST) {
            throw new IOException("it has " + Files.size(file) + " bytes; a configuration has at most " + MOST
                    + ". Is it what it should be?");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 0 && bytes[0] == '<') {
            return xml(bytes, context);
        }
        TypedProperties properties = properties(bytes, context);
        Hashtable<String, Object> values = new Hashtable<>();
        properties.keySet().forEach(key -> values.put(key, properties.get(key)));
        return values;
    }

    private static TypedProperties properties(byte[] bytes, BundleContext context) throws IOException {
        String text = decode(bytes);
        InterpolationHelper.SubstitutionCallback variables = variables(text, context);
        TypedProperties properties = new TypedProperties((name, key, value) -> variables.getValue(value));
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        return properties;
    }

    /**
     * What {@code ${name}} stands for: a property of the framework or the system, {@code ${env:name}} for a variable of the
     * environment. What is known to neither stays as it is, for it may be meant for the worker's environment, and no text is to vanish.
     */
    private static InterpolationHelper.SubstitutionCallback variables(String text, BundleContext context) {
        InterpolationHelper.SubstitutionCallback known =
                new InterpolationHelper.BundleContextSubstitutionCallback(context);
        return name -> {
            String value = known.getValue(name);
            boolean unknown = value == null || value.isEmpty() && !isEmptyVariable(name);
            // What has an alternative, as in ${name:-other}, is not there for it.
            boolean plain = !text.contains("${" + name + ":-") && !text.contains("${" + name + ":+");
            return unknown && plain ? "$\\{" + name + "\\}" : value;
        };
    }

    private static boolean isEmptyVariable(String name) {
        return name.startsWith(ENVIRONMENT) && System.getenv(name.substring(ENVIRONMENT.length())) != null;
    }

    /**
     * Makes a file say what a configuration holds; whatever it says already keeps its place and form. Makes no file where there is
     * none any more. Blocks for it.
     */
    static void write(Path file, Map<String, Object> values, BundleContext context) throws IOException {
        TypedProperties properties = properties(Files.readAllBytes(file), context);
        List.copyOf(properties.keySet()).stream()
                .filter(key -> !values.containsKey(key))
                .forEach(properties::remove);
        values.forEach((key, value) -> {
            if (!Objects.deepEquals(value, properties.get(key))) {
                properties.put(key, value);
            }
        });
        StringWriter text = new StringWriter();
        properties.save(text);
        Files.writeString(file, text.toString(), WRITE, TRUNCATE_EXISTING);
    }

    /** Takes the byte order mark off a file. Blocks for it. */
    static void removeMark(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (Arrays.mismatch(bytes, MARK_BYTES) == MARK_BYTES.length) {
            Files.write(file, Arrays.copyOfRange(bytes, MARK_BYTES.length, bytes.length), WRITE, TRUNCATE_EXISTING);
        }
    }

    private static Hashtable<String, Object> xml(byte[] bytes, BundleContext context) throws IOException {
        Properties properties = new Properties();
        properties.loadFromXML(new ByteArrayInputStream(bytes));
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        String text = String.join("\n", values.values());
        InterpolationHelper.performSubstitution(values, variables(text, context));
        return new Hashtable<>(values);
    }

    private static String decode(byte[] bytes) throws IOException {
        if (bytes.length >= 2 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xff + 0xfe) {
            throw new IOException("it is UTF-16; save it as UTF-8");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            long line = 1 + out.flip().chars().filter(c -> c == '\n').count();
            throw new IOException("it is not UTF-8: byte 0x" + Integer.toHexString(bytes[in.position()] & 0xff)
                    + " in line " + line + "; save it as UTF-8");
        }
        String text = out.flip().toString();
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }
}
