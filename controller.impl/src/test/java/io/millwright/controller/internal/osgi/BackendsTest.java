package io.millwright.controller.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.linux.LinuxBackend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {
    private static final Backends.Opener FAILS = (nonce, directory, grace) -> {
        throw new IOException("the C library is not glibc");
    };

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String description(String choice, Backends.Opener linux) throws IOException {
        try (ProcessBackend backend = Backends.choose(directory, choice, linux)) {
            return backend.description();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void linuxIsTriedFirst() throws IOException {
        assertThat(description(null, LinuxBackend::open)).startsWith("linux (");
        assertThat(description("linux", LinuxBackend::open)).startsWith("linux (");
    }

    @Test
    void aFallbackSaysWhy() throws IOException {
        assertThat(description("auto", FAILS))
                .startsWith("portable (")
                .endsWith("; the Linux backend is not in use because the C library is not glibc");
    }

    @Test
    void aChoiceIsNoFallback() throws IOException {
        assertThat(description("portable", FAILS)).startsWith("portable (").doesNotContain("because");
        assertThatThrownBy(() -> description("linux", FAILS)).hasMessage("the C library is not glibc");
        assertThatThrownBy(() -> description("fast", FAILS))
                .hasMessageContaining("millwright.backend")
                .hasMessageContaining("auto, linux or portable")
                .hasMessageContaining("'fast'");
    }
}
