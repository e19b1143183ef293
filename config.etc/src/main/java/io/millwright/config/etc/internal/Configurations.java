package io.millwright.config.etc.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configurations in Config Admin and the files they come from. Stateless. */
final class Configurations {
    /** File Install's mark: the URI of the file. */
    static final String FILE = "felix.fileinstall.filename";

    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);
    private static final String ORIGIN = "millwright.origin";

    private Configurations() {}

    static String key(Path file) {
        return file.toFile().toURI().toString();
    }

    static @Nullable Configuration ofFile(ConfigurationAdmin admin, String key) throws IOException {
        return first(list(admin, "(" + FILE + "=" + escape(key) + ")"));
    }

    static @Nullable Configuration find(ConfigurationAdmin admin, String pid) throws IOException {
        return first(list(admin, "(service.pid=" + escape(pid) + ")"));
    }

    private static @Nullable Configuration first(List<Configuration> found) {
        return found.isEmpty() ? null : found.get(0);
    }

    private static List<Configuration> list(ConfigurationAdmin admin, String filter) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // values are escaped
        }
    }

    private static String escape(String value) {
        return value.replaceAll("[\\\\()*]", "\\\\$0");
    }

    /** Where a configuration comes from, in words. */
    static String source(Configuration configuration) {
        Dictionary<String, Object> properties = configuration.getProperties();
        Object file = properties == null ? null : properties.get(FILE);
        Object origin = properties == null ? null : properties.get(ORIGIN);
        return file != null ? file.toString() : origin != null ? origin.toString() : "hand in Config Admin";
    }

    /** What a configuration holds, without what Config Admin and File Install put in. */
    static Map<String, Object> ownValues(Configuration configuration) {
        Map<String, Object> values = new HashMap<>();
        Dictionary<String, Object> properties = configuration.getProperties();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        }
        values.keySet().removeAll(List.of(FILE, Constants.SERVICE_PID, ConfigurationAdmin.SERVICE_FACTORYPID));
        return values;
    }

    static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return one.keySet().equals(other.keySet())
                && one.keySet().stream().allMatch(key -> Objects.deepEquals(one.get(key), other.get(key)));
    }

    /**
     * Deletes the configurations whose file is not in a watched folder any more: it was removed while nobody looked, or the node
     * was moved, and its files are taken anew where they are now.
     *
     * @param folders the watched folders
     * @param prefix what the PIDs that are looked at begin with
     * @param moved whether a file of another folder counts as gone
     */
    static void deleteStale(ConfigurationAdmin admin, List<Path> folders, String prefix, boolean moved)
            throws IOException {
        for (Configuration configuration : list(admin, "(&(" + FILE + "=*)(service.pid=" + prefix + "*))")) {
            Dictionary<String, Object> properties = configuration.getProperties();
            Path file = properties == null ? null : path(properties.get(FILE));
            if (file == null) {
                continue;
            }
            Path folder = file.getParent();
            boolean watched = folder != null && folders.contains(folder);
            if (watched ? !Files.exists(file) : moved) {
                LOG.info(
                        "configuration {} is deleted: its file {} is {}",
                        configuration.getPid(),
                        file,
                        watched ? "gone" : "in none of the folders " + folders);
                configuration.delete();
            }
        }
    }

    private static @Nullable Path path(@Nullable Object key) {
        try {
            return key == null ? null : Path.of(URI.create(key.toString())).normalize();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }
}
