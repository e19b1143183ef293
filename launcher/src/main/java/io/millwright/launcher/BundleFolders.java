package io.millwright.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the bundles of the distribution: {@code bundle/<start level>/*.jar}. Stateless. */
final class BundleFolders {

    /**
     * A bundle of the distribution.
     *
     * @param startLevel number of the folder it lies in
     * @param stamp changes when the jar does
     * @param onClassPath whether its classes come from the {@link ClassPath}
     */
    record Jar(Path file, int startLevel, String stamp, boolean onClassPath) {
        /** The location the framework knows it by. The jar is read in place, nothing is copied. */
        String location() {
            if (onClassPath) {
                return ClassPath.location(file);
            }
            // The framework decodes this as a form, where a plus is a space.
            return "reference:" + file.toUri().toString().replace("+", "%2B");
        }
    }

    private BundleFolders() {}

    /**
     * Lists the jars up to a start level, in the order to install them: by start level, then by file name.
     *
     * @throws LauncherException if the folder cannot be read, holds no bundle, or a subfolder whose name is no number
     */
    static List<Jar> list(Path folder, int maxStartLevel, ClassPath classPath) throws LauncherException {
        List<Jar> jars = new ArrayList<>();
        try {
            for (Path child : children(folder)) {
                if (Files.isDirectory(child)) {
                    int level = startLevel(child);
                    if (level <= maxStartLevel) {
                        addJars(child, level, jars);
                    }
                }
            }
        } catch (IOException e) {
            throw LauncherException.failed("cannot list the bundles in " + folder + ": " + Reason.of(e));
        }
        if (jars.isEmpty()) {
            throw LauncherException.failed(
                    "no bundles in " + folder + "/<start level>/: the installation is incomplete");
        }
        jars.sort(Comparator.comparingInt(Jar::startLevel)
                .thenComparing(jar -> jar.file().getFileName().toString()));
        if (classPath.holds(jars)) {
            jars.replaceAll(jar -> new Jar(jar.file(), jar.startLevel(), jar.stamp(), true));
        }
        return List.copyOf(jars);
    }

    private static void addJars(Path folder, int level, List<Jar> jars) throws IOException {
        for (Path file : children(folder)) {
            if (file.getFileName().toString().endsWith(".jar")) {
                jars.add(new Jar(file, level, stamp(file), false));
            }
        }
    }

    /** What tells a jar from its successor. */
    static String stamp(Path jar) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
        return attributes.size() + ":" + attributes.lastModifiedTime().toMillis();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static int startLevel(Path folder) throws LauncherException {
        String name = folder.getFileName().toString();
        try {
            int level = Integer.parseInt(name);
            if (level > 0) {
                return level;
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal
        }
        throw LauncherException.failed(
                "the bundle folder " + folder + " should be named by a start level (1, 2, ...), not '" + name + "'");
    }
}
