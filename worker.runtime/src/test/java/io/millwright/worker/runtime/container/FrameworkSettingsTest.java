package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/** What the framework of a container is told, beside what it would say itself. */
class FrameworkSettingsTest {
    @TempDir
    Path dir;

    private static List<String> packages(Map<String, String> settings) throws Exception {
        Framework framework = new FrameworkFactory().newFramework(settings);
        framework.init();
        try {
            return framework
                    .adapt(BundleRevision.class)
                    .getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)
                    .stream()
                    .map(one -> one.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) + " "
                            + one.getAttributes().get("version") + " "
                            + one.getDirectives().getOrDefault("uses", ""))
                    .sorted()
                    .toList();
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    @Test
    void theFrameworkOffersAllThatItWouldOfferByItself() throws Exception {
        Map<String, String> told = FrameworkSettings.of(dir.resolve("a"));
        Map<String, String> itself = new HashMap<>(told);
        itself.remove("org.osgi.framework.system.packages");
        itself.put("org.osgi.framework.storage", dir.resolve("b").toString());
        assertThat(packages(told)).isEqualTo(packages(itself));
    }

    private static Map<String, ?> manifest(Class<?> part) throws Exception {
        try (JarFile jar = new JarFile(
                Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .toFile())) {
            Map<String, String> headers = new HashMap<>();
            jar.getManifest()
                    .getMainAttributes()
                    .forEach((name, value) -> headers.put(name.toString(), (String) value));
            return headers;
        }
    }

    private static Set<String> clauses(Object header) {
        // Between two clauses no text is open and what follows begins with a name.
        return Stream.of(String.valueOf(header).split(",(?=[a-z])(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
                .map(clause -> clause.replaceAll(";uses:=\"[^\"]*\"", "")
                        .replace("\"", "")
                        .replace(";version:Version=", ";version="))
                .collect(Collectors.toSet());
    }

    /** Config Admin and Declarative Services are parts of the framework: what their bundles would offer it offers. */
    @Test
    void whatTheManifestsOfItsPartsOfferTheFrameworkOffers() throws Exception {
        Map<String, String> told = FrameworkSettings.of(dir.resolve("a"));
        Set<String> packages = clauses(told.get("org.osgi.framework.system.packages.extra"));
        Set<String> capabilities = clauses(told.get("org.osgi.framework.system.capabilities.extra"));
        for (Class<?> part :
                List.of(org.apache.felix.scr.info.ScrInfo.class, org.apache.felix.cm.PersistenceManager.class)) {
            Map<String, ?> headers = manifest(part);
            assertThat(capabilities).containsAll(clauses(headers.get("Provide-Capability")));
            for (String exported : clauses(headers.get("Export-Package"))) {
                String name = exported.substring(0, exported.indexOf(';'));
                String version = exported.substring(exported.indexOf("version=") + 8);
                assertThat(packages).anySatisfy(one -> assertThat(one)
                        .startsWith(name + ";version=" + version.substring(0, version.lastIndexOf('.'))));
            }
        }
    }
}
