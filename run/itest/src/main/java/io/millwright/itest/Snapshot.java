package io.millwright.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        List<String> bundles,
        List<String> services,
        Map<String, Long> threads,
        Map<String, Long> files,
        Map<String, Long> children) {
    /** Threads of pools that grow with use and shrink by themselves, ours and others'. */
    private static final String POOLS =
            "millwright-(plugin|callback|follower|spawn|watch|shell-local|watcher-look)-\\d+|millwright-(io-slow|key)"
                    + "|ForkJoinPool.*|CompletableFutureDelayScheduler|process reaper.*|EventAdminAsyncThread.*"
                    + "|SCR Component.*|FelixResolver.*|JNA Cleaner|Attach Listener";

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
            return Arrays.stream(all).map(Snapshot::service).sorted().toList();
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

    private static Map<String, Long> threadNames() {
        return counted(
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !name.matches(POOLS)),
                name -> name.replaceAll("\\d+", "N"));
    }

    private static Map<String, Long> openFiles() {
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

    private static Map<String, Long> childCommands() {
        return counted(
                ProcessHandle.current().descendants(),
                child -> child.info().commandLine().orElse("ended").split("\n", 2)[0]);
    }

    private static <T> Map<String, Long> counted(Stream<T> things, Function<T, String> name) {
        return things.collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting()));
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

    /** What bundles and services are in one and not in the other, and of what else there is more than before. */
    List<String> difference(Snapshot before) {
        List<String> lines = new ArrayList<>();
        compare("bundle", before.bundles, bundles, lines);
        compare("service", before.services, services, lines);
        growth("thread", before.threads, threads, lines);
        growth("file", before.files, files, lines);
        growth("child", before.children, children, lines);
        return lines;
    }

    private static void compare(String what, List<String> before, List<String> after, List<String> lines) {
        List<String> gone = new ArrayList<>(before);
        after.forEach(gone::remove);
        List<String> come = new ArrayList<>(after);
        before.forEach(come::remove);
        gone.forEach(line -> lines.add(what + " before: " + line));
        come.forEach(line -> lines.add(what + " after: " + line));
    }

    /** Less is no leak: a thread or a file that somebody keeps for a while may have been there before. */
    private static void growth(String what, Map<String, Long> before, Map<String, Long> after, List<String> lines) {
        after.forEach((name, count) -> {
            long known = before.getOrDefault(name, 0L);
            if (count > known) {
                lines.add(what + ": " + count + " x " + name + ", before " + known);
            }
        });
    }
}
