package io.millwright.controller.internal.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code log/node.log} the file that the node's own log goes to. Logback goes on in a file that was removed or renamed until it
 * is configured anew, which pax-logging does when it is told of another file. Nothing is done where pax-logging has no static file,
 * as in a Karaf, whose log is its own. Thread-safe.
 */
final class NodeLogFile {
    /** The framework property that names Logback's configuration. */
    private static final String STATIC_FILE = "org.ops4j.pax.logging.StaticLogbackFile";

    private static final String PID = "org.ops4j.pax.logging";
    private static final String CONFIGURATION = "org.ops4j.pax.logging.logback.config.file";
    private static final Logger LOG = LoggerFactory.getLogger(NodeLogFile.class);

    private final BundleContext context;
    private final Path file;
    private @Nullable Object known;

    /**
     * Remembers the file that is there.
     *
     * @param context finds pax-logging
     * @param directory the node directory
     */
    NodeLogFile(BundleContext context, Path directory) {
        this.context = context;
        this.file = directory.resolve("log").resolve("node.log");
        this.known = key();
    }

    /**
     * Has the log opened anew if another file, or none, is in the place of the one known. What is no file, such as a pipe, which
     * could block for ever, is left alone. Blocks for the disk.
     */
    synchronized void check() {
        Object now = key();
        if (known == null) {
            known = now;
        } else if (!known.equals(now) && (now != null || Files.notExists(file, LinkOption.NOFOLLOW_LINKS))) {
            if (reopen() && now == null) {
                LOG.warn("log/node.log was removed or renamed while the node runs; this is a new one");
            }
            known = Objects.requireNonNullElse(key(), known);
        }
    }

    /** Device and inode of a regular file. */
    private @Nullable Object key() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes.fileKey() : null;
        } catch (IOException missing) {
            return null;
        }
    }

    private boolean reopen() {
        String configured = context.getProperty(STATIC_FILE);
        if (configured == null) {
            return false;
        }
        try {
            Collection<ServiceReference<ManagedService>> logging =
                    context.getServiceReferences(ManagedService.class, "(service.pid=" + PID + ")");
            for (ServiceReference<ManagedService> reference : logging) {
                ManagedService service = context.getService(reference);
                if (service != null) {
                    service.updated(new Hashtable<>(Map.of(CONFIGURATION, inOtherWords(configured))));
                    context.ungetService(reference);
                    return true;
                }
            }
        } catch (ConfigurationException | InvalidSyntaxException | RuntimeException e) {
            LOG.warn("log/node.log could not be opened anew: {}", e.toString());
        }
        return false;
    }

    /** The same file by another name: pax-logging takes the name it was started with for no change. */
    private static String inOtherWords(String file) {
        Path path = Path.of(file);
        return Objects.requireNonNullElse(path.getParent(), Path.of("")) + "/./" + path.getFileName();
    }
}
