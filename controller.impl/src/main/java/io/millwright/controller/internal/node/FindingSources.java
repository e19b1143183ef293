package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.FindingSource;
import io.millwright.controller.internal.launch.PluginPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sources of findings of other bundles, called through the plug-in pool. Thread-safe. */
public final class FindingSources {
    private static final Logger LOG = LoggerFactory.getLogger(FindingSources.class);

    /**
     * A source that is bound. Immutable.
     *
     * @param bundle the symbolic name of the bundle that offers it
     * @param service the source
     */
    public record Source(String bundle, FindingSource service) {}

    private final PluginPool plugins;
    private volatile List<Source> sources = List.of();

    FindingSources(PluginPool plugins) {
        this.plugins = plugins;
    }

    /**
     * Takes the sources there are.
     *
     * @param present asked all at once
     */
    public void set(List<Source> present) {
        sources = List.copyOf(present);
    }

    /** What all of them find; blocks for as long as a plug-in may take. */
    List<Finding> all() {
        List<CompletableFuture<List<Finding>>> asked =
                sources.stream().map(this::ask).toList();
        return asked.stream().flatMap(answer -> answer.join().stream()).toList();
    }

    private CompletableFuture<List<Finding>> ask(Source source) {
        return plugins.call(
                        "finding source (bundle " + source.bundle() + ")",
                        () -> List.copyOf(source.service().findings()))
                .exceptionally(fault -> {
                    Throwable cause =
                            fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
                    LOG.warn("bundle {} could not be asked what is wrong with it", source.bundle(), cause);
                    return List.of(Finding.warning(
                            "bundle " + source.bundle(),
                            "could not be asked what is wrong with it: " + cause,
                            "try again; the log says more"));
                });
    }
}
