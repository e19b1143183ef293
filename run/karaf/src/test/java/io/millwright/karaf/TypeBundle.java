package io.millwright.karaf;

import io.millwright.karaf.nap.NapWorkerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes a bundle with one worker type, {@code nap}. */
final class TypeBundle {
    private TypeBundle() {}

    static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "test.nap");
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue(
                "Import-Package",
                "io.millwright.controller.api;version=\"[1.0,2)\",io.millwright.controller.api.worker;version=\"[1.0,2)\"");
        headers.putValue("Service-Component", "OSGI-INF/nap.xml");
        headers.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3)(!(version>=2.0)))\"");
        String type = NapWorkerType.class.getName();
        Path whole = Files.createTempFile(jar.toAbsolutePath().getParent().getParent(), "nap", ".part");
        try (OutputStream file = Files.newOutputStream(whole);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String path = type.replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(path));
            try (InputStream in = TypeBundle.class.getResourceAsStream("/" + path)) {
                in.transferTo(out);
            }
            out.putNextEntry(new JarEntry("OSGI-INF/nap.xml"));
            String xml = "<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='nap'>"
                    + "<implementation class='" + type + "'/><property name='worker.type' value='nap'/>"
                    + "<service><provide interface='io.millwright.controller.api.worker.WorkerType'/></service>"
                    + "</scr:component>";
            out.write(xml.getBytes(StandardCharsets.UTF_8));
        }
        // moved, so that nobody sees half of it
        Files.move(whole, jar);
    }
}
