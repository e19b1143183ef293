package io.millwright.controller.internal.node;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The components that a container has saved, {@code state/components/ID.json}: written and read by the container, and deleted here when
 * its worker is gone for good, so that another worker of that id does not begin with them. Belongs to the controller loop.
 */
final class SavedComponentFiles {
    private final Path folder;
    private final WorkerEvents events;

    SavedComponentFiles(Path nodeDirectory, WorkerEvents events) {
        this.folder = nodeDirectory.resolve("state/components");
        this.events = events;
    }

    /** Deletes what a worker has saved, with what was set aside of it; a file that stays is named in the log. */
    void delete(WorkerId id) {
        Path file = folder.resolve(id + ".json");
        try {
            if (Files.deleteIfExists(file)) {
                events.say(Level.INFO, "worker " + id + ": the components that it had saved are deleted with it");
            }
            Files.deleteIfExists(folder.resolve(id + ".json.broken"));
        } catch (IOException e) {
            events.say(
                    Level.WARNING,
                    "worker " + id + ": is gone, and what it had saved cannot be deleted: " + e
                            + "; a new worker of that id will start the components of " + file + ": delete it");
        }
    }
}
