package io.millwright.config.file.internal;

import java.io.IOException;
import java.util.Dictionary;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;

/** Where the configurations of a node file go. For one thread at a time. */
interface ConfigurationTarget {
    /** Deletes a configuration; returns whether it was there. */
    boolean delete(Configuration configuration) throws IOException;

    /** Writes the configuration of a worker or, with {@code null}, of the node; returns whether it differed. */
    boolean write(NodeDocument.@Nullable Worker worker, Dictionary<String, Object> properties) throws IOException;
}
