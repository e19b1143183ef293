package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher reads of the installation: properties and bundle folders. */
class InstallationFilesTest {
    private static final ClassPath NOTHING = new ClassPath("");

    @TempDir
    Path temp = Path.of("");

    @Test
    void variablesAreReplaced() throws Exception {
        Path file = temp.resolve("config.properties");
        Files.writeString(file, "a=${x}/b${x}\nc=plain $ {x}\nd=${java.version}\n");
        assertThat(FrameworkProperties.read(file, Map.of("x", "$1\\")))
                .isEqualTo(Map.of("a", "$1\\/b$1\\", "c", "plain $ {x}", "d", System.getProperty("java.version")));
    }

    @Test
    void anUnknownVariableOrAMissingFileIsNamed() throws Exception {
        Path file = temp.resolve("config.properties");
        assertThatThrownBy(() -> FrameworkProperties.read(file, Map.of())).hasMessageContaining("cannot read " + file);
        Files.writeString(file, "key=${no.such.thing}\n");
        assertThatThrownBy(() -> FrameworkProperties.read(file, Map.of("x", "y")))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("key uses ${no.such.thing}")
                .hasMessageContaining("[x]");
    }

    @Test
    void jarsComeByStartLevelThenName() throws Exception {
        for (String name : new String[] {"10/a.jar", "2/b.jar", "2/a.jar", "2/readme.txt", "3/c.jar"}) {
            Path file = temp.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        Files.createFile(temp.resolve("stray.jar"));
        assertThat(BundleFolders.list(temp, 10, NOTHING))
                .extracting(jar -> temp.relativize(jar.file()).toString())
                .containsExactly("2/a.jar", "2/b.jar", "3/c.jar", "10/a.jar");
        assertThat(BundleFolders.list(temp, 3, NOTHING)).hasSize(3);
    }

    @Test
    void aStrangeFolderOrNoBundleIsRefused() throws Exception {
        assertThatThrownBy(() -> BundleFolders.list(temp, 5, NOTHING)).hasMessageContaining("no bundles in " + temp);
        Files.createDirectory(temp.resolve("zero"));
        assertThatThrownBy(() -> BundleFolders.list(temp, 5, NOTHING))
                .hasMessageContaining(temp.resolve("zero").toString())
                .hasMessageContaining("start level");
        assertThatThrownBy(() -> BundleFolders.list(temp.resolve("none"), 5, NOTHING))
                .hasMessageContaining("cannot list");
    }
}
