package io.millwright.controller.internal.configured;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerSpec;
import java.io.IOException;

/** Where configurations of workers are kept; what changes in it is told to the node as any change is. Thread-safe. */
public interface WorkerStore {
    /**
     * Writes the configuration of a worker. Blocks.
     *
     * @param spec the worker, its options flat and of types that a configuration can hold
     * @throws IOException if it cannot be written
     * @throws NodeException if there is such a configuration, its values cannot be kept, or there is no store
     */
    void create(WorkerSpec spec) throws IOException;

    /**
     * Deletes a configuration that was made here or by hand. Blocks.
     *
     * @param pid its PID
     * @throws IOException if it cannot be deleted
     * @throws NodeException if it is a file's, which would bring it back, or there is none, or there is no store
     */
    void delete(String pid) throws IOException;
}
