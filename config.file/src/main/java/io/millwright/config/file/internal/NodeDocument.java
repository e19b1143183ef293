package io.millwright.config.file.internal;

import io.millwright.controller.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node file says, but for the workers' options, which are too many to be kept. Immutable.
 *
 * @param controller the node's own options, {@code null} if there are none
 * @param controllerLine where they begin
 * @param remotes the configurations of remote management
 * @param workers those that could be read, in the order of the file; all, if there were no problems
 */
record NodeDocument(@Nullable Options controller, int controllerLine, List<Remote> remotes, List<Worker> workers) {
    /** The file that is not there. */
    static final NodeDocument EMPTY = new NodeDocument(null, 1, List.of(), List.of());

    /**
     * One worker.
     *
     * @param index its place in the list of workers
     * @param line where its id stands, or it begins
     * @param id its id, given or made
     * @param type its type's name
     */
    record Worker(int index, int line, WorkerId id, String type) {
        String path() {
            return "workers[" + index + "]";
        }

        Worker named(WorkerId name) {
            return new Worker(index, line, name, type);
        }
    }

    /**
     * One configuration of remote management.
     *
     * @param path where it stands in the file
     * @param line where it begins
     * @param factory the PID of its factory, or its own
     * @param name its name, {@code null} if it is the only one
     * @param options what it says
     */
    record Remote(String path, int line, String factory, @Nullable String name, Options options) {
        String pid() {
            return name == null ? factory : factory + "~" + name;
        }
    }

    /** Takes the workers with their options, one by one. */
    interface WorkerHandler {
        /** Takes a worker; if it has no id in the file, what stands for it is not yet its final one. */
        void worker(Worker worker, Options options);
    }
}
