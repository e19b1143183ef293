package io.millwright.worker.runtime.container;

import static io.millwright.worker.runtime.internal.FakeNode.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.worker.runtime.internal.FakeNode.Child;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Components that are bundles: where they come from, how they are configured, and what they have to do with each other. */
@Tag("long")
class ContainerBundlesTest extends ContainerFixture {
    /** A bundle with one service component. */
    private void bundle(String file, Class<?> type, String service) throws IOException {
        bundle(file, type, service, null);
    }

    /** A bundle with one service component, and an activator. */
    private void bundle(String file, Class<?> type, String service, Class<?> activator) throws IOException {
        bundle(file, type, "", service, activator);
    }

    private void bundle(String file, Class<?> type, String attributes, String service, Class<?> activator)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", file);
        main.putValue("Service-Component", "OSGI-INF/one.xml");
        if (activator != null) {
            main.putValue("Bundle-Activator", activator.getName());
            main.putValue("Import-Package", "org.osgi.framework");
        }
        try (OutputStream out = Files.newOutputStream(dir.resolve(file));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            String xml =
                    "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"one\" immediate=\"true\""
                            + attributes + "><implementation class=\"" + type.getName() + "\"/>" + service
                            + "</scr:component>";
            jar.putNextEntry(new JarEntry("OSGI-INF/one.xml"));
            jar.write(xml.getBytes(StandardCharsets.UTF_8));
            Set<Class<?>> classes = new LinkedHashSet<>(List.of(type, Parts.Sums.class, Parts.class));
            if (activator != null) {
                classes.add(activator);
            }
            for (Class<?> one : classes) {
                String name = one.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream in = one.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(jar);
                }
            }
        }
    }

    /** A bundle whose service component is there only with a configuration; its methods are procedures. */
    private void configured(String file, String pid) throws IOException {
        bundle(
                file,
                Parts.SumsComponent.class,
                " configuration-policy=\"require\" configuration-pid=\"" + pid + "\"",
                "<property name=\"wamp.procedure.prefix\" value=\"calc\"/><service><provide interface=\""
                        + Parts.Sums.class.getName() + "\"/></service>",
                null);
    }

    private void bundle(String name, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        for (int i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(dir.resolve(name + ".jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("p/" + name + "/x.txt"));
            jar.putNextEntry(new JarEntry("words/" + name + ".txt"));
            jar.write(("of " + name).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A bundle whose package holds a word, and which says the word that it gets by a package that it imports. */
    private void speaker(String name, String word, String exports, String imports, String says) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Activator", Parts.SaysItsImport.class.getName());
        main.putValue("Import-Package", "org.osgi.framework" + imports);
        main.putValue("Says", says);
        if (!exports.isEmpty()) {
            main.putValue("Export-Package", exports);
        }
        try (OutputStream out = Files.newOutputStream(dir.resolve(name + ".jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("p/" + name + "/x.txt"));
            jar.write(word.getBytes(StandardCharsets.UTF_8));
            for (Class<?> one : List.of(Parts.SaysItsImport.class, Parts.class)) {
                String file = one.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(file));
                try (InputStream in = one.getClassLoader().getResourceAsStream(file)) {
                    in.transferTo(jar);
                }
            }
        }
    }

    @Test
    void aBundleWithServiceComponentsRunsAndItsServicesAreProcedures() throws Exception {
        bundle(
                "sums.jar",
                Parts.SumsComponent.class,
                "<property name=\"wamp.procedure.prefix\" value=\"calc\"/><service><provide interface=\""
                        + Parts.Sums.class.getName() + "\"/></service>");
        bundle("broken.jar", Parts.BrokenComponent.class, "");
        start(
                "shutdown-manual",
                "{\"id\":\"sums\",\"bundle\":\"sums.jar\",\"config\":{\"one\":{\"a\":1}}}",
                "{\"id\":\"broken\",\"bundle\":\"broken.jar\"}");
        next(node.ready);
        assertThat(get("sums").get("state")).isEqualTo("started");
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(node.call("calc.add", 3, 4)).isEqualTo(7L));
        assertThat(node.call("calc.words", "a", "b")).isEqualTo(List.of("a", "b"));
        assertThatThrownBy(() -> node.call("calc.odd")).hasMessageContaining("can answer texts, numbers");
        assertThatThrownBy(() -> node.call("calc.add", 3)).hasMessageContaining("argument 1");
        assertThat(get("broken").get("state")).isEqualTo("failed");
        assertThat(String.valueOf(get("broken").get("error"))).contains("no paper in the bundle");
        node.call("stop_component", "sums");
        await().untilAsserted(() ->
                assertThatThrownBy(() -> node.call("calc.add", 3, 4)).hasMessageContaining("nobody has registered"));
        node.call("restart_component", "sums");
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(node.call("calc.add", 1, 1)).isEqualTo(2L));
    }

    /** Kind: what a component has configured is there as long as the component, and not after it. */
    @ParameterizedTest
    @CsvSource({"one, one", "many, many~first"})
    void aConfigurationGoesWithItsComponent(String asked, String given) throws Exception {
        configured("sums.jar", asked);
        start("shutdown-manual", QUIET);
        next(node.ready);
        Map<String, Object> sums = Map.of("id", "sums", "bundle", "sums.jar");
        Map<String, Object> with = new LinkedHashMap<>(sums);
        with.put("config", Map.of(given, Map.of("a", 1)));
        configure(with);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(node.call("calc.add", 3, 4)).isEqualTo(7L));
        configure(sums);
        assertThat(get("sums").get("state")).isEqualTo("started");
        await().untilAsserted(() ->
                assertThatThrownBy(() -> node.call("calc.add", 3, 4)).hasMessageContaining("nobody has registered"));
        configure(with);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(node.call("calc.add", 3, 4)).isEqualTo(7L));
    }

    /** Kind: of two components that configure the same the second is refused; the first goes on as it was. */
    @Test
    void whatAComponentHasConfiguredNoOtherOneConfigures() throws Exception {
        configured("sums.jar", "one");
        bundle("words");
        start("shutdown-manual", QUIET);
        next(node.ready);
        Map<String, Object> sums = Map.of("id", "sums", "bundle", "sums.jar", "config", Map.of("one", Map.of("a", 1)));
        configure(sums);
        configure(
                sums,
                Map.of("id", "words", "bundle", "words.jar", "config", Map.of("two", Map.of(), "one", Map.of("a", 2))));
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(node.call("calc.add", 3, 4)).isEqualTo(7L));
        assertThat(get("words").get("state")).isEqualTo("failed");
        assertThat(String.valueOf(get("words").get("error")))
                .contains("config of component 'words': 'one' is configured by component 'sums' already");
        node.call("stop_component", "sums");
        assertThat(((Map<?, ?>) node.call("restart_component", "words")).get("state"))
                .isEqualTo("started");
    }

    /** Kind: what one component gives up and another takes over in one change is there for the other, however slow the first one stops. */
    @Test
    void aComponentThatIsRenamedKeepsItsConfiguration() throws Exception {
        configured("sums.jar", "one");
        start("shutdown-manual", QUIET);
        next(node.ready);
        for (String id : List.of("a", "b", "c", "a")) {
            configure(Map.of("id", id, "bundle", "sums.jar", "config", Map.of("one", Map.of("a", 1))));
            assertThat(get(id).get("state"))
                    .as("%s: %s", id, get(id).get("error"))
                    .isEqualTo("started");
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(node.call("calc.add", 3, 4)).isEqualTo(7L));
        }
    }

    /** Kind: a component that failed leaves nothing that another one would be refused for. */
    @Test
    void aConfigurationThatCannotBeLeavesNothing() throws Exception {
        configured("sums.jar", "one");
        start("shutdown-manual", QUIET);
        next(node.ready);
        Map<String, Object> wrong = new LinkedHashMap<>();
        wrong.put("one", Map.of("a", 1));
        wrong.put("two", Map.of("limit", 1, "Limit", 2));
        configure(Map.of("id", "wrong", "bundle", "sums.jar", "config", wrong));
        assertThat(get("wrong").get("state")).isEqualTo("failed");
        configure(
                Map.of("id", "wrong", "bundle", "sums.jar", "config", wrong),
                Map.of("id", "sums", "bundle", "sums.jar", "config", Map.of("one", Map.of("a", 1))));
        assertThat(get("sums").get("state")).as("%s", get("sums").get("error")).isEqualTo("started");
    }

    /** It exports its package and imports it, too, as many bundles do: what is left of the bundle before is no answer to that. */
    @Test
    void bundlesThatUseOneWhichIsStartedAgainAreRestartedWithWhatItIsThen() throws Exception {
        speaker("a", "old", "p.a", ",p.a", "/p/a/x.txt");
        speaker("b", "of b", "p.b", ",p.a", "/p/a/x.txt");
        speaker("c", "of c", "", ",p.b", "/p/b/x.txt");
        speaker("alone", "of alone", "", "", "/p/alone/x.txt");
        Child child = start(
                "shutdown-on-any-component-stopped", ofBundle("a"), ofBundle("b"), ofBundle("c"), ofBundle("alone"));
        next(node.ready);
        await().untilAsserted(() -> assertThat(child.out).contains("a: old", "b: old", "c: of b", "alone: of alone"));
        speaker("a", "new", "p.a", ",p.a", "/p/a/x.txt");
        node.call("restart_component", "a");
        await().untilAsserted(() -> assertThat(child.out)
                .contains("a: new", "b: new")
                .filteredOn("c: of b"::equals)
                .hasSize(2));
        for (String one : List.of("a", "b", "c")) {
            await().untilAsserted(() -> assertThat(get(one).get("restarts")).isEqualTo(1L));
            await().untilAsserted(() -> assertThat(get(one).get("state")).isEqualTo("started"));
        }
        assertThat(get("alone").get("restarts")).isEqualTo(0L);
        await().untilAsserted(() -> assertThat(child.err)
                .anyMatch(line -> line.contains("component 'b' is restarted, for it uses what component 'a' had")));
        node.call("stop_component", "b");
        assertThat(child.exit()).as("the rule is for a stop, not for a restart").isZero();
    }

    @Test
    void bundlesThatUseEachOtherAreRestartedTogether() throws Exception {
        speaker("a", "old a", "p.a", ",p.b", "/p/b/x.txt");
        speaker("b", "old b", "p.b", ",p.a", "/p/a/x.txt");
        Child child = start("shutdown-manual", ofBundle("a"), ofBundle("b"));
        next(node.ready);
        speaker("a", "new a", "p.a", ",p.b", "/p/b/x.txt");
        node.call("restart_component", "a");
        await().untilAsserted(() -> assertThat(child.out)
                .contains("b: new a")
                .filteredOn("a: old b"::equals)
                .hasSize(3));
        await().untilAsserted(() -> assertThat(get("a").get("state")).isEqualTo("started"));
        await().untilAsserted(() -> assertThat(get("b").get("restarts")).isEqualTo(1L));
        assertThat((Long) get("a").get("restarts")).isLessThanOrEqualTo(2L);
    }

    /** It has failed and is in nobody's place: what others have of the one before is theirs. */
    @Test
    void bundlesThatUseOneWhichDoesNotStartAgainGoOn() throws Exception {
        speaker("a", "old", "p.a", "", "/p/a/x.txt");
        speaker("b", "of b", "p.b", ",p.a", "/p/a/x.txt");
        Child child = start("shutdown-manual", ofBundle("a"), ofBundle("b"));
        next(node.ready);
        speaker("a", "new", "p.a", "", "/not/there.txt");
        assertThatThrownBy(() -> node.call("restart_component", "a")).hasMessageContaining("cannot be started");
        assertThat(get("b").get("state")).isEqualTo("started");
        assertThat(get("b").get("restarts")).isEqualTo(0L);
        assertThat(child.out).doesNotContain("b is stopped");
        // A new user of it gets nothing of what is left.
        node.begin("restart_component", "b");
        await().untilAsserted(
                        () -> assertThat(String.valueOf(get("b").get("error"))).contains("osgi.wiring.package=p.a"));
        speaker("a", "new", "p.a", "", "/p/a/x.txt");
        node.call("start_component", "a");
        node.call("start_component", "b");
        await().untilAsserted(() -> assertThat(child.out).endsWith("a: new", "b: new"));
    }

    @Test
    void twoComponentsOfOneBundleHaveLivesOfTheirOwn() throws Exception {
        speaker("a", "old", "p.a", "", "/p/a/x.txt");
        Child child = start(
                "shutdown-manual", "{\"id\":\"one\",\"bundle\":\"a.jar\"}", "{\"id\":\"two\",\"bundle\":\"a.jar\"}");
        next(node.ready);
        assertThat(get("one").get("state")).as(String.valueOf(get("one"))).isEqualTo("started");
        assertThat(get("two").get("state")).as(String.valueOf(get("two"))).isEqualTo("started");
        node.call("stop_component", "one");
        assertThat(get("two").get("state")).isEqualTo("started");
        await().untilAsserted(() -> assertThat(child.out).containsExactly("a: old", "a: old", "a is stopped"));
        speaker("a", "new", "p.a", "", "/p/a/x.txt");
        node.call("start_component", "one");
        await().untilAsserted(() -> assertThat(child.out).endsWith("a: new"));
        assertThat(get("two").get("restarts")).isEqualTo(0L);
    }

    /** All are started at once, in threads of their own. */
    @Test
    void bundlesThatNeedOthersAreStartedWhateverTheirOrder() throws Exception {
        bundle("a", "Import-Package", "p.b,p.c,p.d");
        bundle("b", "Import-Package", "p.c", "Export-Package", "p.b");
        bundle("c", "Import-Package", "p.d", "Export-Package", "p.c");
        bundle("d", "Export-Package", "p.d");
        bundle("alone", "Import-Package", "p.none");
        start("shutdown-manual", ofBundle("alone"), ofBundle("a"), ofBundle("b"), ofBundle("c"), ofBundle("d"));
        next(node.ready);
        for (String one : List.of("a", "b", "c", "d")) {
            assertThat(get(one).get("state")).as(String.valueOf(get(one))).isEqualTo("started");
        }
        assertThat(String.valueOf(get("alone").get("error"))).contains("osgi.wiring.package=p.none");
    }

    /** It fails while its activator runs; its activator's stop is foreign code. */
    @Test
    void aBundleThatBlocksAtItsStopHoldsUpNoOther() throws Exception {
        bundle("blocks.jar", Parts.BrokenComponent.class, "", Parts.BlocksAtItsStop.class);
        bundle("other");
        Child child = start("shutdown-manual");
        next(node.ready);
        node.begin("start_component", Map.of("id", "blocks", "bundle", "blocks.jar"));
        await().untilAsserted(() -> assertThat(child.out).contains("blocks"));
        assertThat(started("other")).isEqualTo("started");
        assertThat(((Map<?, ?>) node.call("stop_component", "other")).get("state"))
                .isEqualTo("stopped");
        assertThat(get("blocks").get("state")).isEqualTo("starting");
    }

    @Test
    void aBundleWhoseStopThrowsIsGoneAllTheSame() throws Exception {
        bundle("one.jar", Parts.SumsComponent.class, "", Parts.ThrowsAtItsStop.class);
        start("shutdown-manual");
        next(node.ready);
        assertThat(started("one")).isEqualTo("started");
        assertThat(String.valueOf(node.call("stop_component", "one"))).contains("no way to stop");
        bundle("one.jar", Parts.BrokenComponent.class, "");
        assertThatThrownBy(() -> node.call("start_component", "one")).hasMessageContaining("no paper in the bundle");
    }

    @ParameterizedTest
    @CsvSource({"host, part", "part, host"})
    void aFragmentIsPartOfItsHost(String first, String second) throws Exception {
        bundle("host.jar", Parts.Quiet.class, "", Parts.SaysItsFile.class);
        bundle("part", "Fragment-Host", "host.jar");
        Child child = start("shutdown-manual", ofBundle(first), ofBundle(second));
        next(node.ready);
        assertThat(get("host").get("state")).isEqualTo("started");
        assertThat(get("part").get("state")).isEqualTo("started");
        await().untilAsserted(() -> assertThat(child.out).contains("file: of part"));
        node.call("restart_component", "host");
        await().untilAsserted(() -> assertThat(child.out)
                .filteredOn(line -> line.startsWith("file: "))
                .containsExactly("file: of part", "file: none", "file: of part"));
    }

    @Test
    void aFragmentThatComesAfterItsHostSaysWhatIsToBeDone() throws Exception {
        bundle("host.jar", Parts.Quiet.class, "", Parts.SaysItsFile.class);
        bundle("part", "Fragment-Host", "host.jar");
        Child child = start("shutdown-manual", ofBundle("host"));
        next(node.ready);
        assertThatThrownBy(() -> started("part"))
                .hasMessageContaining("its host, host.jar, was started before the fragment came: stop the host's"
                        + " component, start the fragment's, then the host's");
        node.call("stop_component", "host");
        assertThat(((Map<?, ?>) node.call("start_component", "part")).get("state"))
                .isEqualTo("started");
        node.call("start_component", "host");
        await().untilAsserted(() -> assertThat(child.out).contains("file: of part"));
    }

    /** The kind: a worker of another user, who may write to none of the node's folders. */
    @Test
    void bundlesAreKeptElsewhereWhereTheCacheCannotBeWrittenTo() throws Exception {
        Files.createFile(Files.createDirectories(dir.resolve("cache")).resolve("containers"));
        Set<Path> before = temporary();
        bundle("sums.jar", Parts.SumsComponent.class, "");
        Child child = start("shutdown-on-last-component-stopped", "{\"id\":\"sums\",\"bundle\":\"sums.jar\"}");
        next(node.ready);
        assertThat(get("sums").get("state")).isEqualTo("started");
        Set<Path> made = temporary();
        made.removeAll(before);
        assertThat(made).isNotEmpty();
        node.call("stop_component", "sums");
        assertThat(child.exit()).isZero();
        assertThat(temporary()).doesNotContainAnyElementsOf(made);
    }
}
