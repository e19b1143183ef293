package io.millwright.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a node in the foreground until it ends, through as many frameworks as restarts are asked for. */
final class NodeRun {
    private final Path home;
    private final NodeDirectory directory;
    private final ClassPath classPath;
    private final boolean debugLifecycle;
    private final Stopper stopper = new Stopper();
    private final EarlierLoggers loggers = new EarlierLoggers();

    NodeRun(Path home, NodeDirectory directory, ClassPath classPath, boolean debugLifecycle) {
        this.home = home;
        this.directory = directory;
        this.classPath = classPath;
        this.debugLifecycle = debugLifecycle;
    }

    /**
     * Blocks until the node has ended. Returns the exit code.
     *
     * @param notifySocket where a service manager listens; null or empty if none does
     */
    int run(@Nullable String notifySocket) throws LauncherException, InterruptedException {
        directory.requireConfigured();
        directory.prepare();
        ThreadRoom.require();
        placeNativeLibrary();
        try (NodeLock lock = NodeLock.take(directory);
                ServiceManager manager = new ServiceManager(notifySocket)) {
            Signals.handle(name -> {
                lock.markStopping();
                stopper.onSignal(name, manager::stops);
            });
            int generation = 0;
            Door.Outcome outcome;
            do {
                generation++;
                outcome = runOnce(manager, generation);
            } while (outcome.restart() && !stopper.isSignalled());
            if (outcome.message() != null) {
                Console.error(outcome.message());
            }
            return outcome.exitCode();
        }
    }

    /** Where JNA unpacks its library, decided before its first class is loaded: the controller says the same. */
    private void placeNativeLibrary() throws LauncherException {
        Path unpacked = directory.cache().resolve("jna");
        try {
            Files.createDirectories(unpacked);
        } catch (IOException e) {
            throw LauncherException.failed("cannot create " + unpacked + ": " + Reason.of(e));
        }
        if (System.getProperty("jna.tmpdir") == null) {
            System.setProperty("jna.tmpdir", unpacked.toString());
        }
    }

    private Door.Outcome runOnce(ServiceManager manager, int generation)
            throws LauncherException, InterruptedException {
        Path storage = directory.cache().resolve("framework");
        List<BundleFolders.Jar> jars = BundleFolders.list(home.resolve("bundle"), Integer.MAX_VALUE, classPath);
        NodeFramework framework = NodeFramework.create(properties(storage), jars, storage, classPath);
        boolean updated = false;
        Door door = new Door(stopper::stop);
        try (ReadyWatch ready = new ReadyWatch(directory, manager, generation)) {
            framework.register(door);
            ready.open(framework.context());
            loggers.open(framework.context());
            ControllerLine controller = new ControllerLine(framework.context());
            manager.begins(controller);
            stopper.attach(framework, controller);
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
