package io.millwright.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks a node's configuration with the worker types of the distribution and of its {@code deploy/} folder: a framework
 * in temporary folders, in which nothing starts a worker, writes to the node directory or takes its lock.
 */
final class NodeCheck {
    /** The shells (start level 5) have nothing to say here. */
    private static final int MAX_START_LEVEL = 4;

    private static final long ANSWER_SECONDS = 60;

    private final Path home;
    private final NodeDirectory directory;
    private final ClassPath classPath;

    NodeCheck(Path home, NodeDirectory directory, ClassPath classPath) {
        this.home = home;
        this.directory = directory;
        this.classPath = classPath;
    }

    /** Prints the verdict and returns the exit code. */
    int run() throws LauncherException, InterruptedException {
        directory.requireConfigured();
        Path temporary;
        try {
            temporary = Files.createTempDirectory("millwright-check");
        } catch (IOException e) {
            throw LauncherException.failed("cannot make a temporary folder: " + Reason.of(e));
        }
        try {
            return run(temporary);
        } finally {
            Folders.delete(temporary);
        }
    }

    private int run(Path temporary) throws LauncherException, InterruptedException {
        Path storage = temporary.resolve("framework");
        // What the node keeps counts too: one id from two sources is refused at a start.
        Folders.copy(directory.config(), temporary.resolve("config"));
        NodeFramework framework = NodeFramework.create(
                properties(temporary, storage),
                BundleFolders.list(home.resolve("bundle"), MAX_START_LEVEL, classPath),
                storage,
                classPath);
        Stopper stopper = new Stopper();
        // A call during the start must not stop a framework that is not up; the end comes below in any case.
        Door door = new Door(() -> {});
        boolean answered;
        try {
            framework.register(door);
            stopper.attach(framework, null);
            Signals.handle(name -> {
                door.accept(Map.of("exit.code", ExitCodes.FAILED, "message", "interrupted by SIG" + name));
            });
            framework.start();
            answered = door.await(ANSWER_SECONDS, TimeUnit.SECONDS);
        } finally {
            stopper.stop();
            framework.waitForStop();
            stopper.detach();
        }
        Door.Outcome outcome = door.outcome();
        if (!answered || outcome == null) {
            throw LauncherException.failed("the controller gave no verdict within " + ANSWER_SECONDS + " s");
        }
        if (outcome.message() != null) {
            if (outcome.exitCode() == ExitCodes.OK) {
                Console.print(outcome.message());
            } else {
                Console.printError(outcome.message());
            }
        }
        return outcome.exitCode();
    }

    private Map<String, Object> properties(Path temporary, Path storage) throws LauncherException {
        Map<String, Object> properties = new LinkedHashMap<>(FrameworkProperties.read(
                home.resolve("conf").resolve("config.properties"), FrameworkProperties.variables(home, directory)));
        properties.put("millwright.mode", "check");
        // Only what is there: a missing folder would be created.
        String watched = Stream.of(directory.etc(), directory.deploy())
                .filter(Files::isDirectory)
                .map(Path::toString)
                .collect(Collectors.joining(","));
        properties.put(
                "felix.fileinstall.dir",
                watched.isEmpty() ? temporary.resolve("none").toString() : watched);
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put(
                "org.ops4j.pax.logging.StaticLogbackFile",
                home.resolve("conf").resolve("logback-check.xml").toString());
        FrameworkProperties.place(properties, directory, storage, temporary.resolve("config"), temporary);
        return properties;
    }
}
