package io.millwright.controller.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment this process was started with, byte for byte as {@link RawText}: the JDK reads it in the encoding of the locale
 * and loses what that does not have. Static functions; the environment of a JVM does not change.
 */
public final class NodeEnvironment {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEnvironment.class);
    private static final Path OF_THIS_PROCESS = Path.of("/proc/self/environ");

    /** What {@code LC_ALL} was before {@code bin/millwright} changed it for the JVM; empty if it was not there. */
    private static final String LOCALE_BEFORE = "MILLWRIGHT_LC_ALL";

    /** By these a service manager hears this process; a worker that was told of them would speak in its place. */
    private static final Set<String> OF_SERVICE_MANAGER = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private static final Map<String, String> OF_JVM = Map.copyOf(read());
    private static final Map<String, String> VARIABLES = Map.copyOf(ofNode(new LinkedHashMap<>(OF_JVM)));

    private NodeEnvironment() {}

    /**
     * All variables but those by which a service manager hears this process, with the locale as the caller of the node had it.
     *
     * @return unmodifiable
     */
    public static Map<String, String> variables() {
        return VARIABLES;
    }

    /**
     * All variables as this process has them, which the JDK hands on to processes byte for byte.
     *
     * @return unmodifiable
     */
    public static Map<String, String> ofJvm() {
        return OF_JVM;
    }

    private static Map<String, String> read() {
        if (!Files.isReadable(OF_THIS_PROCESS)) {
            return System.getenv();
        }
        try {
            return parse(Files.readAllBytes(OF_THIS_PROCESS));
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be read, variables that are not in the encoding of the locale are lost: {}",
                    OF_THIS_PROCESS,
                    e.toString());
            return System.getenv();
        }
    }

    /** Takes a block of {@code NAME=value}, each ended by a zero; the first of a name counts, as for the C library. */
    static Map<String, String> parse(byte[] block) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String entry : RawText.decode(block).split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    private static Map<String, String> ofNode(Map<String, String> variables) {
        variables.keySet().removeAll(OF_SERVICE_MANAGER);
        return withLocaleOfCaller(variables);
    }

    static Map<String, String> withLocaleOfCaller(Map<String, String> variables) {
        String before = variables.remove(LOCALE_BEFORE);
        if (before != null && before.isEmpty()) {
            variables.remove("LC_ALL");
        } else if (before != null) {
            variables.put("LC_ALL", before);
        }
        return variables;
    }
}
