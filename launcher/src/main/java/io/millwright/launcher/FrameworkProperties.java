package io.millwright.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the distribution's {@code conf/config.properties}. Stateless. */
final class FrameworkProperties {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)}");

    private FrameworkProperties() {}

    /**
     * Reads the file and replaces {@code ${name}} by the given variables, else by the system property of that name.
     *
     * @throws LauncherException if the file cannot be read, or names a variable nobody knows
     */
    static Map<String, Object> read(Path file, Map<String, String> variables) throws LauncherException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw LauncherException.failed("cannot read " + file + ": " + Reason.of(e));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            result.put(key, expand(file, key, properties.getProperty(key), variables));
        }
        return result;
    }

    /** What {@code ${name}} may mean in the file, besides system properties. */
    static Map<String, String> variables(Path home, NodeDirectory directory) {
        return Map.of(
                "millwright.home",
                home.toString(),
                "millwright.dir",
                directory.path().toString());
    }

    /** Adds what the file cannot decide: where things are, and how the framework logs. */
    static void place(
            Map<String, Object> properties, NodeDirectory directory, Path storage, Path configurations, Path cache) {
        properties.put("millwright.dir", directory.path().toString());
        properties.put("org.osgi.framework.storage", storage.toString());
        properties.put("felix.cm.dir", configurations.toString());
        properties.put("felix.fileinstall.tmpdir", cache.resolve("fileinstall").toString());
        properties.put("felix.log.logger", new FrameworkLogger());
    }

    private static String expand(Path file, String key, String value, Map<String, String> variables)
            throws LauncherException {
        Matcher matcher = VARIABLE.matcher(value);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String replacement = variables.containsKey(name) ? variables.get(name) : System.getProperty(name);
            if (replacement == null) {
                throw LauncherException.failed(file + ": " + key + " uses ${" + name + "}, which is neither one of "
                        + new TreeSet<>(variables.keySet()) + " nor a system property");
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(replacement));
        }
        return matcher.appendTail(text).toString();
    }
}
