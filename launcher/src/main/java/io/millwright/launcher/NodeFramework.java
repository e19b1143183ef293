package io.millwright.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.hooks.bundle.FindHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** One life of the OSGi framework: created, filled, started, waited for. {@link #stop} and {@link #activity} are thread-safe. */
final class NodeFramework {
    /** Start levels up to this one hold what no node works without: infrastructure, the API and the controller. */
    private static final int LAST_REQUIRED_START_LEVEL = 2;

    private static final long LOOK_MILLIS = 20;

    private final Framework framework;
    private final List<BundleFolders.Jar> jars;
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    private NodeFramework(Framework framework, List<BundleFolders.Jar> jars) {
        this.framework = framework;
        this.jars = jars;
    }

    /**
     * Initializes a framework and installs the distribution's bundles in it. Storage that cannot be read (a disk that
     * was full, say) is replaced by an empty one: it is a cache.
     */
    static NodeFramework create(
            Map<String, Object> properties, List<BundleFolders.Jar> jars, Path storage, ClassPath classPath)
            throws LauncherException {
        Path stamps = storage.resolveSibling(storage.getFileName() + ".bundles");
        if (!Files.exists(stamps)) {
            // Half-written, or from something else.
            Folders.delete(storage);
        }
        Framework framework;
        try {
            framework = init(properties, classPath);
        } catch (BundleException e) {
            if (!Files.exists(stamps)) {
                throw LauncherException.failed("the framework does not start: " + Reason.of(e));
            }
            Console.error(
                    "the framework's cache " + storage + " is not usable, starting with an empty one: " + Reason.of(e));
            Folders.delete(storage);
            Folders.delete(stamps);
            framework = initAnew(properties, classPath);
        }
        framework
                .getBundleContext()
                .registerService(
                        new String[] {ResolverHookFactory.class.getName(), FindHook.class.getName()},
                        new OwnBundles(jars),
                        null);
        try {
            new BundleSync(stamps).apply(framework.getBundleContext(), jars);
            return new NodeFramework(framework, jars);
        } catch (LauncherException e) {
            abandon(framework);
            throw e;
        }
    }

    private static Framework initAnew(Map<String, Object> properties, ClassPath classPath) throws LauncherException {
        try {
            return init(properties, classPath);
        } catch (BundleException e) {
            throw LauncherException.failed("the framework does not start: " + Reason.of(e));
        }
    }

    private static Framework init(Map<String, Object> properties, ClassPath classPath) throws BundleException {
        // The constructor takes values that are no strings (the logger); the standard factory's signature does not.
        @SuppressWarnings({"unchecked", "rawtypes"})
        Framework framework = new FrameworkFactory().newFramework((Map) properties, classPath);
        framework.init();
        ClassPathHelper.use(framework.getBundleContext());
        return framework;
    }

    private static void abandon(Framework framework) {
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException e) {
            Console.error("cannot stop the framework: " + Reason.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    void register(Door door) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Door.PROPERTY, true);
        context().registerService(Consumer.class.getName(), door, properties);
    }

    /**
     * Starts the framework and returns when its start level is reached.
     *
     * @throws LauncherException if a bundle no node works without did not start
     */
    void start() throws LauncherException, InterruptedException {
        Set<String> required = jars.stream()
                .filter(jar -> jar.startLevel() <= LAST_REQUIRED_START_LEVEL)
                .map(BundleFolders.Jar::location)
                .collect(Collectors.toSet());
        CountDownLatch told = new CountDownLatch(1);
        context().addFrameworkListener(event -> {
            if (event.getType() == FrameworkEvent.STARTED) {
                told.countDown();
            } else if (event.getType() == FrameworkEvent.ERROR
                    && event.getBundle() != null
                    && required.contains(event.getBundle().getLocation())) {
                failures.put(String.valueOf(event.getBundle().getSymbolicName()), Reason.of(event.getThrowable()));
            }
        });
        try {
            framework.start();
        } catch (BundleException e) {
            throw LauncherException.failed("the framework does not start: " + Reason.of(e));
        }
        // Events come by a thread of their own, this one after all failures.
        while (framework.getState() == Bundle.ACTIVE && !told.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            // Unless it has been stopped meanwhile.
        }
        if (!failures.isEmpty()) {
            String names = new TreeSet<>(failures.keySet())
                    .stream().map(name -> name + ": " + failures.get(name)).collect(Collectors.joining("; "));
            throw LauncherException.failed("the node cannot work without a bundle that did not start: " + names);
        }
    }

    /**
     * Starts what workers need not wait for, the bundles above the framework's first start level; returns at once. Not for a
     * framework that is being stopped: it would start everything again.
     *
     * @param then called when they are started, at once if there are none, never if the framework stops before
     */
    void startRest(Runnable then) {
        if (framework.getState() != Bundle.ACTIVE) {
            return;
        }
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        int highest =
                jars.stream().mapToInt(BundleFolders.Jar::startLevel).max().orElse(0);
        if (highest <= level.getStartLevel()) {
            then.run();
            return;
        }
        try {
            level.setStartLevel(highest, event -> {
                if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                    then.run();
                }
            });
        } catch (IllegalStateException e) {
            // Somebody else has stopped it: nobody waits for the rest.
        }
    }

    /** Asks the framework to stop and returns at once; harmless when it is stopping already. */
    void stop() {
        try {
            framework.stop();
        } catch (BundleException e) {
            Console.error("cannot stop the framework: " + Reason.of(e));
        }
    }

    /**
     * Waits without limit until the framework has stopped.
     *
     * @return whether the framework asks to be started anew (the system bundle was updated)
     */
    boolean waitForStop() throws InterruptedException {
        return framework.waitForStop(0).getType() == FrameworkEvent.STOPPED_UPDATE;
    }

    /** The bundles being stopped or started at this moment, in words; for a waiting operator. */
    String activity() {
        BundleContext context = framework.getBundleContext();
        if (context == null) {
            return "the framework itself";
        }
        String names = Stream.of(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .filter(bundle -> bundle.getState() == Bundle.STOPPING || isStarting(bundle))
                .map(Bundle::getSymbolicName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "the framework itself" : names;
    }

    private static boolean isStarting(Bundle bundle) {
        return bundle.getState() == Bundle.STARTING
                && bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) == null;
    }
}
