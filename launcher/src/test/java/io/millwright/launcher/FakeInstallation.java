package io.millwright.launcher;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** An installation with a configuration and the {@link FakeController} as its only bundle, and processes of it. */
final class FakeInstallation {
    private static final List<String> DEFAULT_SIGNALS = defaultSignals();

    final Path home;

    /** Whether the JVM has the bundle on its class path, as with {@code bin/millwright}. */
    boolean onClassPath;

    FakeInstallation(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("conf"));
        Files.createDirectories(home.resolve("bundle/2"));
        Files.writeString(
                home.resolve("conf/config.properties"),
                "org.osgi.framework.startlevel.beginning=5\nhome.seen=${millwright.home}\n");
        bundle(home.resolve("bundle/2/fake.jar"), "fake.controller", "1.0.0");
    }

    static void bundle(Path jar, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        headers.putValue("Bundle-Activator", FakeController.class.getName());
        headers.putValue("Import-Package", "org.osgi.framework");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            String entry = FakeController.class.getName().replace('.', '/') + ".class";
            zip.putNextEntry(new ZipEntry(entry));
            try (var in = FakeController.class.getClassLoader().getResourceAsStream(entry)) {
                in.transferTo(zip);
            }
        }
    }

    /** A build in the background, or under nohup, has signals ignored, and so would all it starts. */
    private static List<String> defaultSignals() {
        List<String> env = List.of("env", "--default-signal");
        try {
            Process trial = new ProcessBuilder(env.get(0), env.get(1), "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor() == 0 ? env : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Path node(Path directory, String orders) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("node.json"), orders);
        return directory;
    }

    private String classPath() {
        String own = System.getProperty("java.class.path");
        if (!onClassPath) {
            return own;
        }
        // Without the tests' classes, which hold the fake controller too.
        return Stream.concat(
                        Stream.of(own.split(File.pathSeparator)).filter(entry -> !entry.endsWith("test-classes")),
                        Stream.of(home.resolve("bundle/2/fake.jar").toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A launcher's process, not started, its output in {@code out} and {@code err} of {@code folder}. */
    ProcessBuilder launcher(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-Dmillwright.home=" + home,
                "-cp",
                classPath(),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
    }
}
