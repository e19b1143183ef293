package io.millwright.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The API is compared with what it was: {@code cnf/baseline/controller.api.jar} has the classes of its last release, or until then of
 * its last agreed state. A change that users or plug-ins would notice needs a higher version of its package. With
 * {@code -Dbaseline.write=true} the test writes the jar: a release does that, and nothing else.
 */
class BaselineTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path BASELINE = Path.of("..", "cnf", "baseline", "controller.api.jar");
    private static final String API = "io/millwright/controller/api/";

    @TempDir
    Path temp;

    /** The packages whose version does not say what has changed in them, with the changes. */
    private static List<String> mismatches(Jar now) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (Processor processor = new Processor();
                Jar before = new Jar(BASELINE.toFile())) {
            for (Info info : new Baseline(processor, new DiffPluginImpl()).baseline(now, before, null)) {
                if (info.mismatch) {
                    List<String> changes = new ArrayList<>();
                    changes("", info.packageDiff, changes);
                    wrong.add(info.packageName + " is " + info.newerVersion + ", must be " + info.suggestedVersion
                            + " for " + changes);
                }
            }
        }
        return wrong;
    }

    private static void changes(String place, Diff diff, List<String> changes) {
        boolean inner = false;
        for (Diff child : diff.getChildren()) {
            if (child.getDelta() != Delta.UNCHANGED && child.getDelta() != Delta.IGNORED) {
                changes(diff.getName() + " ", child, changes);
                inner = true;
            }
        }
        if (!inner) {
            changes.add(diff.getDelta() + " " + place + diff.getType() + " " + diff.getName());
        }
    }

    private static Jar now() throws IOException {
        return new Jar("now", CLASSES.toFile());
    }

    @Test
    void eachChangeHasItsVersion() throws Exception {
        if (Boolean.getBoolean("baseline.write")) {
            write();
        }
        try (Jar now = now()) {
            assertThat(mismatches(now))
                    .as(
                            "raise @Version in package-info.java; docs/operations.md says when the baseline is written anew")
                    .isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a class is gone | Finding.class | | 2.0.0",
                "an operation is gone | Subscription.class | public interface Subscription { } | 2.0.0",
                "plug-ins have more to do | EventListener.class | @org.osgi.annotation.versioning.ConsumerType"
                        + " public interface EventListener { void onEvent(NodeEvent event, long lost); void other(); }"
                        + " | 2.0.0",
                "a class is new | New.class | public final class New { } | 1.1.0"
            })
    void aChangeWithoutItsVersionIsFound(String name, String file, String source, String wanted) throws Exception {
        // Of the classes as they were: what has changed since, with its version, is another matter.
        try (Jar now = new Jar(BASELINE.toFile())) {
            now.remove(API + file);
            if (source != null) {
                String type = file.replace(".class", "");
                now.putResource(API + file, new EmbeddedResource(compiled(type, source), 0));
            }
            assertThat(mismatches(now))
                    .singleElement()
                    .asString()
                    .startsWith("io.millwright.controller.api is 1.0.0, must be " + wanted + " for ")
                    .contains(file.replace(".class", ""));
        }
    }

    private byte[] compiled(String type, String source) throws IOException {
        Path text = temp.resolve(type + ".java");
        Files.writeString(text, "package io.millwright.controller.api; " + source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                temp.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                text.toString());
        assertThat(result).isZero();
        return Files.readAllBytes(temp.resolve(API + type + ".class"));
    }

    /** Classes and what a comparison needs of the manifest, in order and without times: the same input is the same file. */
    private static void write() throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String path = CLASSES.relativize(file).toString().replace('\\', '/');
                if (path.startsWith(API) && path.endsWith(".class")) {
                    entries.put(path, Files.readAllBytes(file));
                }
            }
        }
        Manifest manifest = new Manifest();
        Attributes kept = manifest.getMainAttributes();
        kept.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (InputStream in = Files.newInputStream(CLASSES.resolve("META-INF/MANIFEST.MF"))) {
            Attributes all = new Manifest(in).getMainAttributes();
            for (String name :
                    List.of("Bundle-ManifestVersion", "Bundle-SymbolicName", "Bundle-Version", "Export-Package")) {
                kept.putValue(name, all.getValue(name));
            }
        }
        Files.createDirectories(BASELINE.getParent());
        try (OutputStream out = Files.newOutputStream(BASELINE);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(9);
            zip.putNextEntry(entry("META-INF/MANIFEST.MF"));
            manifest.write(zip);
            for (Map.Entry<String, byte[]> one : entries.entrySet()) {
                zip.putNextEntry(entry(one.getKey()));
                zip.write(one.getValue());
            }
        }
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 2, 0, 0));
        return entry;
    }
}
