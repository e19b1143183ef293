package io.millwright.worker.natives.internal;

import io.millwright.controller.api.WorkerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the node's own bundles for containers, in {@code cache/bundles} of the node directory: {@code node:NAME} is the one of the
 * highest version, {@code node:NAME/VERSION} that one. A copy is made anew when the bundle is updated. Thread-safe.
 */
final class NodeBundles {
    private static final String SCHEME = "node:";
    private static final String FOLDER = "cache/bundles";
    /** A location in the JSON that a container keeps; a text of a configuration that looks like one does no harm. */
    private static final Pattern SAVED =
            Pattern.compile("\"bundle\"\\s*:\\s*\"(node:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[0-9][A-Za-z0-9._-]*)?)\"");

    private static final Logger LOG = LoggerFactory.getLogger(NodeBundles.class);

    private final Supplier<List<Bundle>> installed;
    /** What has been asked for: names of bundles, by node directory. */
    private final Set<Wanted> wanted = ConcurrentHashMap.newKeySet();

    private record Wanted(String name, Path nodeDirectory) {}

    NodeBundles(Supplier<List<Bundle>> installed) {
        this.installed = installed;
    }

    /**
     * Copies what a location names, if that is a bundle of the node. If the node has none of that name, or it cannot be copied, the
     * component says that its file is not there.
     */
    void provide(String location, Path nodeDirectory) {
        if (!location.startsWith(SCHEME)) {
            return;
        }
        String name = location.substring(SCHEME.length());
        wanted.add(new Wanted(name, nodeDirectory));
        provide(new Wanted(name, nodeDirectory));
    }

    /** Copies what the saved components of a container name; {@link #provide} for each. */
    void provideSaved(WorkerId id, Path nodeDirectory) {
        Path saved = nodeDirectory.resolve("state/components").resolve(id + ".json");
        try {
            if (Files.exists(saved)) {
                SAVED.matcher(Files.readString(saved)).results().forEach(one -> provide(one.group(1), nodeDirectory));
            }
        } catch (IOException e) {
            // The container says that it cannot be read.
            LOG.debug("{} cannot be read", saved, e);
        }
    }

    /** A bundle of the node has been installed, updated or uninstalled: its copies follow, for restarts that are not planned. */
    void changed(Bundle bundle) {
        String name = bundle.getSymbolicName();
        for (Wanted one : wanted) {
            if (one.name().equals(name) || one.name().startsWith(name + "/")) {
                provide(one);
            }
        }
    }

    /** One after the other, so that the last word is the last copy. */
    private synchronized void provide(Wanted one) {
        String name = one.name();
        Path copy = one.nodeDirectory().resolve(FOLDER).resolve(name.replace('/', '@') + ".jar");
        Bundle bundle = find(name).orElse(null);
        try {
            if (bundle == null) {
                Files.deleteIfExists(copy);
            } else if (!isCurrent(copy, bundle)) {
                copy(bundle, copy);
            }
        } catch (IOException e) {
            LOG.warn("the bundle {} cannot be copied to {}: {}", name, copy, e.toString());
        }
    }

    private Optional<Bundle> find(String name) {
        int slash = name.indexOf('/');
        String symbolicName = slash < 0 ? name : name.substring(0, slash);
        @Nullable Version version = slash < 0 ? null : version(name.substring(slash + 1));
        return installed.get().stream()
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .filter(bundle -> slash < 0 || bundle.getVersion().equals(version))
                .max(Comparator.comparing(Bundle::getVersion));
    }

    private static @Nullable Version version(String text) {
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isCurrent(Path copy, Bundle bundle) throws IOException {
        return Files.exists(copy) && Files.getLastModifiedTime(copy).toMillis() == bundle.getLastModified();
    }

    private static void copy(Bundle bundle, Path copy) throws IOException {
        Path folder = Files.createDirectories(copy.getParent());
        Path part = Files.createTempFile(folder, "copy", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part);
                    ZipOutputStream jar = new ZipOutputStream(out)) {
                entry(bundle, JarFile.MANIFEST_NAME, jar);
                entries(bundle, "/", jar);
            }
            Files.setLastModifiedTime(part, FileTime.fromMillis(bundle.getLastModified()));
            // A worker of another user reads it too.
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void entries(Bundle bundle, String folder, ZipOutputStream jar) throws IOException {
        Enumeration<String> paths = bundle.getEntryPaths(folder);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith("/")) {
                entries(bundle, path, jar);
            } else if (!path.equals(JarFile.MANIFEST_NAME)) {
                entry(bundle, path, jar);
            }
        }
    }

    private static void entry(Bundle bundle, String path, ZipOutputStream jar) throws IOException {
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            throw new IOException("it has no " + path);
        }
        jar.putNextEntry(new ZipEntry(path));
        try (InputStream in = entry.openStream()) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }
}
