package io.millwright.karaf;

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

/**
 * A bundle with one class of the tests, which is one component.
 *
 * @param component the class
 * @param service what it is registered as
 * @param properties of the service, each {@code name=value}
 * @param imports the packages it needs
 */
record TestBundle(Class<?> component, String service, String[] properties, String... imports) {
    /** Puts it into a folder that is watched. */
    void dropInto(Path folder) throws IOException {
        String name = component.getSimpleName();
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Import-Package", String.join(",", imports));
        headers.putValue("Service-Component", "OSGI-INF/component.xml");
        headers.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3)(!(version>=2.0)))\"");
        Path whole = Files.createTempFile(folder.toAbsolutePath().getParent(), name, ".part");
        try (OutputStream file = Files.newOutputStream(whole);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String path = component.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(path));
            try (InputStream in = TestBundle.class.getResourceAsStream("/" + path)) {
                in.transferTo(out);
            }
            out.putNextEntry(new JarEntry("OSGI-INF/component.xml"));
            out.write(xml().getBytes(StandardCharsets.UTF_8));
        }
        // moved, so that nobody sees half of it
        Files.move(whole, file(folder));
    }

    Path file(Path folder) {
        return folder.resolve(component.getSimpleName() + ".jar");
    }

    private String xml() {
        StringBuilder xml = new StringBuilder("<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='")
                .append(component.getSimpleName())
                .append("'><implementation class='")
                .append(component.getName())
                .append("'/>");
        for (String property : properties) {
            int equals = property.indexOf('=');
            xml.append("<property name='")
                    .append(property, 0, equals)
                    .append("' value='")
                    .append(property.substring(equals + 1))
                    .append("'/>");
        }
        return xml.append("<service><provide interface='")
                .append(service)
                .append("'/></service></scr:component>")
                .toString();
    }
}
