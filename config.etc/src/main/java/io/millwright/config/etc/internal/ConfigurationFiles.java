package io.millwright.config.etc.internal;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.Configuration.ConfigurationAttribute;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes configurations of the node's own files in the folders that File Install watches, in its place: a file never takes over a
 * configuration that is not its own. A worker's file that finds its PID taken gets another one, and the controller, which knows
 * both by the worker's id, refuses the one that came last; a file of a single configuration waits until that is free.
 *
 * <p>Called by the threads of File Install and of Config Admin, and by that of the second look. What makes a file and its
 * configuration the same runs under one lock: seen half-way, a change of the file looks like one by somebody else.
 */
final class ConfigurationFiles implements ArtifactInstaller, ConfigurationListener, ConfigurationSource {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);

    /** A file that was emptied so short ago is likely to be filled in the next moment, and is no empty configuration. */
    static final Duration FILLED_WITHIN = Duration.ofSeconds(1);

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final Scope scope;
    private final Consumer<Runnable> later;
    /** Files that are refused, and why. */
    private final Map<Path, Problem> refused = new ConcurrentSkipListMap<>();
    /** Files whose PID is another's. */
    private final Map<Path, String> waiting = new ConcurrentSkipListMap<>();
    /** The time and size of files when they were read, by which File Install sees that they have changed. */
    private final Map<Path, String> stamps = new ConcurrentHashMap<>();
    /** What was read last, by PID: what differs from it was changed by somebody else. */
    private final Map<String, Taken> taken = new ConcurrentHashMap<>();

    /**
     * @param values what the configuration was made to hold, or what it was seen to hold
     * @param text what the file says, which has not all types
     */
    private record Taken(Path file, Map<String, Object> values, Map<String, Object> text) {}

    /** What is done with which files. */
    enum Scope {
        /** Those of the node's own configurations are read. */
        OWN,
        /** All are read. */
        ALL,
        /** All are read, and written when their configurations are changed by somebody else. */
        SAVING
    }

    /**
     * Has read nothing yet.
     *
     * @param later runs a task when {@link #FILLED_WITHIN} has passed
     */
    ConfigurationFiles(BundleContext context, ConfigurationAdmin admin, Scope scope, Consumer<Runnable> later) {
        this.context = context;
        this.admin = admin;
        this.scope = scope;
        this.later = later;
    }

    @Override
    public boolean canHandle(File artifact) {
        Path file = artifact.toPath();
        return FileName.isConfiguration(file) && (scope != Scope.OWN || FileName.isOurs(file));
    }

    @Override
    public void install(File artifact) throws IOException {
        take(artifact.toPath().toAbsolutePath());
    }

    @Override
    public void update(File artifact) throws IOException {
        take(artifact.toPath().toAbsolutePath());
    }

    @Override
    public synchronized void uninstall(File artifact) throws IOException {
        Path file = artifact.toPath().toAbsolutePath();
        stamps.remove(file);
        accept(file);
        Configuration configuration = Configurations.ofFile(admin, Configurations.key(file));
        if (configuration != null) {
            LOG.info("{} is gone, configuration {} is deleted", file, configuration.getPid());
            taken.remove(configuration.getPid());
            configuration.delete();
        }
    }

    private void take(Path file) throws IOException {
        if (isBeingWritten(file)) {
            later.accept(() -> lookAgain(file));
        } else {
            read(file);
        }
    }

    private static boolean isBeingWritten(Path file) throws IOException {
        Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
        return Files.size(file) == 0 && !age.isNegative() && age.compareTo(FILLED_WITHIN) < 0;
    }

    private synchronized void lookAgain(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                read(file);
            }
        } catch (IOException | IllegalStateException e) {
            LOG.error("{} could not be looked at again: {}", file, e.toString());
        }
    }

    /** A file has come or changed; it is read if it is of the same time and size as the one before it, for then File Install sees no change. */
    synchronized void changed(Path file) {
        try {
            String stamp = stamps.get(file);
            if (stamp != null && Files.isRegularFile(file) && stamp.equals(stamp(file))) {
                read(file);
            }
        } catch (IOException | IllegalStateException e) {
            LOG.error("{} could not be looked at again: {}", file, e.toString());
        }
    }

    private static String stamp(Path file) throws IOException {
        return Files.getLastModifiedTime(file) + " " + Files.size(file);
    }

    private synchronized void read(Path file) throws IOException {
        stamps.put(file, stamp(file));
        FileName name = FileName.of(file);
        String fault = name.fault();
        if (fault != null) {
            refuse(file, fault);
            return;
        }
        Hashtable<String, Object> values;
        try {
            values = PropertiesFile.read(file, context);
        } catch (IOException e) {
            refuse(file, reason(e));
            return;
        }
        if (scope == Scope.OWN && Files.isWritable(file)) {
            // File Install writes changes of the configuration into the file, and would take the mark for text.
            PropertiesFile.removeMark(file);
        }
        String key = Configurations.key(file);
        Configuration configuration = Configurations.ofFile(admin, key);
        if (configuration == null) {
            configuration = name.instance() == null ? single(file, name.pid()) : instance(name);
        }
        if (configuration != null) {
            accept(file);
            store(file, configuration, values);
        }
    }

    /** What people read: of some of the exceptions of java.nio the message is the path, and nothing else. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "it cannot be read: permission denied for user " + System.getProperty("user.name", "?");
        }
        boolean bare = e instanceof FileSystemException system && system.getReason() == null;
        return bare || e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private Configuration instance(FileName name) throws IOException {
        String instance = name.plainInstance();
        boolean free = instance != null && Configurations.find(admin, name.pid() + "~" + instance) == null;
        // A numbered PID otherwise: the controller takes the worker's id from the name of the file.
        return free
                ? admin.getFactoryConfiguration(name.pid(), instance, "?")
                : admin.createFactoryConfiguration(name.pid(), "?");
    }

    private @Nullable Configuration single(Path file, String pid) throws IOException {
        Configuration present = Configurations.find(admin, pid);
        if (present == null) {
            return admin.getConfiguration(pid, "?");
        }
        waiting.put(file, pid);
        refuse(file, pid + " is configured by " + Configurations.source(present) + " already; remove one of the two");
        return null;
    }

    private void store(Path file, Configuration configuration, Hashtable<String, Object> values) throws IOException {
        if (configuration.getAttributes().contains(ConfigurationAttribute.READ_ONLY)) {
            configuration.removeAttributes(ConfigurationAttribute.READ_ONLY);
        }
        taken.put(configuration.getPid(), new Taken(file, Map.copyOf(values), Map.copyOf(values)));
        values.put(Configurations.FILE, Configurations.key(file));
        if (configuration.updateIfDifferent(values)) {
            LOG.info("{} is configuration {}", file, configuration.getPid());
        }
        if (!Files.isWritable(file)) {
            configuration.addAttributes(ConfigurationAttribute.READ_ONLY);
        }
    }

    private void refuse(Path file, String why) {
        Problem problem = Problem.definition(String.valueOf(file.getFileName()), why);
        if (!problem.equals(refused.put(file, problem))) {
            LOG.error("{} is refused: {}", file, why);
        }
    }

    private void accept(Path file) {
        refused.remove(file);
        waiting.remove(file);
    }

    @Override
    public synchronized void configurationEvent(ConfigurationEvent event) {
        try {
            if (event.getType() == ConfigurationEvent.CM_DELETED) {
                deleted(event.getPid());
            } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
                updated(event.getPid());
            }
        } catch (IOException | IllegalStateException e) {
            LOG.error("configuration {} and its file could not be made the same: {}", event.getPid(), e.toString());
        }
    }

    /** The file of a configuration goes with it, and the file that waited for its PID is taken. */
    private void deleted(String pid) throws IOException {
        Taken gone = taken.remove(pid);
        if (gone != null && scope == Scope.SAVING && Files.deleteIfExists(gone.file())) {
            LOG.info("configuration {} is deleted, and {} with it", pid, gone.file());
        }
        for (Map.Entry<Path, String> entry : waiting.entrySet()) {
            if (pid.equals(entry.getValue()) && Files.isRegularFile(entry.getKey())) {
                take(entry.getKey());
            }
        }
    }

    private void updated(String pid) throws IOException {
        Taken before = taken.get(pid);
        Configuration configuration = before == null ? null : Configurations.find(admin, pid);
        if (before == null || configuration == null || scope != Scope.SAVING) {
            return;
        }
        Map<String, Object> values = Configurations.ownValues(configuration);
        if (!Configurations.same(values, before.values()) && says(before.file(), before.text())) {
            LOG.info("configuration {} was changed elsewhere, and is written to {}", pid, before.file());
            PropertiesFile.write(before.file(), values, context);
            taken.put(pid, new Taken(before.file(), values, PropertiesFile.read(before.file(), context)));
        }
    }

    /** Whether a file is still as it was read; otherwise it was changed as well, and is read next. */
    private boolean says(Path file, Map<String, Object> text) throws IOException {
        return Files.isRegularFile(file) && Configurations.same(PropertiesFile.read(file, context), text);
    }

    @Override
    public String name() {
        return "etc/";
    }

    @Override
    public List<Problem> problems() {
        return List.copyOf(refused.values());
    }

    @Override
    public boolean isRequired() {
        return false;
    }
}
