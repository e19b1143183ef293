package io.millwright.controller.internal.node;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The components that a container has saved, {@code state/components/ID.json}: written and read by the container, and deleted here when
 * its worker is gone for good, so that another worker of that id does not begin with them. Beside the file of a configured worker is a
 * mark, {@code ID.configured}, by which a later life of the node knows it from one that was started by a call, which comes back by a call.
 * Belongs to the controller loop, and to the thread that has ended it.
 */
final class SavedComponentFiles {
    private static final String SAVED = ".json";
    private static final String MARK = ".configured";

    private final Path folder;
    private final WorkerEvents events;

    SavedComponentFiles(Path nodeDirectory, WorkerEvents events) {
        this.folder = nodeDirectory.resolve("state/components");
        this.events = events;
    }

    /** Deletes what a worker has saved, with what was set aside of it; a file that stays is named in the log. */
    void delete(WorkerId id) {
        Path file = folder.resolve(id + SAVED);
        try {
            if (Files.deleteIfExists(file)) {
                events.say(Level.INFO, "worker " + id + ": the components that it had saved are deleted with it");
            }
            Files.deleteIfExists(folder.resolve(id + SAVED + ".broken"));
            Files.deleteIfExists(folder.resolve(id + MARK));
        } catch (IOException e) {
            events.say(
                    Level.WARNING,
                    "worker " + id + ": is gone, and what it had saved cannot be deleted: " + e
                            + "; a new worker of that id will start the components of " + file + ": delete it");
        }
    }

    /**
     * At the end of a life: what configured workers have saved is marked, and what those have saved that were configured in an earlier life
     * and in this one are not any more is deleted. Blocks.
     */
    void retain(Predicate<String> isConfigured) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SAVED)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                retain(name.substring(0, name.length() - SAVED.length()), isConfigured);
            }
        } catch (IOException | DirectoryIteratorException e) {
            events.say(Level.WARNING, "what containers have saved cannot be looked through in " + folder + ": " + e);
        }
    }

    private void retain(String id, Predicate<String> isConfigured) throws IOException {
        Path mark = folder.resolve(id + MARK);
        boolean marked = Files.exists(mark);
        try {
            if (!isConfigured.test(id)) {
                if (marked) {
                    delete(new WorkerId(id));
                }
            } else if (!marked) {
                Files.createFile(mark);
            }
        } catch (NodeException e) {
            // It is no id: no container has written the file.
            return;
        }
    }
}
