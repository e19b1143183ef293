package io.millwright.controller.internal.node;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.options.NodeOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration sources there are, called through the plug-in pool, and the node's own configuration. Thread-safe. */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    /** Reading a file may wait for a disk. */
    private static final Duration READING = Duration.ofSeconds(30);

    /**
     * A source that is bound. Immutable.
     *
     * @param bundle the symbolic name of the bundle that offers it
     * @param service the source
     */
    public record Source(String bundle, ConfigurationSource service) {
        private String what() {
            return "configuration source (bundle " + bundle + ")";
        }

        private Report report() {
            return new Report(service.name(), service.isRequired(), List.copyOf(service.problems()));
        }
    }

    /**
     * What a source says of itself. Immutable.
     *
     * @param name its name, or what it is where it does not say its name
     * @param required whether a node does not boot while it is refused
     * @param problems why it was refused as a whole; empty if it was not
     */
    public record Report(String name, boolean required, List<Problem> problems) {}

    private final PluginPool plugins;
    private volatile List<Source> sources = List.of();
    private volatile List<Report> own = List.of();

    Sources(PluginPool plugins) {
        this.plugins = plugins;
    }

    /**
     * Takes the sources there are.
     *
     * @param ranked highest first
     */
    public void set(List<Source> ranked) {
        sources = List.copyOf(ranked);
    }

    /** Takes why the node's own configuration was refused; no problems if it is in force. */
    void setOwn(List<Problem> problems) {
        own = problems.isEmpty() ? List.of() : List.of(new Report(NodeOptions.PID, false, problems));
    }

    /**
     * Asks each source whether it was refused. A source that does not answer counts as a required one that is: nobody knows
     * what it would have had to say.
     *
     * @return the node's own configuration if it was refused, and one report a source, highest first; completed within the time a
     *     plug-in has
     */
    CompletableFuture<List<Report>> ask() {
        List<CompletableFuture<Report>> asked = sources.stream()
                .map(source ->
                        plugins.call(source.what(), source::report).exceptionally(fault -> silent(source, fault)))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> Stream.concat(own.stream(), asked.stream().map(CompletableFuture::join))
                        .toList());
    }

    /**
     * As {@link #ask}, and blocks until it is answered.
     *
     * @return as {@link #ask}
     */
    public List<Report> reports() {
        return ask().join();
    }

    /**
     * What would change if what a source reads held what a file holds. Blocks for half a minute a source at most.
     *
     * @param file the file
     * @return the answer of the first source that takes the file; empty if none does
     */
    Optional<ConfigurationSource.Proposal> propose(Path file) {
        for (Source source : sources) {
            Optional<ConfigurationSource.Proposal> proposal = plugins.alone(
                            source.what(), READING, () -> source.service().propose(file))
                    .join();
            if (proposal.isPresent()) {
                return proposal;
            }
        }
        return Optional.empty();
    }

    /** What a source refuses it says in the log itself; this one cannot. */
    private static Report silent(Source source, Throwable fault) {
        String why = "it does not answer: " + cause(fault);
        LOG.error("{}: {}", source.what(), why);
        return new Report(source.what(), true, List.of(Problem.environment("", why)));
    }

    private static String cause(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof TimeoutException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
