package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Where the node directory is. */
class ConfigFileComponentTest {
    @Test
    void theFrameworkPropertyNamesTheDirectory() {
        assertThat(ConfigFileComponent.directory("/n/../m", "/k")).isEqualTo(Path.of("/m"));
        assertThat(ConfigFileComponent.directory(null, "/k")).isEqualTo(Path.of("/k/millwright"));
        assertThat(ConfigFileComponent.directory(" ", null))
                .isEqualTo(Path.of("millwright").toAbsolutePath());
    }
}
