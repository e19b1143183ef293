package io.millwright.worker.natives.internal;

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
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the node's own bundles for containers, in {@code cache/bundles} of the node directory: {@code node:NAME} is the one of the
 * highest version, {@code node:NAME/VERSION} that one. A copy is made anew when the bundle has been updated. Thread-safe.
 */
final class NodeBundles {
    private static final String SCHEME = "node:";
    private static final String FOLDER = "cache/bundles";
    private static final Logger LOG = LoggerFactory.getLogger(NodeBundles.class);

    private final Supplier<List<Bundle>> installed;

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
        Path copy = nodeDirectory.resolve(FOLDER).resolve(name.replace('/', '-') + ".jar");
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
