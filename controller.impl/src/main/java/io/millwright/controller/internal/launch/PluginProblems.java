package io.millwright.controller.internal.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with the plug-ins that are there; each is logged when it is found, and kept for as long as it holds. Thread-safe. */
public final class PluginProblems {
    private static final Logger LOG = LoggerFactory.getLogger(PluginProblems.class);

    private final Map<Object, List<String>> found = new LinkedHashMap<>();

    /**
     * Takes what is wrong with a plug-in now.
     *
     * @param plugin what it is known by
     * @param sentences a sentence each, without a full stop; empty if nothing is wrong
     */
    public void set(Object plugin, List<String> sentences) {
        synchronized (found) {
            if (sentences.isEmpty()) {
                found.remove(plugin);
                return;
            }
            found.put(plugin, List.copyOf(sentences));
        }
        sentences.forEach(LOG::error);
    }

    /**
     * Forgets a plug-in that has gone.
     *
     * @param plugin what it is known by
     */
    public void forget(Object plugin) {
        set(plugin, List.of());
    }

    /**
     * What is wrong now.
     *
     * @return in the order it was found
     */
    public List<String> sentences() {
        synchronized (found) {
            List<String> all = new ArrayList<>();
            found.values().forEach(all::addAll);
            return all;
        }
    }
}
