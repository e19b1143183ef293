package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import io.millwright.controller.internal.configured.Configured;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The worker configurations in Config Admin that are refused because of what they are: their id is not valid, or another
 * configuration's. Thread-safe.
 */
public final class Refusals implements ConfigurationSource {
    private final Map<String, Problem> byPid = new ConcurrentSkipListMap<>();

    /**
     * A configuration is refused, or is not any more.
     *
     * @param pid its PID
     * @param source where it comes from, in words
     * @param why the sentence, {@code null} if it is not refused
     * @return whether this is news
     */
    boolean note(String pid, String source, @Nullable String why) {
        if (why == null) {
            return byPid.remove(pid) != null;
        }
        Problem problem = Problem.definition(source, why);
        return !problem.equals(byPid.put(pid, problem));
    }

    /**
     * A configuration is gone.
     *
     * @param pid its PID
     */
    public void forget(String pid) {
        byPid.remove(pid);
    }

    /**
     * A configuration is refused because its worker is another's, or is not any more.
     *
     * @param configured the configuration
     * @param why the sentence, {@code null} if it is not refused
     */
    public void note(Configured configured, @Nullable String why) {
        note(configured.pid(), configured.source(), why);
    }

    @Override
    public String name() {
        return "Config Admin";
    }

    @Override
    public List<Problem> problems() {
        return List.copyOf(byPid.values());
    }

    @Override
    public boolean isRequired() {
        return false;
    }
}
