package io.millwright.controller.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: a path is bytes, and what the locale cannot read of them must lead to the same file all the same. */
@EnabledOnOs(OS.LINUX)
class SystemPathTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with space%20+",
                "größe",
                "日本",
                "\ud83d\ude00",
                "a\udcffb",
                "\udce4\udcf6",
                "gr\udcf6ße",
                "\ufffd",
                "\ufffd\udcff",
                "a/b\udcff/c",
                "a//b\udcff//c/",
                "../\udcff",
                "line\nend\t"
            })
    void textAndBytesAreOneFile(String text) throws Exception {
        for (String whole : new String[] {temp + "/" + text, text}) {
            Path path = temp.resolve(SystemPath.of(whole));
            assertThat(path.isAbsolute()).isTrue();
            String wanted = (temp + "/" + text).replaceAll("/+", "/").replaceAll("/$", "");
            assertThat(SystemPath.bytes(path)).isEqualTo(RawText.encode(wanted));
            assertThat(SystemPath.text(path)).isEqualTo(wanted);
            assertThat(SystemPath.of(SystemPath.text(path))).isEqualTo(path);
        }
    }

    @Test
    void aFileIsThere() throws Exception {
        Path file = temp.resolve(SystemPath.of("x\udcff"));
        assertThat(SystemPath.exists(file)).isFalse();
        Files.createDirectory(file);
        assertThat(SystemPath.exists(file)).isTrue();
        assertThat(SystemPath.bytes(file)).as("a directory's").endsWith('/', 'x', 0xff);
        assertThat(SystemPath.bytes(Path.of("/"))).isEqualTo("/".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\0b", "ö\0", "\udcff\0"})
    void noPathHasANul(String text) {
        assertThatThrownBy(() -> SystemPath.of(text)).isInstanceOf(InvalidPathException.class);
    }
}
