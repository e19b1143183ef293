package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleFilesTest {
    /** The hash of the text {@code bundle}. */
    private static final String HASH = "1e6ed65d77d6364eeaed5a745ba5c4985ae2b700dd85d7cf7f027bdf294a33fc";

    private static final String URL = "https://example.org/a.jar";

    @TempDir
    Path dir;

    private final List<URI> opened = new ArrayList<>();
    private String content = "bundle";

    private BundleFiles files() {
        return new BundleFiles(dir, dir.resolve("m2"), this::open, () -> Files.createDirectories(dir.resolve("other")));
    }

    private InputStream open(URI address) throws IOException {
        opened.add(address);
        if (content == null) {
            throw new IOException("the answer is 404");
        }
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private Path put(String path) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "bundle");
    }

    @ParameterizedTest
    @CsvSource({
        "lib/a.jar, lib/a.jar",
        "node:org.acme.a, cache/bundles/org.acme.a.jar",
        "node:org.acme.a/1.0, cache/bundles/org.acme.a@1.0.jar",
        "mvn:org.acme/a.b/1.0, m2/org/acme/a.b/1.0/a.b-1.0.jar",
        "mvn:org.acme/a/1.0/war, m2/org/acme/a/1.0/a-1.0.war",
        "mvn:org.acme/a/1.0/jar/jre8, m2/org/acme/a/1.0/a-1.0-jre8.jar"
    })
    void aFileIsFoundByItsLocation(String location, String path) throws Exception {
        assertThatThrownBy(() -> files().find(location, null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(dir.resolve(path).toString());
        Path file = put(path);
        assertThat(files().find(location, null)).isEqualTo(file);
        assertThat(files().find(location, HASH)).isEqualTo(file);
        Files.writeString(file, "another");
        assertThatThrownBy(() -> files().find(location, HASH)).hasMessageContaining("has not the hash that is given");
        assertThat(opened).isEmpty();
    }

    @Test
    void whatWasDownloadedIsKeptByItsHash() throws Exception {
        Path file = files().find(URL, HASH);
        assertThat(file).hasContent("bundle").startsWith(dir.resolve("cache/downloads"));
        content = null;
        assertThat(files().find(URL, HASH)).isEqualTo(file);
        assertThat(opened).containsExactly(URI.create(URL));
        Files.writeString(file, "changed since");
        assertThatThrownBy(() -> files().find(URL, HASH)).hasMessageContaining("has not the hash that is given");
    }

    /** The kind: a worker of another user, who may write to none of the node's folders. */
    @Test
    void aDownloadIsKeptElsewhereWhereTheCacheCannotBeWrittenTo() throws Exception {
        put("cache");
        BundleFiles files = files();
        Path file = files.find(URL, HASH);
        assertThat(file).hasContent("bundle");
        assertThat(file.getParent()).isEqualTo(dir.resolve("other"));
        assertThat(files.find(URL, HASH)).isEqualTo(file);
        assertThat(opened).hasSize(1);
    }

    @Test
    void whatIsNotWhatItShouldBeIsNotKept() {
        content = "something else";
        assertThatThrownBy(() -> files().find(URL, HASH))
                .hasMessageContaining("cannot be had from " + URL)
                .hasMessageContaining("its 'sha256' is ");
        content = null;
        assertThatThrownBy(() -> files().find(URL, HASH)).hasMessageContaining("the answer is 404");
        assertThat(dir.resolve("cache/downloads").toFile().list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "lib/a.jar | - | -",
                "/opt/a.jar | - | -",
                "C | - | -",
                "mvn:g/a/1 | - | -",
                "node:org.acme.a | - | -",
                "node:org.acme.a/1.0.0 | - | -",
                "node:../a | - | must be node:SYMBOLIC-NAME",
                "node:a/1/2 | - | must be node:SYMBOLIC-NAME",
                "https://example.org/a.jar | " + HASH + " | -",
                "https://example.org/a.jar | - | needs 'sha256'",
                "http://example.org/a.jar | " + HASH + " | is none of a path, mvn:",
                "file:/a.jar | - | is none of a path, mvn:",
                "lib/a.jar | ABC | 'sha256' must be 64 lower-case hex digits, is 'ABC'",
                "mvn:g/a | - | must be mvn:GROUP/ARTIFACT/VERSION",
                "mvn:g/a/1/jar/x/y | - | must be mvn:GROUP/ARTIFACT/VERSION",
                "mvn:../a/1 | - | must be mvn:GROUP/ARTIFACT/VERSION",
                "mvn:g/a/.. | - | must be mvn:GROUP/ARTIFACT/VERSION",
                "mvn:g//1 | - | must be mvn:GROUP/ARTIFACT/VERSION"
            })
    void aLocationThatIsNoneIsRefused(String location, String hash, String why) {
        String trouble = BundleFiles.trouble(location, hash);
        if (why == null) {
            assertThat(trouble).isNull();
        } else {
            assertThat(trouble).contains(why);
        }
    }
}
