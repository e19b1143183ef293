package io.millwright.controller.internal.osgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.node.DirectoryFindings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.cm.ConfigurationAdmin;

/** The kind: one thing that is wrong is told once, by the finding that says most of it. */
class EtcFindingsTest {
    @TempDir
    Path temp;

    /** It has taken nothing. */
    private final ConfigurationAdmin admin = (ConfigurationAdmin) Proxy.newProxyInstance(
            EtcFindingsTest.class.getClassLoader(),
            new Class<?>[] {ConfigurationAdmin.class},
            (proxy, method, arguments) -> null);

    private List<Finding> ofFile(String name) throws IOException {
        Files.createDirectories(temp.resolve("etc"));
        Files.writeString(temp.resolve("etc").resolve(name), "executable = sh\n");
        return new EtcFindings(() -> admin, temp).all();
    }

    @ParameterizedTest
    @CsvSource({
        "io.millwright.worker.guest-web (copy).cfg",
        "io.millwright.worker.guest.cfg",
        "io.millwright.worker.Guest-web.cfg",
        "io.millwright.workers.guest-web.config",
        "io.millwright.controler.cfg",
    })
    void aFileWhoseNameIsWrongIsNotToldTwice(String name) throws IOException {
        assertThat(ofFile(name)).isEmpty();
        assertThat(DirectoryFindings.ofName(temp.resolve("etc").resolve(name))).isNotNull();
    }

    @Test
    void aFileThatIsNotTakenIsNamed() throws IOException {
        String name = "io.millwright.worker.guest-web.cfg";
        assertThat(ofFile(name)).singleElement().satisfies(finding -> assertThat(finding.subject())
                .isEqualTo("file etc/" + name));
        assertThat(DirectoryFindings.ofName(temp.resolve("etc").resolve(name))).isNull();
    }
}
