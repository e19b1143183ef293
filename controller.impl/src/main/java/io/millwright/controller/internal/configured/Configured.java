package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.options.OptionChecker;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One configuration. Immutable.
 *
 * @param pid its PID
 * @param origin how it is shown: {@code config:<pid>} or the name of the source that wrote it
 * @param source where it comes from, for messages: a file, the source that wrote it, or the configuration
 * @param spec the worker it asks for
 */
public record Configured(String pid, String origin, String source, WorkerSpec spec) {
    /** What the factory PIDs of worker configurations begin with; the worker type follows. */
    public static final String PREFIX = "io.millwright.worker.";

    /** Attribute that names the worker where the PID does not. */
    public static final String WORKER_ID = "worker.id";

    private static final String FILE = "felix.fileinstall.filename";

    /** For those that no file has written. */
    public Configured(String pid, String origin, WorkerSpec spec) {
        this(pid, origin, origin.startsWith("config:") ? "the configuration " + pid : origin, spec);
    }

    /** Attribute that names the source that wrote the configuration. */
    public static final String ORIGIN = "millwright.origin";

    /**
     * Reads a configuration.
     *
     * @param pid its PID
     * @param factoryPid its factory PID
     * @param properties what it holds
     * @return what it asks for
     * @throws NodeException if it names no worker
     */
    public static Configured of(String pid, String factoryPid, Map<String, ? extends @Nullable Object> properties) {
        Object named = properties.get(WORKER_ID);
        String id =
                named instanceof String text && !text.isBlank() ? text : idOf(pid, factoryPid, properties.get(FILE));
        if (id == null) {
            throw new NodeException(
                    ErrorCode.INVALID_WORKER_ID,
                    "it names no worker; give it the attribute " + WORKER_ID + ", or a PID of the form " + factoryPid
                            + "~ID");
        }
        Object origin = properties.get(ORIGIN);
        return new Configured(
                pid,
                origin instanceof String text ? text : "config:" + pid,
                source(pid, properties),
                WorkerSpec.of(
                        new WorkerId(id),
                        factoryPid.substring(PREFIX.length()),
                        OptionChecker.stripReserved(properties)));
    }

    /**
     * Where a configuration comes from, in words.
     *
     * @param pid its PID
     * @param properties what it holds
     * @return the path of its file, the name of the source that wrote it, or the configuration
     */
    public static String source(String pid, Map<String, ? extends @Nullable Object> properties) {
        if (properties.get(FILE) instanceof String file) {
            return path(file);
        }
        return properties.get(ORIGIN) instanceof String origin ? origin : "the configuration " + pid;
    }

    /** The path in File Install's URI of a file. */
    private static String path(String file) {
        try {
            String path = URI.create(file).getPath();
            return path == null ? file : path;
        } catch (IllegalArgumentException e) {
            return file;
        }
    }

    /**
     * The id a PID gives: what follows the tilde, or, where Karaf's {@code config:edit} numbered the PID, what the user
     * called the file.
     */
    static @Nullable String idOf(String pid, String factoryPid, @Nullable Object file) {
        if (pid.startsWith(factoryPid + "~")) {
            return pid.substring(factoryPid.length() + 1);
        }
        String path = file instanceof String text ? path(text) : "";
        String name = path.substring(path.lastIndexOf('/') + 1);
        int start = factoryPid.length() + 1;
        int end = name.lastIndexOf('.');
        boolean named = name.startsWith(factoryPid + "-") || name.startsWith(factoryPid + "~");
        return named && end > start ? name.substring(start, end) : null;
    }
}
