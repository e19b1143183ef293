package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's configurations in Config Admin: tells those made from the node file from those made by hand, and makes the
 * former what the file says. Never touches the latter. For one thread at a time.
 */
final class ConfigurationStore implements ConfigurationTarget {
    static final String CONTROLLER_PID = "io.millwright.controller";
    static final String WORKER_FACTORY = "io.millwright.worker.";
    /** The PID of the limits of remote management, and what its factories' begin with. */
    static final String REMOTE = "io.millwright.remote";

    static final String ORIGIN = "millwright.origin";
    /** The origin of everything made here, whatever the file's language. */
    static final String NODE_FILE = "node.json";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationStore.class);
    private static final String WORKER_ID = "worker.id";

    private final ConfigurationAdmin admin;

    /** A configuration as it was when it was looked at; it may be deleted at any time. */
    private record Existing(Configuration configuration, String pid, Dictionary<String, Object> properties) {
        boolean isOurs() {
            return NODE_FILE.equals(properties.get(ORIGIN));
        }

        boolean isWorker() {
            return String.valueOf(configuration.getFactoryPid()).startsWith(WORKER_FACTORY);
        }

        String workerId() {
            if (properties.get(WORKER_ID) instanceof String id && !id.isBlank()) {
                return id;
            }
            int tilde = pid.indexOf('~');
            return tilde >= 0 ? pid.substring(tilde + 1) : idInName(file());
        }

        /** The path of the file it comes from, empty if it comes from none. */
        private String file() {
            Object file = properties.get("felix.fileinstall.filename");
            try {
                return file == null
                        ? ""
                        : String.valueOf(URI.create(file.toString()).getPath());
            } catch (IllegalArgumentException e) {
                return String.valueOf(file);
            }
        }

        /** What follows the factory PID in the name of a file: the PID of such a configuration is numbered. */
        private String idInName(String path) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            int start = String.valueOf(configuration.getFactoryPid()).length() + 1;
            int end = name.lastIndexOf('.');
            return end > start ? name.substring(start, end) : "";
        }

        String describe() {
            Object file = properties.get("felix.fileinstall.filename");
            return "the configuration " + pid + (file == null ? "" : " (" + file + ")");
        }
    }

    /** What a run of {@link #apply} did. */
    record Changes(int written, List<String> deleted, List<Problem> problems) {
        long workersDeleted() {
            return deleted.stream()
                    .filter(pid -> pid.startsWith(WORKER_FACTORY))
                    .count();
        }
    }

    ConfigurationStore(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** What the document says that is said by hand too. */
    List<Problem> conflicts(NodeDocument document) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> byHand = new HashMap<>();
        Map<String, String> others = new HashMap<>();
        Set<String> ours = new HashSet<>();
        for (Existing existing : list()) {
            if (existing.isOurs()) {
                ours.add(existing.pid());
                continue;
            }
            if (existing.isWorker()) {
                byHand.put(existing.workerId(), existing.describe());
            } else if (!existing.pid().equals(CONTROLLER_PID)) {
                others.put(existing.pid(), existing.describe());
            } else if (document.controller() != null) {
                problems.add(Problem.of(
                        "controller",
                        document.controllerLine(),
                        "the node's options are also configured in " + existing.describe()
                                + "; remove them there or here",
                        Problem.Kind.DEFINITION));
            }
        }
        for (NodeDocument.Remote remote : document.remotes()) {
            String other = others.get(remote.pid());
            if (other != null) {
                problems.add(Problem.of(
                        remote.path(),
                        remote.line(),
                        "is also configured in " + other + "; rename or remove one of the two",
                        Problem.Kind.DEFINITION));
            }
        }
        for (NodeDocument.Worker worker : document.workers()) {
            String other = byHand.get(worker.id().value());
            // Of a worker that the file has had before, it is the other one that came last, and the controller refuses
            // that.
            if (other != null && !ours.contains(pid(worker))) {
                problems.add(Problem.of(
                        worker.path() + ".id",
                        worker.line(),
                        "worker '" + worker.id() + "' is also configured in " + other
                                + "; rename or remove one of the two",
                        Problem.Kind.DEFINITION));
            }
        }
        return problems;
    }

    /** Reads the workers' options out of the file that a document came from. */
    interface OptionsReader {
        void forEach(NodeDocument.WorkerHandler handler) throws MalformedException;
    }

    /** Makes the configurations of the node file what the document says; what is right already is not written again. */
    Changes apply(NodeDocument document, OptionsReader reader, ConfigurationTarget target)
            throws IOException, MalformedException {
        List<Problem> problems = new ArrayList<>();
        List<String> deleted = deleteOthers(document, target, problems);
        int[] written = {0};
        Options controller = document.controller();
        if (controller != null) {
            Dictionary<String, Object> properties = properties(controller);
            written[0] +=
                    write("controller", document.controllerLine(), CONTROLLER_PID, null, properties, target, problems);
        }
        for (NodeDocument.Remote remote : document.remotes()) {
            Dictionary<String, Object> properties = properties(remote.options());
            written[0] +=
                    write(remote.path(), remote.line(), remote.factory(), remote.name(), properties, target, problems);
        }
        reader.forEach((found, options) -> {
            NodeDocument.Worker worker = document.workers().get(found.index());
            Dictionary<String, Object> properties = properties(options);
            properties.put(WORKER_ID, worker.id().value());
            String factory = WORKER_FACTORY + worker.type();
            written[0] +=
                    write(worker.path(), worker.line(), factory, worker.id().value(), properties, target, problems);
        });
        return new Changes(written[0], deleted, problems);
    }

    private static String pid(NodeDocument.Worker worker) {
        return WORKER_FACTORY + worker.type() + "~" + worker.id();
    }

    /** The PIDs of what is deleted. */
    private List<String> deleteOthers(NodeDocument document, ConfigurationTarget target, List<Problem> problems)
            throws IOException {
        Set<String> wanted = new HashSet<>();
        document.workers().forEach(worker -> wanted.add(pid(worker)));
        document.remotes().forEach(remote -> wanted.add(remote.pid()));
        if (document.controller() != null) {
            wanted.add(CONTROLLER_PID);
        }
        List<String> deleted = new ArrayList<>();
        // Deletion first: an id that moves to another type must be free before it comes again.
        for (Existing existing : list()) {
            if (existing.isOurs() && !wanted.contains(existing.pid())) {
                try {
                    if (target.delete(existing.configuration())) {
                        deleted.add(existing.pid());
                    }
                } catch (IOException e) {
                    problems.add(
                            Problem.environment("", "configuration " + existing.pid() + " could not be deleted: " + e));
                }
            }
        }
        return deleted;
    }

    @Override
    public boolean delete(Configuration configuration) throws IOException {
        try {
            configuration.delete();
            return true;
        } catch (IllegalStateException e) {
            LOG.debug("a configuration is deleted already", e);
            return false;
        }
    }

    @Override
    public boolean write(String factory, @Nullable String name, Dictionary<String, Object> properties)
            throws IOException {
        Configuration configuration =
                name == null ? admin.getConfiguration(factory, "?") : admin.getFactoryConfiguration(factory, name, "?");
        return configuration.updateIfDifferent(properties);
    }

    private static Dictionary<String, Object> properties(Options options) {
        Dictionary<String, Object> properties = new Hashtable<>();
        options.store(properties);
        properties.put(ORIGIN, NODE_FILE);
        return properties;
    }

    private static int write(
            String path,
            int line,
            String factory,
            @Nullable String name,
            Dictionary<String, Object> properties,
            ConfigurationTarget target,
            List<Problem> problems) {
        try {
            return target.write(factory, name, properties) ? 1 : 0;
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            problems.add(Problem.of(path, line, "could not be stored in Config Admin: " + e, Problem.Kind.ENVIRONMENT));
            return 0;
        }
    }

    /** What the configurations of remote management say, by PID. */
    Map<String, Map<String, Object>> remotes() throws IOException {
        Map<String, Map<String, Object>> remotes = new HashMap<>();
        for (Existing existing : list()) {
            if (existing.pid().startsWith(REMOTE)) {
                remotes.put(existing.pid(), ChangeRecorder.values(existing.properties()));
            }
        }
        return remotes;
    }

    private List<Existing> list() throws IOException {
        Configuration[] found;
        try {
            found = admin.listConfigurations("(|(service.pid=" + CONTROLLER_PID + ")(service.factoryPid="
                    + WORKER_FACTORY + "*)(service.pid=" + REMOTE + ")(service.factoryPid=" + REMOTE + ".*))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // the filter is ours
        }
        List<Existing> all = new ArrayList<>();
        for (Configuration configuration : found == null ? new Configuration[0] : found) {
            try {
                Dictionary<String, Object> properties = configuration.getProperties();
                if (properties != null) {
                    all.add(new Existing(configuration, configuration.getPid(), properties));
                }
            } catch (IllegalStateException e) {
                LOG.debug("a configuration was deleted meanwhile", e);
            }
        }
        return all;
    }
}
