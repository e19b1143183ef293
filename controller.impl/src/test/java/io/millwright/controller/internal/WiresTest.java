package io.millwright.controller.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/**
 * What the controller's bundle is wired to. Whatever it is wired to and is updated or refreshed refreshes the controller, and that
 * ends all workers: a new wire is a decision to be made here. Reads the manifest that the build has made.
 */
class WiresTest {
    private static final Path MANIFEST = Path.of("target/classes/META-INF/MANIFEST.MF");

    private static List<String> clauses(String header) throws IOException {
        try (InputStream in = Files.newInputStream(MANIFEST)) {
            String text = new Manifest(in).getMainAttributes().getValue(header);
            List<String> clauses = new ArrayList<>();
            StringBuilder clause = new StringBuilder();
            boolean quoted = false;
            for (char c : (text + ",").toCharArray()) {
                quoted ^= c == '"';
                if (c == ',' && !quoted) {
                    clauses.add(clause.toString());
                    clause.setLength(0);
                } else {
                    clause.append(c);
                }
            }
            return clauses;
        }
    }

    private static boolean isOptional(String clause) {
        return clause.contains("resolution:=optional");
    }

    @Test
    void itIsWiredToItsApiAndToWhatItCannotDoWithout() throws IOException {
        TreeSet<String> packages = new TreeSet<>();
        for (String clause : clauses("Import-Package")) {
            String name = clause.substring(0, clause.indexOf(';') < 0 ? clause.length() : clause.indexOf(';'));
            // javax.crypto is of java.base: it is there wherever Java is. What is in java.* is not imported at all.
            if (!name.matches("javax\\.crypto\\b.*") && !name.startsWith("io.millwright.controller.api")) {
                packages.add(name + (isOptional(clause) ? " (optional)" : ""));
            }
        }
        assertThat(packages)
                .containsExactly(
                        "com.sun.jna",
                        "org.osgi.framework",
                        "org.osgi.service.cm",
                        "org.osgi.service.component",
                        "org.osgi.service.condition",
                        "org.osgi.service.event",
                        "org.osgi.service.metatype",
                        "org.slf4j");
    }

    @Test
    void whatItRequiresBesidesIsComponentsAndJava() throws IOException {
        List<String> required = clauses("Require-Capability").stream()
                .filter(clause -> !isOptional(clause))
                .map(clause -> clause.substring(0, clause.indexOf(';')))
                .sorted()
                .toList();
        assertThat(required).containsExactly("osgi.ee", "osgi.extender");
    }
}
