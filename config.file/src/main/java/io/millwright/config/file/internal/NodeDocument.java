package io.millwright.config.file.internal;

import io.millwright.controller.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node file says. Immutable.
 *
 * @param controller the node's own options, {@code null} if there are none
 * @param controllerLine where they begin
 * @param workers those whose type could be read, in the order of the file
 */
record NodeDocument(@Nullable Options controller, int controllerLine, List<Worker> workers) {
    /** The file that is not there. */
    static final NodeDocument EMPTY = new NodeDocument(null, 1, List.of());

    /**
     * One worker.
     *
     * @param path its place, for example {@code workers[3]}
     * @param line where it begins, or its id stands
     * @param id its id, given or made
     * @param type its type's name
     * @param options the rest
     */
    record Worker(String path, int line, WorkerId id, String type, Options options) {}
}
