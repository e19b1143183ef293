package io.millwright.config.file.internal;

import java.io.IOException;
import java.util.Dictionary;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;

/** Where the configurations of a node file go. For one thread at a time. */
interface ConfigurationTarget {
    /** Deletes a configuration; returns whether it was there. */
    boolean delete(Configuration configuration) throws IOException;

    /**
     * Writes a configuration; returns whether it differed.
     *
     * @param factory the PID of its factory, or its own
     * @param name its name in the factory, {@code null} if it is the only one
     */
    boolean write(String factory, @Nullable String name, Dictionary<String, Object> properties) throws IOException;
}
