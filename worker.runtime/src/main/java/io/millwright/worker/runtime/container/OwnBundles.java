package io.millwright.worker.runtime.container;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * The bundles that each framework has, with classes that come from the class path, where a class-data archive holds them, and not from a
 * loader of the framework. Thread-safe.
 */
final class OwnBundles implements ModuleConnector {
    private static final String SCHEME = "own:";

    private final Path folder;

    /** Those of a folder, each of which is on the class path too. */
    OwnBundles(Path folder) {
        this.folder = folder;
    }

    /** The locations to install them by, in order. */
    List<String> locations() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .map(SCHEME::concat)
                    .toList();
        }
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // There is nothing to prepare.
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        return location.startsWith(SCHEME)
                ? Optional.of(() -> new Content(folder.resolve(location.substring(SCHEME.length()))))
                : Optional.empty();
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }

    /** What is in the jar; its classes are not asked for here. */
    private static final class Content implements ConnectContent {
        private final Path file;
        private @Nullable JarFile jar;

        Content(Path file) {
            this.file = file;
        }

        @Override
        public synchronized void open() throws IOException {
            if (jar == null) {
                jar = new JarFile(file.toFile());
            }
        }

        @Override
        public synchronized void close() throws IOException {
            if (jar != null) {
                jar.close();
                jar = null;
            }
        }

        private synchronized JarFile jar() throws IOException {
            open();
            return Objects.requireNonNull(jar);
        }

        @Override
        public Optional<Map<String, String>> getHeaders() {
            try {
                Map<String, String> headers = new LinkedHashMap<>();
                Attributes main = jar().getManifest().getMainAttributes();
                main.forEach((name, value) -> headers.put(name.toString(), value.toString()));
                return Optional.of(headers);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Iterable<String> getEntries() throws IOException {
            List<String> names = new ArrayList<>();
            jar().stream().map(JarEntry::getName).forEach(names::add);
            return names;
        }

        @Override
        public Optional<ConnectEntry> getEntry(String name) {
            try {
                JarFile open = jar();
                JarEntry entry = open.getJarEntry(name);
                return entry == null ? Optional.empty() : Optional.of(new Entry(open, entry));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(OwnBundles.class.getClassLoader());
        }
    }

    private record Entry(JarFile jar, JarEntry entry) implements ConnectContent.ConnectEntry {
        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.getInputStream(entry);
        }
    }
}
