package io.millwright.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What there is in the framework and its process at one moment, as sorted lines, so that two can be compared and the difference
 * read. Immutable.
 *
 * @param bundles id, name, version, state
 * @param services owner, interfaces and users
 * @param threads names without numbers and how many there are
 * @param files what the open descriptors lead to, and how many lead there
 * @param children command lines of child processes
 */
record Snapshot(
        List<String> bundles, List<String> services, List<String> threads, List<String> files, List<String> children) {
    /** Threads of pools that grow with use and shrink by themselves, ours and others'. */
    private static final String POOLS =
            "millwright-(plugin|callback|follower|spawn|watch|shell-local|watcher-look)-\\d+|millwright-(io-slow|key)"
                    + "|ForkJoinPool.*|CompletableFutureDelayScheduler|process reaper.*|EventAdminAsyncThread.*"
                    + "|SCR Component.*|JNA Cleaner|Attach Listener";

    static Snapshot of(BundleContext context) {
        return new Snapshot(bundlesOf(context), servicesOf(context), threadNames(), openFiles(), childCommands());
    }

    private static List<String> bundlesOf(BundleContext context) {
        return Arrays.stream(context.getBundles())
                .map(bundle -> "%d %s %s %d"
                        .formatted(
                                bundle.getBundleId(), bundle.getSymbolicName(), bundle.getVersion(), bundle.getState()))
                .toList();
    }

    private static List<String> servicesOf(BundleContext context) {
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(null, null);
            return counted(Arrays.stream(all), Snapshot::service);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String service(ServiceReference<?> reference) {
        Bundle owner = reference.getBundle();
        Bundle[] users = reference.getUsingBundles();
        return (owner == null ? "nobody" : owner.getSymbolicName())
                + " offers "
                + Arrays.toString((String[]) reference.getProperty(Constants.OBJECTCLASS))
                + " to "
                + (users == null
                        ? List.of()
                        : Arrays.stream(users)
                                .map(Bundle::getSymbolicName)
                                .sorted()
                                .toList());
    }

    private static List<String> threadNames() {
        return counted(
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !name.matches(POOLS)),
                name -> name.replaceAll("\\d+", "N"));
    }

    private static List<String> openFiles() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return counted(
                    descriptors.map(Snapshot::target).filter(Objects::nonNull),
                    target -> target.endsWith(".jar") ? "a jar" : target.replaceAll("\\d+", "N"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closed) {
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> childCommands() {
        return counted(
                ProcessHandle.current().descendants(),
                child -> child.info().commandLine().orElse("ended").split("\n", 2)[0]);
    }

    private static <T> List<String> counted(Stream<T> things, Function<T, String> name) {
        return things.collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting())).entrySet().stream()
                .map(entry -> entry.getValue() + " x " + entry.getKey())
                .toList();
    }

    /** Waits until all is as it was. */
    static void awaitAsBefore(BundleContext context, Snapshot before) {
        try {
            Fixture.await(
                    "all is as before", () -> of(context).difference(before).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError("not as before: " + of(context).difference(before), e);
        }
    }

    /** What is in one and not in the other; empty if they are the same. */
    List<String> difference(Snapshot before) {
        List<String> lines = new ArrayList<>();
        compare("bundle", before.bundles, bundles, lines);
        compare("service", before.services, services, lines);
        compare("thread", before.threads, threads, lines);
        compare("file", before.files, files, lines);
        compare("child", before.children, children, lines);
        return lines;
    }

    private static void compare(String what, List<String> before, List<String> after, List<String> lines) {
        before.stream().filter(line -> !after.contains(line)).forEach(line -> lines.add(what + " before: " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> lines.add(what + " after: " + line));
    }
}
