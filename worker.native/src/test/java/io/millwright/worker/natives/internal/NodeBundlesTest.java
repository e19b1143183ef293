package io.millwright.worker.natives.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** Copies of the node's bundles. */
class NodeBundlesTest {
    @TempDir
    Path dir;

    private final List<Bundle> installed = new ArrayList<>();
    private final NodeBundles bundles = new NodeBundles(() -> installed);
    private long modified = 1_000;

    @BeforeEach
    void install() throws IOException {
        bundle("a.b", "1.0.0");
        bundle("a.b", "10.0.0");
    }

    /** A bundle whose content is a folder. */
    private void bundle(String name, String version) throws IOException {
        Path root = dir.resolve(name + version);
        Files.createDirectories(root.resolve("META-INF"));
        Files.createDirectories(root.resolve("x/y"));
        Files.writeString(
                root.resolve(JarFile.MANIFEST_NAME),
                "Manifest-Version: 1.0\nBundle-SymbolicName: " + name + "\nBundle-Version: " + version + "\n\n");
        Files.writeString(root.resolve("x/y/z.txt"), "content of " + version);
        installed.add((Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getSymbolicName" -> name;
                    case "getVersion" -> new Version(version);
                    case "getLastModified" -> modified;
                    case "getEntry" ->
                        root.resolve((String) arguments[0]).toUri().toURL();
                    case "getEntryPaths" -> Collections.enumeration(paths(root, (String) arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private static List<String> paths(Path root, String folder) throws IOException {
        try (var all = Files.list(root.resolve(folder.equals("/") ? "" : folder))) {
            return all.map(one -> root.relativize(one) + (Files.isDirectory(one) ? "/" : ""))
                    .toList();
        }
    }

    private static String version(Path copy) throws IOException {
        try (JarFile jar = new JarFile(copy.toFile())) {
            assertThat(new String(jar.getInputStream(jar.getEntry("x/y/z.txt")).readAllBytes()))
                    .startsWith("content of ");
            return jar.getManifest().getMainAttributes().getValue("Bundle-Version");
        }
    }

    @ParameterizedTest
    @CsvSource({"node:a.b, a.b.jar, 10.0.0", "node:a.b/1.0.0, a.b@1.0.0.jar, 1.0.0", "node:a.b/1, a.b@1.jar, 1.0.0"})
    void aBundleIsCopiedWhole(String location, String file, String version) throws Exception {
        bundles.provide(location, dir);
        Path copy = dir.resolve("cache/bundles").resolve(file);
        assertThat(version(copy)).isEqualTo(version);
        assertThat(copy.getParent().toFile().list()).containsExactly(file);
    }

    @Test
    void itIsCopiedAgainWhenItHasBeenUpdatedAndIsGoneWhenTheBundleIs() throws Exception {
        bundles.provide("node:a.b/10.0.0", dir);
        Path copy = dir.resolve("cache/bundles/a.b@10.0.0.jar");
        try (OutputStream out = Files.newOutputStream(copy)) {
            out.write('x');
        }
        modified = 3_000;
        bundles.provide("node:a.b/10.0.0", dir);
        assertThat(version(copy)).isEqualTo("10.0.0");
        installed.clear();
        bundles.provide("node:a.b/10.0.0", dir);
        assertThat(copy).doesNotExist();
    }

    /** A restart by the restart policy is not planned anew. */
    @Test
    void copiesThatWereAskedForFollowTheirBundle() throws Exception {
        bundles.provide("node:a.b", dir);
        Path copy = dir.resolve("cache/bundles/a.b.jar");
        assertThat(version(copy)).isEqualTo("10.0.0");
        bundle("a.b", "11.0.0");
        modified = 2_000;
        bundles.changed(installed.get(2));
        assertThat(version(copy)).isEqualTo("11.0.0");
        assertThat(copy.getParent().toFile().list()).containsExactly("a.b.jar");
        installed.clear();
        bundle("a.b", "1.0.0");
        modified = 3_000;
        bundles.changed(installed.get(0));
        assertThat(version(copy)).isEqualTo("1.0.0");
    }

    @Test
    void whatSavedComponentsNameIsCopied() throws Exception {
        bundles.provideSaved(new WorkerId("w1"), dir);
        assertThat(dir.resolve("cache")).doesNotExist();
        Files.writeString(
                Files.createDirectories(dir.resolve("state/components")).resolve("w1.json"),
                "{\"version\":1,\"components\":[{\"id\":\"a\",\"bundle\":\"node:a.b/1.0.0\"},"
                        + "{\"id\":\"b\",\"bundle\":\"node:../c\"},{\"id\":\"c\",\"bundle\":\"lib/c.jar\"}]}");
        bundles.provideSaved(new WorkerId("w1"), dir);
        assertThat(dir.resolve("cache/bundles").toFile().list()).containsExactly("a.b@1.0.0.jar");
    }

    @Test
    void aVersionIsNoPartOfAName() throws Exception {
        bundle("a.b-1.0.0", "3.0.0");
        bundles.provide("node:a.b/1.0.0", dir);
        bundles.provide("node:a.b-1.0.0", dir);
        assertThat(version(dir.resolve("cache/bundles/a.b@1.0.0.jar"))).isEqualTo("1.0.0");
        assertThat(version(dir.resolve("cache/bundles/a.b-1.0.0.jar"))).isEqualTo("3.0.0");
    }

    @ParameterizedTest
    @CsvSource({"node:none", "node:a.b/2.0.0", "node:a.b/x", "lib/a.jar", "mvn:a/b/1"})
    void whatTheNodeHasNotIsNotCopied(String location) {
        bundles.provide(location, dir);
        Path folder = dir.resolve("cache/bundles");
        assertThat(Files.isDirectory(folder) ? folder.toFile().list() : new String[0])
                .isEmpty();
    }
}
