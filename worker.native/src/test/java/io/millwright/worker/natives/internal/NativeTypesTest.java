package io.millwright.worker.natives.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.ReservedOptions;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NativeTypesTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path node;

    private final JavaWorkerType java = new JavaWorkerType();
    private final ProcessWorkerType process = new ProcessWorkerType();
    private final ContainerWorkerType container = new ContainerWorkerType(new NodeBundles(List::of));
    private final RouterWorkerType router = new RouterWorkerType();

    @AfterEach
    void close() {
        java.close();
        container.close();
        router.close();
    }

    private static OptionValues values(WorkerType type, Map<String, ?> given) {
        Map<String, Object> all = new HashMap<>();
        type.options().forEach(option -> {
            if (option.defaultValue() != null) {
                all.put(option.key(), option.defaultValue());
            }
        });
        all.putAll(given);
        return new OptionValues(all, given.keySet());
    }

    private LaunchPlan plan(WorkerType type, Map<String, ?> given) {
        return type.plan(PlanRequest.builder(new WorkerId("w1"), values(type, given), node, node)
                .environment(Map.of("A", "1"))
                .build());
    }

    @Test
    void allAreNativeAndTakeNoKeyOfTheControllers() {
        for (WorkerType type : List.of(java, process, container, router)) {
            assertThat(type.isNative()).isTrue();
            assertThat(ReservedOptions.takenBy(type.options())).isEmpty();
            assertThat(type.options()).extracting(OptionDefinition::key).doesNotContain("title", "extra");
            assertThat(type.fingerprint().capabilities()).contains(WorkerCapability.CHANNEL);
        }
    }

    /** The controller reads a default as it reads what a configuration says. */
    @Test
    void defaultsAreWrittenAsInAConfiguration() {
        for (WorkerType type : List.of(java, process, container, router)) {
            type.options().forEach(NativeTypesTest::assertWritten);
        }
    }

    private static void assertWritten(OptionDefinition option) {
        if (option.defaultValue() != null) {
            assertThat(option.defaultValue())
                    .as(option.key())
                    .isInstanceOfAny(String.class, Boolean.class, Long.class, List.class);
        }
        option.members().forEach(NativeTypesTest::assertWritten);
    }

    @Test
    void aProcessIsItsExecutableAndArguments() {
        LaunchPlan plan = plan(process, Map.of("executable", "node", "arguments", List.of("w.js", "")));
        assertThat(plan.command()).containsExactly("node", "w.js", "");
        assertThat(plan.commandOption()).isEqualTo("executable");
        assertThat(plan.environment()).isEqualTo(Map.of("A", "1"));
        assertThatThrownBy(() -> plan(process, Map.of())).hasMessageContaining("executable");
    }

    @Test
    void aRouterHasItsClassesAfterTheRuntime() throws Exception {
        List<String> command =
                plan(router, Map.of("jvm.options", List.of("-Xmx64m"))).command();
        String classPath = command.get(command.indexOf("-cp") + 1);
        assertThat(classPath).matches(".*/runtime\\.jar:.*/router\\.jar");
        assertThat(command).contains("-Xmx64m").endsWith("io.millwright.worker.router.RouterMain");
        try (JarFile jar = new JarFile(classPath.substring(classPath.indexOf(':') + 1))) {
            for (String one : List.of(
                    "io/millwright/worker/router/RouterMain",
                    "io/millwright/wamp/router/Router",
                    "io/millwright/wamp/net/Listeners",
                    "io/millwright/options/OptionChecker",
                    "io/millwright/controller/api/text/Json",
                    "com/fasterxml/jackson/core/JsonFactory",
                    "org/slf4j/Logger")) {
                assertThat(jar.getEntry(one + ".class")).as(one).isNotNull();
            }
        }
    }

    @Test
    void aMainClassRunsWithTheRuntimeFirstOnItsClassPath() throws Exception {
        Files.createDirectories(node.resolve("lib"));
        LaunchPlan plan = plan(
                java,
                Map.of(
                        "main", "com.acme.Main",
                        "classpath", List.of("lib/*", "lib"),
                        "jvm.options", List.of("-Xmx64m"),
                        "arguments", List.of("a", "b")));
        List<String> command = plan.command();
        Path runtime = Files.list(node.resolve("cache/runtime"))
                .findFirst()
                .orElseThrow()
                .resolve("runtime.jar");
        assertThat(command.get(0)).isEqualTo(JAVA);
        assertThat(command)
                .containsSubsequence(
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx64m",
                        "-cp",
                        runtime + ":" + node + "/lib/*:" + node + "/lib",
                        "io.millwright.worker.runtime.Main",
                        "com.acme.Main",
                        "a",
                        "b");
        try (JarFile jar = new JarFile(runtime.toFile())) {
            assertThat(jar.getEntry("io/millwright/worker/runtime/Main.class")).isNotNull();
            assertThat(jar.getEntry("io/millwright/wamp/client/WampClient.class"))
                    .isNotNull();
            assertThat(jar.stream().filter(entry -> entry.getName().contains("jackson")))
                    .isEmpty();
        }
        assertThat(plan(java, Map.of("main", "x")).command()).contains("x").doesNotContain("--ready");
    }

    @Test
    void aJarIsOnTheClassPathAndNamesItsMainClass() throws Exception {
        Path jar = Files.createFile(node.resolve("app.jar"));
        List<String> command =
                plan(java, Map.of("jar", "app.jar", "readiness", "main")).command();
        assertThat(command).containsSubsequence("io.millwright.worker.runtime.Main", "--ready", "-jar", jar.toString());
        assertThat(command.get(command.indexOf("-cp") + 1)).endsWith("runtime.jar:" + jar);
    }

    @Test
    void aContainerHasTheFrameworkBehindTheRuntime() throws Exception {
        List<String> command =
                plan(container, Map.of("jvm.options", List.of("-Xmx64m"))).command();
        Path copy = Files.list(node.resolve("cache/runtime")).findFirst().orElseThrow();
        assertThat(command)
                .containsSubsequence(
                        "-XX:TLABSize=32k",
                        "-Xmx64m",
                        "-cp",
                        copy + "/runtime.jar:" + copy + "/container.jar",
                        "io.millwright.worker.runtime.container.Container");
        try (JarFile jar = new JarFile(copy.resolve("container.jar").toFile())) {
            assertThat(jar.getEntry("META-INF/services/org.osgi.framework.launch.FrameworkFactory"))
                    .isNotNull();
            assertThat(jar.getEntry("org/osgi/service/component/runtime/ServiceComponentRuntime.class"))
                    .isNotNull();
            assertThat(jar.getEntry("org/apache/felix/scr/impl/Activator.class"))
                    .isNotNull();
            assertThat(jar.getEntry("org/apache/felix/cm/impl/Activator.class")).isNotNull();
        }
    }

    @Test
    void aContainerWithPiecesOfTheHeapOfItsOwnSizeHasThose() throws Exception {
        assertThat(plan(container, Map.of("jvm.options", List.of("-XX:MinTLABSize=64k")))
                        .command())
                .contains("-XX:MinTLABSize=64k")
                .doesNotContain("-XX:TLABSize=32k");
    }

    @Test
    void componentsAreABundleOrAClassEachWithAnIdOfItsOwn() {
        OptionValues one = new OptionValues(Map.of("id", "a", "class", "x"), Set.of());
        OptionValues none = new OptionValues(Map.of("id", "a"), Set.of());
        List<Problem> problems = container.check(values(container, Map.of("components", List.of(one, none))));
        assertThat(problems)
                .extracting(problem -> problem.path() + ": " + problem.message())
                .containsExactly(
                        "components.1: give 'bundle' or 'class', and not both: one of them says what runs",
                        "components.1.id: there is a component 'a' already");
        assertThat(container.check(values(container, Map.of("components", List.of(one)))))
                .isEmpty();
    }

    private static List<Arguments> locations() {
        String hash = "0123456789abcdef".repeat(4);
        return List.of(
                Arguments.of(Map.of("bundle", "lib/a.jar"), null),
                Arguments.of(Map.of("bundle", "lib/a.jar", "sha256", hash), null),
                Arguments.of(Map.of("bundle", "mvn:g/a/1"), null),
                Arguments.of(Map.of("bundle", "node:g.a"), null),
                Arguments.of(Map.of("bundle", "node:g.a/1.0"), null),
                Arguments.of(Map.of("bundle", "node:/a"), "must be node:SYMBOLIC-NAME"),
                Arguments.of(Map.of("bundle", "https://x/a.jar", "sha256", hash), null),
                Arguments.of(
                        Map.of("bundle", "https://x/a.jar"), "components.0.bundle: a bundle by https: needs 'sha256'"),
                Arguments.of(Map.of("bundle", "a.jar", "sha256", "x"), "components.0.bundle: 'sha256' must be 64"),
                Arguments.of(Map.of("bundle", "http://x/a.jar", "sha256", hash), "is none of a path, mvn:"),
                Arguments.of(Map.of("bundle", "mvn:g/../a"), "must be mvn:GROUP/ARTIFACT/VERSION"),
                Arguments.of(
                        Map.of("class", "x", "sha256", hash), "components.0.sha256: is the hash of a bundle's file"));
    }

    @ParameterizedTest
    @MethodSource("locations")
    void aBundleHasALocationThatCanBe(Map<String, String> component, String why) {
        Map<String, Object> one = new HashMap<>(component);
        one.put("id", "a");
        List<Problem> problems =
                container.check(values(container, Map.of("components", List.of(new OptionValues(one, Set.of())))));
        if (why == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().contains(why);
        }
    }

    @Test
    void whatIsNotThereIsSaidBeforeTheStart() {
        assertThatThrownBy(() -> plan(java, Map.of("main", "x", "classpath", List.of("none.jar"))))
                .hasMessage("option 'classpath': there is no " + node.resolve("none.jar"));
        assertThatThrownBy(() -> plan(java, Map.of("jar", "none.jar"))).hasMessageContaining("option 'jar'");
    }

    private static List<Arguments> problems() {
        return List.of(
                Arguments.of(Map.of(), "main", "give 'main' or 'jar'"),
                Arguments.of(Map.of("main", "x", "jar", "y"), "main", "give 'main' or 'jar'"),
                Arguments.of(Map.of("main", "x", "java", "java"), "java", "must be an absolute path"),
                Arguments.of(Map.of("main", "x", "jvm.options", List.of("Xmx1g")), "jvm.options", "begin with '-'"),
                Arguments.of(
                        Map.of("main", "x", "jvm.options", List.of("-cp")), "jvm.options", "belongs in 'classpath'"),
                Arguments.of(
                        Map.of("main", "x", "jvm.options", List.of("--class-path=x")),
                        "jvm.options",
                        "belongs in 'classpath'"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void whatCannotBeIsAProblem(Map<String, ?> options, String key, String sentence) {
        List<Problem> problems = java.check(values(java, options));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).path()).isEqualTo(key);
        assertThat(problems.get(0).message()).contains(sentence);
    }

    @Test
    void whatIsRightIsNoProblem() {
        assertThat(java.check(values(java, Map.of("main", "x", "jvm.options", List.of("-Dx=-cp")))))
                .isEmpty();
    }

    @Test
    void theSameRequestGivesTheSamePlanAndOneCopy() throws Exception {
        assertThat(plan(java, Map.of("main", "x"))).isEqualTo(plan(java, Map.of("main", "x")));
        Path copy = Files.list(node.resolve("cache/runtime")).findFirst().orElseThrow();
        assertThat(copy.toFile().list()).containsExactlyInAnyOrder("runtime.jar", "container.jar", "router.jar");
        Files.delete(copy.resolve("runtime.jar"));
        plan(java, Map.of("main", "x"));
        assertThat(copy.resolve("runtime.jar")).exists();
    }

    @ParameterizedTest
    @EnumSource(RuntimeCopy.Part.class)
    void anArchiveIsMadeByARehearsal(RuntimeCopy.Part part) {
        plan(java, Map.of("main", "x"));
        Archivist archivist = new Archivist();
        RuntimeCopy copy = new RuntimeCopies().in(node);
        Path archive = copy.jar().resolveSibling("a.jsa");
        archivist.make(Path.of(JAVA), copy.classPath(part), copy.rehearsal(part), archive);
        archivist.close();
        assertThat(archive).exists();
        assertThat(archive.getParent().toFile().list())
                .containsExactlyInAnyOrder("runtime.jar", "container.jar", "router.jar", "a.jsa");
    }
}
