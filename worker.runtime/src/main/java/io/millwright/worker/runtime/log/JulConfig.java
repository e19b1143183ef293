package io.millwright.worker.runtime.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sets {@code java.util.logging} up, as {@code java.util.logging.config.class}: made by the JDK with the first logger, so that a program
 * that does not log by it does not pay for it.
 */
public final class JulConfig {
    private static final Level[] LEVELS = {Level.OFF, Level.SEVERE, Level.WARNING, Level.INFO, Level.FINE, Level.ALL};

    /** Loggers whose level was set: the JDK forgets those that nobody holds. */
    private static final List<Logger> HELD = new ArrayList<>();

    /**
     * Sets it up.
     *
     * @throws IOException never: what is read is a text of its own
     */
    public JulConfig() throws IOException {
        String config = "handlers=" + JulHandler.class.getName() + "\n.level=INFO\n";
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(config.getBytes(StandardCharsets.ISO_8859_1)));
        Levels.tell(JulConfig::set);
    }

    private static void set(String name, int level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(LEVELS[level]);
        synchronized (HELD) {
            HELD.add(logger);
        }
    }
}
