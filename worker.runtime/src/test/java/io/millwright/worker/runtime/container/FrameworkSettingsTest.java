package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
}
