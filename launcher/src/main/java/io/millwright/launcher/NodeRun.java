package io.millwright.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a node in the foreground until it ends, through as many frameworks as restarts are asked for. */
final class NodeRun {
    private final Path home;
    private final NodeDirectory directory;
    private final ClassPath classPath;
    private final boolean debugLifecycle;
    private final Stopper stopper = new Stopper();

    NodeRun(Path home, NodeDirectory directory, ClassPath classPath, boolean debugLifecycle) {
        this.home = home;
        this.directory = directory;
        this.classPath = classPath;
        this.debugLifecycle = debugLifecycle;
    }

    /** Blocks until the node has ended. Returns the exit code. */
    int run(SystemdNotifier systemd) throws LauncherException, InterruptedException {
        directory.requireConfigured();
        directory.prepare();
        try (NodeLock lock = NodeLock.take(directory)) {
            Signals.handle(stopper::onSignal);
            int generation = 0;
            Door.Outcome outcome;
            do {
                generation++;
                outcome = runOnce(systemd, generation);
            } while (outcome.restart() && !stopper.isSignalled());
            if (outcome.message() != null) {
                Console.error(outcome.message());
            }
            return outcome.exitCode();
        }
    }

    private Door.Outcome runOnce(SystemdNotifier systemd, int generation)
            throws LauncherException, InterruptedException {
        Path storage = directory.cache().resolve("framework");
        List<BundleFolders.Jar> jars = BundleFolders.list(home.resolve("bundle"), Integer.MAX_VALUE, classPath);
        NodeFramework framework = NodeFramework.create(properties(storage), jars, storage, classPath);
        boolean updated = false;
        Door door = new Door(stopper::stop);
        try (ReadyWatch ready = new ReadyWatch(directory, systemd, generation)) {
            framework.register(door);
            ready.open(framework.context());
            stopper.attach(framework);
            try {
                if (!stopper.isSignalled()) {
                    framework.start();
                    stopper.unlessStopping(() -> framework.startRest(ready::restStarted));
                }
            } catch (LauncherException e) {
                stopper.stop();
                framework.waitForStop();
                throw e;
            }
            updated = framework.waitForStop();
        } finally {
            stopper.detach();
        }
        Door.Outcome outcome = door.outcome();
        return outcome != null ? outcome : new Door.Outcome(ExitCodes.OK, updated, null);
    }

    private Map<String, Object> properties(Path storage) throws LauncherException {
        Map<String, Object> properties = new LinkedHashMap<>(FrameworkProperties.read(
                home.resolve("conf").resolve("config.properties"), FrameworkProperties.variables(home, directory)));
        properties.put("millwright.mode", "run");
        properties.put("millwright.lock", "launcher");
        properties.put("felix.fileinstall.dir", directory.etc() + "," + directory.deploy());
        FrameworkProperties.place(properties, directory, storage, directory.config(), directory.cache());
        if (debugLifecycle) {
            properties.put("millwright.debug.lifecycle", "true");
        }
        return properties;
    }
}
