package io.millwright.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;

/** One jar of the {@link ClassPath} as the content of a bundle. Opened and closed, then read by many threads, by the framework. */
final class ClassPathContent implements ConnectContent {
    private final File file;
    private volatile @Nullable JarFile jar;

    ClassPathContent(File file) {
        this.file = file;
    }

    @Override
    public void open() throws IOException {
        jar = new JarFile(file);
    }

    @Override
    public void close() throws IOException {
        jar().close();
    }

    private JarFile jar() {
        JarFile opened = jar;
        if (opened == null) {
            throw new IllegalStateException(file + " is not open");
        }
        return opened;
    }

    @Override
    public Optional<Map<String, String>> getHeaders() {
        // The framework reads them from the manifest.
        return Optional.empty();
    }

    @Override
    public Iterable<String> getEntries() {
        return jar().stream().map(ZipEntry::getName).toList();
    }

    @Override
    public Optional<ConnectEntry> getEntry(String path) {
        return Optional.ofNullable(jar().getEntry(path)).map(entry -> new Entry(jar(), entry));
    }

    @Override
    public Optional<ClassLoader> getClassLoader() {
        return Optional.of(ClassPathContent.class.getClassLoader());
    }

    private record Entry(JarFile jar, ZipEntry entry) implements ConnectEntry {
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
