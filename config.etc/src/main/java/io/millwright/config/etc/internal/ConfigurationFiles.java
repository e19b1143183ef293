package io.millwright.config.etc.internal;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
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
 * both by the worker's id, refuses the one that came last; a file of a single configuration waits until that is free. Called by
 * the threads of File Install and of Config Admin.
 */
final class ConfigurationFiles implements ArtifactInstaller, ConfigurationListener, ConfigurationSource {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    /** Files that are refused, and why. */
    private final Map<Path, Problem> refused = new ConcurrentSkipListMap<>();
    /** Files whose PID is another's. */
    private final Map<Path, String> waiting = new ConcurrentSkipListMap<>();

    ConfigurationFiles(BundleContext context, ConfigurationAdmin admin) {
        this.context = context;
        this.admin = admin;
    }

    @Override
    public boolean canHandle(File artifact) {
        return FileName.isOurs(artifact.toPath());
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
    public void uninstall(File artifact) throws IOException {
        Path file = artifact.toPath().toAbsolutePath();
        accept(file);
        Configuration configuration = Configurations.ofFile(admin, Configurations.key(file));
        if (configuration != null) {
            LOG.info("{} is gone, configuration {} is deleted", file, configuration.getPid());
            configuration.delete();
        }
    }

    private void take(Path file) throws IOException {
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
            refuse(file, e.getMessage() == null ? e.toString() : e.getMessage());
            return;
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

    /** A configuration is gone: the file that waited for its PID is taken. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() != ConfigurationEvent.CM_DELETED) {
            return;
        }
        waiting.forEach((file, pid) -> {
            if (pid.equals(event.getPid()) && Files.isRegularFile(file)) {
                try {
                    take(file);
                } catch (IOException | IllegalStateException e) {
                    LOG.error("{} could not be taken: {}", file, e.toString());
                }
            }
        });
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
