package io.millwright.controller.internal.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a group for each run that asks for one. Thread-safe; every method blocks for files. */
public interface Enclosures {
    /**
     * Makes a group with its limits.
     *
     * @param worker the worker's id
     * @param limits lines to write, by the name of the kernel's file
     * @return the group, empty
     * @throws IOException if it cannot be made or a limit is refused; the message says why, and nothing stays
     */
    Enclosure make(String worker, Map<String, List<String>> limits) throws IOException;

    /**
     * Groups that should not be there: of earlier lives, and those that could not be emptied.
     *
     * @return their directories
     */
    List<Path> left();
}
