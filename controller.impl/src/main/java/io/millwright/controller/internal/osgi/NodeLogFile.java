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
import java.util.function.Consumer;
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
    /** How many files the log's own rotation keeps: node.log.1 and on. */
    private static final int ROTATED = 5;

    private static final Logger LOG = LoggerFactory.getLogger(NodeLogFile.class);

    private final BundleContext context;
    private final Path file;
    private final Consumer<String> warnings;
    /** Guarded by this, as what follows; pax-logging is called without the monitor. */
    private @Nullable Object known;

    private boolean opening;
    /** Whether the trouble that lasts was told of. */
    private boolean warned;

    /**
     * Remembers the file that is there.
     *
     * @param context finds pax-logging
     * @param directory the node directory
     */
    NodeLogFile(BundleContext context, Path directory) {
        this(context, directory, LOG::warn);
    }

    /** The same, with warnings to another place. */
    NodeLogFile(BundleContext context, Path directory, Consumer<String> warnings) {
        this.context = context;
        this.warnings = warnings;
        this.file = directory.resolve("log").resolve("node.log");
        this.known = key(file);
    }

    /**
     * Has the log opened anew if another file, or none, is in the place of the one known, unless the log itself has rotated its files.
     * What is no file, such as a pipe, which could block for ever, is left alone. Blocks for the disk. Does nothing while another
     * thread has the log opened.
     */
    void check() {
        boolean gone;
        synchronized (this) {
            Object now = key(file);
            if (known == null || now != null && !known.equals(now) && isRotation(known)) {
                known = now;
                return;
            }
            gone = now == null;
            if (opening || known.equals(now) || gone && !Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            opening = true;
        }
        String trouble = null;
        try {
            trouble = reopen();
            if (trouble == null && gone) {
                trouble = "log/node.log was removed or renamed while the node runs; this is a new one";
            }
        } finally {
            opened(trouble);
        }
    }

    private void opened(@Nullable String trouble) {
        boolean tell;
        synchronized (this) {
            opening = false;
            Object now = key(file);
            tell = trouble != null && !trouble.isEmpty() && !warned;
            // While there is none, each check finds the same trouble.
            warned = now == null && (warned || tell);
            known = Objects.requireNonNullElse(now, Objects.requireNonNull(known));
        }
        if (tell) {
            warnings.accept(trouble);
        }
    }

    /**
     * Whether the known file is one of those that the log has rotated, and the log goes on in the new one. Another program that rotates
     * leaves an empty file, into which nothing is written.
     */
    private boolean isRotation(Object old) {
        try {
            if (Files.size(file) == 0) {
                return false;
            }
        } catch (IOException missing) {
            return false;
        }
        for (int i = 1; i <= ROTATED; i++) {
            if (old.equals(key(file.resolveSibling(file.getFileName() + "." + i)))) {
                return true;
            }
        }
        return false;
    }

    /** Device and inode of a regular file. */
    private static @Nullable Object key(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes.fileKey() : null;
        } catch (IOException missing) {
            return null;
        }
    }

    /** Calls pax-logging; {@code null} if that was done, a sentence if it failed, an empty one if there is none to call. */
    private @Nullable String reopen() {
        String configured = context.getProperty(STATIC_FILE);
        if (configured == null) {
            return "";
        }
        try {
            Collection<ServiceReference<ManagedService>> logging =
                    context.getServiceReferences(ManagedService.class, "(service.pid=" + PID + ")");
            for (ServiceReference<ManagedService> reference : logging) {
                ManagedService service = context.getService(reference);
                if (service == null) {
                    continue;
                }
                try {
                    service.updated(new Hashtable<>(Map.of(CONFIGURATION, inOtherWords(configured))));
                    return null;
                } finally {
                    context.ungetService(reference);
                }
            }
            return "";
        } catch (ConfigurationException | InvalidSyntaxException | RuntimeException e) {
            return "log/node.log could not be opened anew: " + e;
        }
    }

    /** The same file by another name: pax-logging takes the name it was started with for no change. */
    private static String inOtherWords(String file) {
        Path path = Path.of(file);
        return Objects.requireNonNullElse(path.getParent(), Path.of("")) + "/./" + path.getFileName();
    }
}
