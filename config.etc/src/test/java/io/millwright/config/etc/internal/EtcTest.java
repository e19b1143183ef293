package io.millwright.config.etc.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Hashtable;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of {@code etc/} and {@code deploy/}, with File Install for real. It looks by itself but once an hour, so whatever happens
 * here is by notification.
 */
@Tag("long")
class EtcTest {
    private static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path temp;

    private Path directory;
    private EtcFramework framework;

    @BeforeEach
    void open() throws Exception {
        directory = temp.resolve("node");
        start();
    }

    private void start() throws Exception {
        framework = new EtcFramework(directory, temp.resolve("scratch"));
    }

    @AfterEach
    void close() throws IOException {
        framework.close();
    }

    private Path file(String name) {
        return framework.etc.resolve(name);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(file(name), text);
    }

    private Map<String, Object> awaitTaken(Path file, String key, Object value) {
        await(file + ": " + key).until(() -> value.equals(framework.of(file).get(key)));
        return framework.of(file);
    }

    private void delete(Path file) throws IOException {
        Files.delete(file);
        await(file + " is gone")
                .until(() ->
                        framework.of(file).isEmpty() && framework.problems().isEmpty());
    }

    private void byHand(String factory, String name) throws IOException {
        Hashtable<String, Object> values = new Hashtable<>();
        values.put("by", "hand");
        framework.admin().getFactoryConfiguration(factory, name, "?").update(values);
    }

    /** The kind: what a file's bytes say is what its editor showed, in both languages and with every mark. */
    @ParameterizedTest
    @CsvSource({
        "cfg, '', grün",
        "cfg, '\ufeff', grün",
        "cfg, '\ufeff# a comment\n', 日本語",
        "cfg, '# a comment: ü\n\n', 😀",
        "cfg, '', 'a\\u00fcb'",
        "config, '', grün",
        "config, '\ufeff', 日本語",
        "config, '\ufeff# a comment\n', 😀",
    })
    void textIsUtf8AndAMarkIsSkipped(String extension, String before, String value) throws IOException {
        Path file = file(GUEST + "-a." + extension);
        boolean typed = extension.equals("config");
        String text = before + (typed ? "key = \"" + value + "\"\n" : "key = " + value + "\n");
        Files.writeString(file, text);
        Map<String, Object> values = awaitTaken(file, "key", value.replace("\\u00fc", "ü"));
        assertThat(values.keySet())
                .containsExactlyInAnyOrder("key", Configurations.FILE, "service.pid", "service.factoryPid");
        assertThat(values).containsEntry("service.pid", GUEST + "~a");
        assertThat(Files.readString(file)).as("is not written into").isEqualTo(text);
    }

    /** The kind: a file that cannot be what it should be is refused in a sentence, and what it said before stays. */
    @Test
    void anotherEncodingIsRefusedAndTheOldTextStays() throws IOException {
        Path file = write(GUEST + "-a.cfg", "key = one\n");
        awaitTaken(file, "key", "one");
        replace(file, "# x\nkey = grün\n".getBytes(ISO_8859_1));
        await().until(() -> !framework.problems().isEmpty());
        assertThat(framework.problems().toString()).contains("not UTF-8: byte 0xfc in line 2", GUEST + "-a.cfg");
        replace(file, "key = two\n".getBytes(UTF_16));
        await().until(() -> framework.problems().toString().contains("UTF-16"));
        assertThat(framework.of(file)).containsEntry("key", "one");
        replace(file, "key = three\n".getBytes(UTF_8));
        awaitTaken(file, "key", "three");
        assertThat(framework.problems()).isEmpty();
    }

