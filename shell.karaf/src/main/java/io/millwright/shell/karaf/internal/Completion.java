package io.millwright.shell.karaf.internal;

import java.util.List;

/** What the commands' own bundle (io.millwright.shell.gogo) says a word may become. Thread-safe. */
@FunctionalInterface
interface Completion {
    /**
     * The words it may become.
     *
     * @param before the words before it, the command's full name first
     * @param word as much of it as is typed
     * @return for each the whole word, a description, and {@code whole} if the word ends there; empty if nothing knows
     */
    List<List<String>> complete(List<String> before, String word);
}
