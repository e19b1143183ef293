package io.millwright.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.worker.ProvidesWorkerType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** Worker types are capabilities: what needs one resolves with it, or names it when it is missing. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class CapabilityTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @Test
    void theGuestBundleProvidesItsTypeAsACapability() {
        assertThat(new Fixture(context, controller)
                        .bundle("io.millwright.worker.guest")
                        .adapt(BundleRevision.class)
                        .getDeclaredCapabilities(ProvidesWorkerType.NAMESPACE))
                .extracting(BundleCapability::getAttributes)
                .containsExactly(Map.of("worker.type", "guest"));
    }

    private Bundle needing(String type) throws BundleException, IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(
                ("""
                Manifest-Version: 1.0
                Bundle-ManifestVersion: 2
                Bundle-SymbolicName: needs.%1$s
                Require-Capability: io.millwright.worker.type;filter:="(worker.type=%1$s)"
                """
                                .formatted(type))
                        .getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.finish();
        }
        return context.installBundle("test:needs." + type, new ByteArrayInputStream(bytes.toByteArray()));
    }

    @Test
    void whatNeedsAMissingTypeDoesNotResolveAndItsNameIsSaid() throws Exception {
        Bundle bundle = needing("nosuch");
        try {
            assertThatThrownBy(bundle::start)
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("(worker.type=nosuch)")
                    .hasMessageContaining(ProvidesWorkerType.NAMESPACE);
        } finally {
            bundle.uninstall();
        }
    }

    @Test
    void whatNeedsATypeThatIsThereResolves() throws Exception {
        Bundle bundle = needing("guest");
        try {
            bundle.start();
            assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        } finally {
            bundle.uninstall();
        }
    }
}
