package io.millwright.testkit;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Samples.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Requests for plans in an empty node directory, which goes when it is closed. For one thread. */
final class Requests implements AutoCloseable {
    static final String SECRET_NAME = "CONFORMANCE_SECRET";
    static final String SECRET = "s3cret-of-the-testkit";

    private final TypeUnderTest subject;
    private final Path node;
    private final Path directory;

    Requests(TypeUnderTest subject) throws IOException {
        this.subject = subject;
        node = Files.createTempDirectory("millwright-testkit");
        directory = Files.createDirectory(node.resolve("work"));
    }

    /** A new request for a sample; all that is in it could be changed, and must not be. */
    PlanRequest of(Sample sample) throws Broken, InterruptedException {
        OptionValues values = subject.values(sample);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", String.valueOf(System.getenv().getOrDefault("PATH", "/usr/bin:/bin")));
        environment.put("LANG", "C.UTF-8");
        environment.put("CONFORMANCE", "kept");
        environment.put(SECRET_NAME, SECRET);
        return PlanRequest.builder(new WorkerId("conformance"), values, node, directory)
                .environment(environment)
                .secretVariables(new LinkedHashSet<>(Set.of(SECRET_NAME)))
                .input(LaunchPlan.Input.of("input".getBytes(StandardCharsets.UTF_8), true))
                .build();
    }

    /** All that a request says, as text; differs if anything in it was changed. */
    static String text(PlanRequest request) {
        return String.join(
                "\n",
                new TreeMap<>(request.options().asMap()).toString(),
                request.nodeDirectory().toString(),
                request.directory().toString(),
                new TreeMap<>(request.environment()).toString(),
                request.secretVariables().toString());
    }

    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(node)) {
            return all.map(path -> node.relativize(path).toString()).sorted().toList();
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(node)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
