package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BundleTest {
    @Test
    void theBundleNeedsTheProtocolAndTheJdkAlone() throws IOException {
        String classes = Router.class.getResource("Router.class").toString();
        String root = classes.substring(0, classes.length() - "io/millwright/wamp/router/Router.class".length());
        try (InputStream in = new URL(root + "META-INF/MANIFEST.MF").openStream()) {
            String imports = new Manifest(in).getMainAttributes().getValue("Import-Package");
            List<String> others = Stream.of(imports.split(",(?=[a-z])"))
                    .map(one -> one.split(";")[0])
                    .filter(name -> !name.startsWith("javax."))
                    .toList();
            assertThat(others)
                    .containsExactlyInAnyOrder(
                            "io.millwright.wamp", "io.millwright.wamp.message", "io.millwright.wamp.serial");
        }
    }
}