    /** The kind: something that is no configuration, under the name of one; it takes neither time nor memory. */
    @Test
    void aFileOfMegabytesIsRefused() throws IOException {
        Path file = write(GUEST + "-a.cfg", "x".repeat(2_000_000));
        await().until(() -> !framework.problems().isEmpty());
        assertThat(framework.problems().toString()).contains("it has 2000000 bytes", GUEST + "-a.cfg");
        replace(file, "key = one\n".getBytes(UTF_8));
        awaitTaken(file, "key", "one");
        assertThat(framework.problems()).isEmpty();
    }

    /** The kind: a file is seen between the moment when it is emptied and the one when it is written, as "echo text > file" makes it. */
    @Test
    void aFileThatWasEmptiedAMomentAgoIsNoEmptyConfiguration() throws Exception {
        Path file = write(GUEST + "-a.cfg", "key = one\n");
        awaitTaken(file, "key", "one");
        Files.write(file, new byte[0]);
        framework.look(file);
        assertThat(framework.of(file)).containsEntry("key", "one");
        write(GUEST + "-a.cfg", "key = two\n");
        framework.look(file);
        assertThat(framework.of(file)).containsEntry("key", "two");
        // one that comes empty is no configuration yet either
        Path other = file(GUEST + "-b.cfg");
        Files.write(other, new byte[0]);
        framework.look(other);
        assertThat(framework.of(other)).isEmpty();
        write(GUEST + "-b.cfg", "key = three\n");
        framework.look(other);
        assertThat(framework.of(other)).containsEntry("key", "three");
    }

