package io.millwright.config.etc.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a file says: the configuration it is. {@code io.millwright.worker.guest-web.cfg} is instance {@code web} of the
 * factory PID {@code io.millwright.worker.guest}; of the node's own a tilde divides as the hyphen does. Immutable.
 *
 * @param pid the PID, or the factory PID if there is an instance
 * @param instance the instance of a factory, {@code null} if it is no factory's
 */
record FileName(String pid, @Nullable String instance) {
    /** What the PIDs of the node's own configurations begin with. */
    static final String PREFIX = "io.millwright.";

    private static final String WORKERS = PREFIX + "worker.";

    /** Whether a file is a configuration's. */
    static boolean isConfiguration(Path file) {
        String name = name(file);
        return name.endsWith(".cfg") || name.endsWith(".config");
    }

    /** Whether a file's configuration is one of the node's own. */
    static boolean isOurs(Path file) {
        return name(file).startsWith(PREFIX);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    static FileName of(Path file) {
        String name = name(file);
        String text = name.substring(0, name.lastIndexOf('.'));
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '-' || text.charAt(i) == '~' && text.startsWith(PREFIX)) {
                return new FileName(text.substring(0, i), text.substring(i + 1));
            }
        }
        return new FileName(text, null);
    }

    /** Why no configuration can be made of a file of this name, {@code null} if one can. */
    @Nullable
    String fault() {
        return pid.startsWith(WORKERS) && (instance == null || instance.isEmpty())
                ? "its name has no worker id; call it " + pid + "-ID.cfg"
                : null;
    }

    /** The instance if it can stand in a PID, where others take it for a filter's value; {@code null} if it cannot. */
    @Nullable
    String plainInstance() {
        return instance != null && instance.matches("[A-Za-z0-9_.-]+") ? instance : null;
    }
}
