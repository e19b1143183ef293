package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Rehearsal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** As {@link Rehearsal}, of a container with a bundle and a class. Its files are in the current directory. */
final class ContainerRehearsal {
    private static final Path BUNDLE = Path.of("part.jar");

    private ContainerRehearsal() {}

    /** Plays it. */
    public static void main(String[] args) throws IOException {
        makeBundle();
        String components = "[{\"id\":\"b\",\"bundle\":\"" + BUNDLE + "\",\"config\":{\"rehearsal\":{\"a\":1}}},"
                + "{\"id\":\"c\",\"class\":\"java.lang.Object\"}]";
        Rehearsal.play("{\"components\":" + components + "}", member -> Container.main(args));
        System.exit(0);
    }

    /** A bundle with a service component, whose class is the JDK's. */
    private static void makeBundle() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "rehearsal");
        main.putValue("Import-Package", "org.osgi.framework,org.slf4j");
        main.putValue("Service-Component", "OSGI-INF/one.xml");
        try (OutputStream out = Files.newOutputStream(BUNDLE);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/one.xml"));
            jar.write(
                    ("<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"rehearsal\" immediate=\"true\">"
                                    + "<implementation class=\"java.lang.Object\"/>"
                                    + "<service><provide interface=\"java.lang.Object\"/></service></scr:component>")
                            .getBytes(StandardCharsets.UTF_8));
        }
    }
}
