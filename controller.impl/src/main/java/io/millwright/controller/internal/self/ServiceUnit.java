package io.millwright.controller.internal.self;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The unit that systemd runs this process by, as its files say; systemd itself is not asked, and may not have read them yet.
 * Read as systemd.unit(5) and systemd.syntax(7) say: the first folder that has the unit, drop-ins of all folders in the order of
 * their names, the last word of a setting. Immutable.
 *
 * @param name its name, an instance's own
 * @param file where it is
 * @param service its settings of {@code [Service]}, the last word of each
 */
public record ServiceUnit(String name, Path file, Map<String, String> service) {
    private static final String SUFFIX = ".service";
    /** What starts a node: a process in another unit, a terminal's say, was started by hand. */
    private static final Pattern OURS = Pattern.compile("millwright|karaf");

    private static final List<String> SYSTEM = List.of(
            "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system");
    private static final List<String> USER =
            List.of("etc/systemd/user", "run/systemd/user", "usr/local/lib/systemd/user", "usr/lib/systemd/user");

    /** Copies. */
    public ServiceUnit {
        service = Map.copyOf(service);
    }

    /**
     * Looks for it. Blocks for the files.
     *
     * @param root the root of the file system
     * @param home the user's folder
     * @return {@code null} if this process is in no unit that runs a node
     */
    public static @Nullable ServiceUnit find(Path root, Path home) {
        try {
            String group = group(Files.readString(root.resolve("proc/self/cgroup"), StandardCharsets.ISO_8859_1));
            if (group == null) {
                return null;
            }
            String name = name(group);
            return name == null ? null : read(name, folders(root, home, group.contains("/user@")));
        } catch (IOException e) {
            return null; // not Linux, or a unit that may not be read
        }
    }

    /** What systemd calls the process: its own hierarchy, or the only one. */
    private static @Nullable String group(String lines) {
        String found = null;
        for (String line : lines.split("\n")) {
            String[] parts = line.split(":", 3);
            boolean systemd = parts.length == 3 && parts[1].equals("name=systemd");
            if (systemd || (parts.length == 3 && parts[1].isEmpty() && found == null)) {
                found = parts[2];
            }
        }
        return found;
    }

    private static @Nullable String name(String group) {
        String last = null;
        for (String part : group.split("/")) {
            // a user's service manager is a unit as well, and its own units are below it
            if (part.endsWith(SUFFIX) && !part.startsWith("user@")) {
                last = part;
            }
        }
        return last;
    }

    private static List<Path> folders(Path root, Path home, boolean user) {
        List<Path> folders = new ArrayList<>();
        if (user) {
            folders.add(home.resolve(".config/systemd/user"));
        }
        (user ? USER : SYSTEM).forEach(folder -> folders.add(root.resolve(folder)));
        return folders;
    }

    private static @Nullable ServiceUnit read(String name, List<Path> folders) throws IOException {
        List<String> names = names(name);
        Path file = names.stream()
                .flatMap(each -> folders.stream().map(folder -> folder.resolve(each)))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
        if (file == null) {
            return null;
        }
        Map<String, String> service = new HashMap<>();
        settings(file, service);
        for (Path dropIn : dropIns(names, folders)) {
            settings(dropIn, service);
        }
        boolean ours = OURS.matcher(service.getOrDefault("ExecStart", "")).find();
        return ours ? new ServiceUnit(name, file, service) : null;
    }

    /** The names of its files: of an instance its own, then that of its template. */
    private static List<String> names(String name) {
        int at = name.indexOf('@');
        return at < 0 ? List.of(name) : List.of(name, name.substring(0, at + 1) + SUFFIX);
    }

    /** In the order in which they are read; of those of one name the one in the first folder. */
    private static Iterable<Path> dropIns(List<String> names, List<Path> folders) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        for (String name : names) {
            for (Path folder : folders) {
                Path dropIns = folder.resolve(name + ".d");
                if (Files.isDirectory(dropIns)) {
                    try (Stream<Path> files = Files.list(dropIns)) {
                        files.filter(file -> file.toString().endsWith(".conf"))
                                .forEach(file -> found.putIfAbsent(String.valueOf(file.getFileName()), file));
                    }
                }
            }
        }
        return found.values();
    }

    private static void settings(Path file, Map<String, String> service) throws IOException {
        String section = "";
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\\\n", " ");
        for (String raw : text.split("\n")) {
            String line = raw.strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                section = line;
            } else if (section.equals("[Service]") && equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                service.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
    }

    /**
     * A setting.
     *
     * @param key its name
     * @param fallback what systemd takes if the unit says nothing
     */
    public String setting(String key, String fallback) {
        String value = service.getOrDefault(key, "");
        return value.isEmpty() ? fallback : value;
    }
}
