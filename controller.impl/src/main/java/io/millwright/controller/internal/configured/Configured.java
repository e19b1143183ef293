package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.options.OptionChecker;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One configuration. Immutable.
 *
 * @param pid its PID; of one instance of a group the PID of the group's configuration, {@code #} and the number
 * @param origin how it is shown: {@code config:<pid>} or the name of the source that wrote it
 * @param source where it comes from, for messages: a file, the source that wrote it, or the configuration
 * @param spec the worker it asks for
 */
public record Configured(String pid, String origin, String source, WorkerSpec spec) {
    /** What the factory PIDs of worker configurations begin with; the worker type follows. */
    public static final String PREFIX = "io.millwright.worker.";

    /** Attribute that names the worker where the PID does not. */
    public static final String WORKER_ID = "worker.id";

    private static final Pattern PART = Pattern.compile("#[0-9]{1,4}$");

    private static final String FILE = "felix.fileinstall.filename";

    /** For those that no file has written. */
    public Configured(String pid, String origin, WorkerSpec spec) {
        this(pid, origin, origin.startsWith("config:") ? "the configuration " + pid : origin, spec);
    }

    /**
     * Has its source name the bundle that made or changed it in Config Admin.
     *
     * @param bundle a symbolic name; {@code null} if nobody but the source did
     * @return this one for {@code null}
     */
    public Configured changedBy(@Nullable String bundle) {
        return bundle == null ? this : new Configured(pid, origin, source + " (bundle " + bundle + ")", spec);
    }

    /** What it asks for of one instance of its group. */
    Configured instance(int number) {
        return new Configured(pid + "#" + number, origin, source, InstanceOptions.instance(spec, number));
    }

    /** Whether it is of one instance of a group. */
    boolean isPart() {
        return PART.matcher(pid).find();
    }

    /** The number of its instance, 0 if it is of none. */
    int number() {
        return isPart() ? Integer.parseInt(pid.substring(pid.lastIndexOf('#') + 1)) : 0;
    }

    /** The PID that Config Admin knows. */
    public static String whole(String pid) {
        return PART.matcher(pid).find() ? pid.substring(0, pid.lastIndexOf('#')) : pid;
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
