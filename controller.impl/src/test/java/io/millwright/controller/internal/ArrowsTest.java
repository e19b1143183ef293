package io.millwright.controller.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rooms of the controller know each other in one direction only: what decides knows what serves it, never the other way
 * round. A new room, or a new arrow, is a decision to be made here.
 */
class ArrowsTest {
    private static final String ROOT = "io.millwright.controller.internal";
    private static final Path SOURCES = Path.of("src/main/java", ROOT.replace('.', '/'));
    private static final Pattern NAMED = Pattern.compile(Pattern.quote(ROOT) + "\\.([a-z]+)");

    /** Which rooms each room may know. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            arrow("osgi", "node configured watch worker launch event log process options self"),
            arrow("node", "configured watch worker launch event log process options self"),
            arrow("configured", "watch worker launch event log process options"),
            arrow("watch", "worker launch event log process options"),
            arrow("worker", "launch event log process options"),
            arrow("launch", "event log process options"),
            arrow("event", "log process options"),
            arrow("log", "process options"),
            arrow("self", "process options"),
            arrow("process", ""),
            arrow("options", ""));

    private static Map.Entry<String, Set<String>> arrow(String room, String known) {
        return Map.entry(room, Set.of(known.isEmpty() ? new String[0] : known.split(" ")));
    }

    @Test
    void noRoomKnowsOneItMayNot() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> rooms = new TreeSet<>();
        for (Path file : sources()) {
            String room = SOURCES.relativize(file).getName(0).toString();
            rooms.add(room);
            Matcher named = NAMED.matcher(Files.readString(file));
            while (named.find()) {
                String other = named.group(1);
                if (!other.equals(room) && !ALLOWED.getOrDefault(room, Set.of()).contains(other)) {
                    wrong.add(room + " -> " + other + " in " + SOURCES.relativize(file));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(ALLOWED.keySet()).as("rooms that have their arrows").containsAll(rooms);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toList());
        }
    }
}
