package io.millwright.config.file.internal;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.options.FlatOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node file of one node directory: reads it, has it checked, and, all or nothing, makes configurations of it. Its
 * problems may be asked for by any thread; {@link #refresh} is for one thread at a time.
 */
final class NodeFileSource implements ConfigurationSource {
    /** What is done with a file that is right. */
    enum Mode {
        /** It is translated. */
        TRANSLATE,
        /** The same, in a copy of Config Admin's store, after a check as deep as a start's. */
        CHECK
    }

    private static final Logger LOG = LoggerFactory.getLogger(NodeFileSource.class);
    private static final int MAX_LOGGED = 100;
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    Problem::line, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Problem::path)
            .thenComparing(Problem::message);

    private final Path directory;
    private final NodeController controller;
    private final ConfigurationStore store;
    private final Mode mode;
    private @Nullable NodeFile last;
    private volatile State state = new State(ConfigurationStore.NODE_FILE, List.of());

    private record State(String name, List<Problem> problems) {}

    NodeFileSource(Path directory, NodeController controller, ConfigurationAdmin admin, Mode mode) {
        this.directory = directory;
        this.controller = controller;
        this.store = new ConfigurationStore(admin);
        this.mode = mode;
    }

    @Override
    public String name() {
        return state.name();
    }

    @Override
    public List<Problem> problems() {
        return state.problems();
    }

    @Override
    public Optional<Proposal> propose(Path path) {
        if (!NodeFile.isReadable(path)) {
            return Optional.empty();
        }
        List<Problem> problems = new ArrayList<>();
        List<ConfigurationChange> changes = List.of();
        try {
            ChangeRecorder recorder = new ChangeRecorder(store.remotes());
            process(NodeFile.of(path), problems, recorder);
            changes = recorder.changes();
        } catch (MalformedException e) {
            problems.clear();
            problems.add(e.problem());
        } catch (IOException e) {
            problems.add(Problem.environment("", "could not be compared with the configurations there are: " + e));
        }
        problems.sort(BY_PLACE);
        return Optional.of(Proposal.of(problems.isEmpty() ? changes : List.of(), problems));
    }

    /**
     * Reads the file and, if it says something new and is right, applies it. Blocks for the controller's checks. A file
     * that was refused is looked at again even if it is the same: what stood against it may be gone.
     */
    void refresh() {
        NodeFile file = NodeFile.read(directory);
        boolean first = last == null;
        // asked first, because the first comparison of records costs milliseconds
        if (!first && file.equals(last) && state.problems().isEmpty()) {
            return;
        }
        List<Problem> before = state.problems();
        List<Problem> problems = new ArrayList<>();
        try {
            process(file, problems, store);
        } catch (MalformedException e) {
            problems.clear(); // nothing before the break is certain to be meant as it reads
            problems.add(e.problem());
        } catch (IOException | RuntimeException e) {
            LOG.error("{} could not be translated", file.name(), e);
            problems.add(Problem.definition("", "could not be translated: " + e));
        }
        problems.sort(BY_PLACE);
        last = file;
        state = new State(file.name(), List.copyOf(problems));
        if (mode == Mode.TRANSLATE && (first || !problems.equals(before))) {
            log(file.name(), problems, first);
        }
    }

    private void process(NodeFile file, List<Problem> problems, ConfigurationTarget target)
            throws IOException, MalformedException {
        String fault = file.fault();
        if (fault != null) {
            problems.add(Problem.of("", file.line() == 0 ? null : file.line(), fault, Problem.Kind.DEFINITION));
            return;
        }
        WorkerChecks checker =
                new WorkerChecks(controller, mode == Mode.CHECK ? CheckDepth.FULL : CheckDepth.DEFINITION);
        Map<String, FlatOptions> forms = forms();
        NodeDocument document = read(file, forms, problems, checker::check);
        Options controllerOptions = document.controller();
        if (controllerOptions != null) {
            checker.check(controllerOptions, document.controllerLine());
        }
        problems.addAll(checker.finish());
        problems.addAll(store.conflicts(document));
        if (!problems.isEmpty()) {
            return;
        }
        // Read again rather than kept: the options of 50,000 workers would take a hundred megabytes.
        ConfigurationStore.Changes changes =
                store.apply(document, handler -> read(file, forms, new ArrayList<>(), handler), target);
        problems.addAll(changes.problems());
        if (target != store) {
            return;
        }
        if (!file.isAbsent()) {
            LOG.info(
                    "{}: {} workers; {} configurations written, {} deleted",
                    file.name(),
                    document.workers().size(),
                    changes.written(),
                    changes.deleted().size());
        } else if (changes.workersDeleted() > 0) {
            LOG.warn(
                    "{} is gone, and with it {} worker{}, which {} ended",
                    directory.resolve(file.name()),
                    changes.workersDeleted(),
                    changes.workersDeleted() == 1 ? "" : "s",
                    changes.workersDeleted() == 1 ? "is" : "are");
        }
    }

    /** How the options of each worker type are made flat. */
    private Map<String, FlatOptions> forms() {
        Map<String, FlatOptions> forms = new HashMap<>();
        for (WorkerTypeInfo type : controller.getWorkerTypes()) {
            if (!type.shadowed()) {
                forms.put(type.type(), new FlatOptions(type.options()));
            }
        }
        return forms;
    }

    private static NodeDocument read(
            NodeFile file, Map<String, FlatOptions> forms, List<Problem> problems, NodeDocument.WorkerHandler handler)
            throws MalformedException {
        String text = file.text();
        return text == null ? NodeDocument.EMPTY : ShapeReader.read(file.syntax(), text, forms, problems, handler);
    }

    private static void log(String name, List<Problem> problems, boolean first) {
        if (problems.isEmpty()) {
            return;
        }
        LOG.error(
                "{} is refused, {} problem{}{}",
                name,
                problems.size(),
                problems.size() == 1 ? "" : "s",
                first ? "" : "; what it said before stays in force");
        problems.stream().limit(MAX_LOGGED).forEach(problem -> LOG.error("{}: {}", name, problem));
        if (problems.size() > MAX_LOGGED) {
            LOG.error("{}: {} more problems are not logged", name, problems.size() - MAX_LOGGED);
        }
    }
}