    @Test
    void aFileThatStaysEmptyIsAnEmptyConfiguration() throws Exception {
        Path file = write(GUEST + "-a.cfg", "key = one\n");
        awaitTaken(file, "key", "one");
        Files.write(file, new byte[0]);
        await().until(() -> !framework.of(file).isEmpty() && !framework.of(file).containsKey("key"));
        write(GUEST + "-a.cfg", "key = two\n");
        awaitTaken(file, "key", "two");
        for (int age : new int[] {60, -60}) {
            Files.write(file, new byte[0]);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(age)));
            framework.look(file);
            assertThat(framework.of(file)).as("of another time").doesNotContainKey("key");
            write(GUEST + "-a.cfg", "key = two\n");
            framework.look(file);
        }
        delete(file);
    }

    /** The kind: Config Admin tells of a change when the file has changed again; that is no change by somebody else. */
    @Test
    void aFileThatChangesFastIsNotWrittenInto() throws Exception {
        Path file = write(GUEST + "-a.cfg", "key = one\n");
        awaitTaken(file, "key", "one");
        for (int i = 0; i < 500; i++) {
            String text = "key = " + i + "\n";
            replace(file, text.getBytes(UTF_8));
            framework.look(file);
            assertThat(Files.readString(file)).isEqualTo(text);
            assertThat(framework.of(file)).containsEntry("key", String.valueOf(i));
        }
        delete(file);
        assertThat(file).doesNotExist();
    }

    /** At once, as an editor does: a file that is being written may be seen while it is empty. */
    private static void replace(Path file, byte[] text) throws IOException {
        Path written = file.getParent().resolveSibling("written");
        Files.write(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {GUEST + ".cfg", GUEST + "-.cfg", GUEST + "~.config"})
    void aNameWithoutAnIdIsRefused(String name) throws IOException {
        Path file = write(name, "key = one\n");
        await().until(() -> !framework.problems().isEmpty());
        assertThat(framework.problems().toString()).contains(name, GUEST + "-ID.cfg");
        assertThat(framework.of(file)).isEmpty();
        delete(file);
    }

    /** The kind: names that are no PID. The controller says of such ids what is wrong with them; it must get to know them. */
    @ParameterizedTest
    @ValueSource(strings = {"web (copy)", "back\\slash", "star*", "grün", "a=b", "100%", " "})
    void aStrangeNameBecomesANumberedConfiguration(String id) throws IOException {
        Path file = write(GUEST + "-" + id + ".cfg", "key = one\n");
        Map<String, Object> values = awaitTaken(file, "key", "one");
        assertThat(String.valueOf(values.get("service.pid"))).startsWith(GUEST).doesNotContain(id);
        assertThat(framework.all()).hasSize(1);
        delete(file);
        assertThat(framework.all()).isEmpty();
    }

    @Test
    void valuesAreExpandedAndXmlIsRead() throws IOException {
        awaitTaken(write(GUEST + "-a.cfg", "key = ${known}\n"), "key", "value");
        awaitTaken(
                write(
                        GUEST + "-b.cfg",
                        "<!DOCTYPE properties SYSTEM \"http://java.sun.com/dtd/properties.dtd\">"
                                + "<properties><entry key='key'>${known}</entry></properties>"),
                "key",
                "value");
    }

    /** The kind: text that stands for nothing. It was taken away in silence; the worker's environment may know it. */
    @ParameterizedTest
    @CsvSource({
        "${known}, value",
        "a${unknown}b, a${unknown}b",
        "${env:NO_SUCH_VARIABLE}, ${env:NO_SUCH_VARIABLE}",
        "${unknown}/${known}, ${unknown}/value",
        "${unknown:-other}, other",
        "${known:+other}, other",
        "$5, $5",
        "5$, 5$",
        "$$, $$",
        "a$b, a$b",
    })
    void noTextIsEatenInSilence(String text, String taken) throws IOException {
        awaitTaken(write(GUEST + "-a.cfg", "key = " + text + "\n"), "key", taken);
        awaitTaken(write(GUEST + "-b.config", "key = \"" + text + "\"\n"), "key", taken);
        awaitTaken(
                write(
                        GUEST + "-c.cfg",
                        "<!DOCTYPE properties SYSTEM \"http://java.sun.com/dtd/properties.dtd\">"
                                + "<properties><entry key='key'>" + text + "</entry></properties>"),
                "key",
                taken);
    }

    /** The kind: a file and somebody else ask for one PID. */
    @ParameterizedTest
    @ValueSource(strings = {"-a.cfg", "-a.config", "~a.cfg"})
    void aFileTakesNoConfigurationOver(String name) throws IOException {
        byHand(GUEST, "a");
        Path file = write(GUEST + name, name.endsWith("config") ? "by = \"file\"\n" : "by = file\n");
        Map<String, Object> values = awaitTaken(file, "by", "file");
        assertThat(values.get("service.pid")).isNotEqualTo(GUEST + "~a");
        assertThat(framework.all().get(GUEST + "~a")).containsEntry("by", "hand");
        delete(file);
        assertThat(framework.all().get(GUEST + "~a")).containsEntry("by", "hand");
    }

    @Test
    void twoFilesOfOneIdAreTwoConfigurationsAndARenamedOneIsOne() throws IOException {
        Path first = write(GUEST + "-a.cfg", "by = first\n");
        awaitTaken(first, "by", "first");
        Path second = write(GUEST + "-a.config", "by = \"second\"\n");
        awaitTaken(second, "by", "second");
        assertThat(framework.of(first)).containsEntry("by", "first");
        delete(first);
        assertThat(framework.of(second)).containsEntry("by", "second");
        Path renamed = Files.move(second, file(GUEST + "-b.config"));
        assertThat(awaitTaken(renamed, "by", "second")).containsEntry("service.pid", GUEST + "~b");
        await().until(() -> framework.all().size() == 1);
    }

    @Test
    void aFileOfASingleConfigurationWaitsUntilThatIsFree() throws IOException {
        Hashtable<String, Object> hand = new Hashtable<>();
        hand.put("title", "hand");
        hand.put("millwright.origin", "node.json");
        framework.admin().getConfiguration("io.millwright.controller", "?").update(hand);
        Path file = write("io.millwright.controller.cfg", "title = file\n");
        await().until(() -> !framework.problems().isEmpty());
        assertThat(framework.problems().toString()).contains("node.json", "io.millwright.controller.cfg");
        assertThat(framework.all().get("io.millwright.controller")).containsEntry("title", "hand");
        framework.admin().getConfiguration("io.millwright.controller", "?").delete();
        awaitTaken(file, "title", "file");
        assertThat(framework.problems()).isEmpty();
    }

    /** The kind: what happened to files while nobody looked. */
    @ParameterizedTest
    @CsvSource({
        "removed",
        "renamed",
        "directory moved",
        "directory copied",
        "swapped with one by hand",
        "another's removed"
    })
    void whatBecameOfAFileWhileTheNodeWasDown(String what) throws Exception {
        Path gone = write(GUEST + "-gone.cfg", "key = gone\n");
        Path stays = write(GUEST + "-stays.cfg", "key = stays\n");
        Path other = write("org.example.other.cfg", "key = other\n");
        awaitTaken(gone, "key", "gone");
        awaitTaken(stays, "key", "stays");
        awaitTaken(other, "key", "other");
        byHand(GUEST, "hand");
        framework.close();
        Path old = directory;
        switch (what) {
            case "removed", "swapped with one by hand" -> Files.delete(gone);
            case "another's removed" -> {
                Files.delete(gone);
                Files.delete(other);
            }
            case "renamed" -> Files.move(gone, gone.resolveSibling(GUEST + "-new.cfg"));
            case "directory moved" -> {
                directory = temp.resolve("moved");
                Files.move(old, directory);
                Files.delete(directory.resolve("etc").resolve(gone.getFileName()));
            }
            default -> {
                directory = temp.resolve("copied");
                copy(old, directory);
                Files.delete(directory.resolve("etc").resolve(gone.getFileName()));
            }
        }
        start();
        awaitTaken(file(stays.getFileName().toString()), "key", "stays");
        assertThat(framework.of(gone)).isEmpty();
        assertThat(framework.all()).containsKey(GUEST + "~hand").doesNotContainKey(GUEST + "~gone");
        assertThat(framework.all().values().stream().filter(values -> "stays".equals(values.get("key"))))
                .hasSize(1);
        if (what.equals("another's removed")) {
            assertThat(framework.all()).doesNotContainKey("org.example.other");
        } else {
            awaitTaken(file("org.example.other.cfg"), "key", "other");
        }
        if (what.equals("directory copied")) {
            assertThat(gone).as("the other node's file").exists();
            assertThat(stays).exists();
            delete(file(stays.getFileName().toString()));
            assertThat(stays).exists();
        }
        if (what.equals("renamed")) {
            assertThat(framework.all()).containsKey(GUEST + "~new");
        }
    }

    /** The kind: changes without an event of the file, or that change neither its time nor its size. */
    @ParameterizedTest
    @CsvSource({
        "target edited",
        "target made later",
        "replaced by one of its time and size",
        "written with its time and size",
        "folder replaced"
    })
    void noChangeIsMissed(String what) throws Exception {
        Path target = temp.resolve("target");
        Path file = file(GUEST + "-a.cfg");
        Path gone = write(GUEST + "-gone.cfg", "key = one\n");
        awaitTaken(gone, "key", "one");
        if (what.startsWith("target")) {
            Files.createSymbolicLink(file, target);
        }
        if (what.equals("target made later")) {
            // Seen, and nothing could be made of it.
            awaitTaken(write(GUEST + "-b.cfg", "key = one\n"), "key", "one");
        } else {
            Files.writeString(file, "key = one\n");
            awaitTaken(file, "key", "one");
        }
        switch (what) {
            case "replaced by one of its time and size" -> {
                Path other = Files.writeString(temp.resolve("other"), "key = two\n");
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            }
            case "written with its time and size" -> {
                FileTime before = Files.getLastModifiedTime(file);
                Files.writeString(file, "key = two\n");
                Files.setLastModifiedTime(file, before);
            }
            case "folder replaced" -> {
                Path fresh = Files.createDirectory(directory.resolve("etc.new"));
                Files.writeString(fresh.resolve(file.getFileName()), "key = two\n");
                Files.move(framework.etc, directory.resolve("etc.old"));
                Files.move(fresh, framework.etc);
            }
            default -> Files.writeString(target, "key = two\n");
        }
        awaitAtLast(file, "two");
        if (what.equals("folder replaced")) {
            await().until(() -> framework.of(gone).isEmpty());
            awaitTaken(write(GUEST + "-c.cfg", "key = three\n"), "key", "three");
        }
    }

    /** A link is looked at every ten seconds. */
    private void awaitAtLast(Path file, Object value) {
        await(file + ": key")
                .atMost(Duration.ofMinutes(1))
                .until(() -> value.equals(framework.of(file).get("key")));
    }

    /** The kind: of some of the exceptions of java.nio the message is the path, and nothing else. */
    @Test
    void whyAFileCannotBeReadIsSaid() {
        assertThat(ConfigurationFiles.reason(new AccessDeniedException("/x")))
                .startsWith("it cannot be read: permission denied for user ");
        assertThat(ConfigurationFiles.reason(new NoSuchFileException("/x")))
                .isEqualTo("java.nio.file.NoSuchFileException: /x");
        assertThat(ConfigurationFiles.reason(new FileSystemException("/x", null, "Input/output error")))
                .isEqualTo("/x: Input/output error");
        assertThat(ConfigurationFiles.reason(new IOException("it is UTF-16"))).isEqualTo("it is UTF-16");
    }

    @Test
    void aFolderThatIsALinkIsTheOneItLeadsTo() throws Exception {
        framework.close();
        Path real = temp.resolve("real");
        Files.move(directory.resolve("etc"), real);
        Files.createSymbolicLink(directory.resolve("etc"), real);
        start();
        write(GUEST + "-web (copy).cfg", "key = one\n");
        Path file = real.resolve(GUEST + "-web (copy).cfg");
        Object pid = awaitTaken(file, "key", "one").get("service.pid");
        framework.close();
        start();
        assertThat(awaitTaken(file, "key", "one")).containsEntry("service.pid", pid);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Test
    void aConfigurationChangedOrDeletedElsewhereTakesItsFileAlong() throws IOException {
        Path file = write(GUEST + "-a.cfg", "# größer\nkey = grün\nother = as it was\n");
        awaitTaken(file, "key", "grün");
        Hashtable<String, Object> values = new Hashtable<>();
        values.put("key", "größer");
        values.put("other", "as it was");
        values.put(Configurations.FILE, Configurations.key(file));
        framework.admin().getFactoryConfiguration(GUEST, "a", "?").update(values);
        await().until(() ->
                "größer".equals(PropertiesFile.read(file, framework.context()).get("key")));
        assertThat(Files.readString(file)).contains("# größer");
    }

    /** The kind: one bundle in two files; as long as one of them is there, so is the bundle. */
    @ParameterizedTest
    @ValueSource(strings = {"one.jar", "two.jar"})
    void aBundleInTwoFilesIsThereAsLongAsOneOfThemIs(String removed) throws IOException {
        Path one = jar("one.jar");
        await().until(() -> one.equals(framework.fileOf("org.example.twice")));
        Path two = jar("two.jar");
        Path third = write("org.example.after.cfg", "key = seen\n");
        awaitTaken(third, "key", "seen");
        Path goes = framework.deploy.resolve(removed);
        Path stays = goes.equals(one) ? two : one;
        Files.delete(goes);
        await().until(() -> stays.equals(framework.fileOf("org.example.twice")));
        Files.delete(stays);
        await().until(() -> framework.fileOf("org.example.twice") == null);
    }

    private Path jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "org.example.twice");
        main.putValue("Bundle-Version", "1.0.0");
        Path jar = framework.deploy.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }
}
