package io.millwright.controller.internal.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups of this machine: those of its files, and those that {@code getent} finds elsewhere. Reads files and may run
 * {@code getent}, so it may block. Thread-safe.
 */
final class Accounts {
    private static final long LIMIT_SECONDS = 3;
    private static final int USER_FIELDS = 7;
    private static final int GROUP_FIELDS = 4;

    /** A user. */
    record User(String name, long uid, long gid, String home) {}

    private final Path directory;

    /** @param directory where {@code passwd} and {@code group} are */
    Accounts(Path directory) {
        this.directory = directory;
    }

    /** The user of a name or number, {@code null} if there is none. */
    @Nullable
    User user(String nameOrNumber) {
        String[] found = find("passwd", nameOrNumber, USER_FIELDS);
        return found == null ? null : new User(found[0], Long.parseLong(found[2]), Long.parseLong(found[3]), found[5]);
    }

    /** The number of a group of a name or number, {@code null} if there is none; a number needs no entry. */
    @Nullable
    Long group(String nameOrNumber) {
        if (isNumber(nameOrNumber)) {
            return Long.valueOf(nameOrNumber);
        }
        String[] found = find("group", nameOrNumber, GROUP_FIELDS);
        return found == null ? null : Long.valueOf(found[2]);
    }

    /** The groups of the machine's files a user is in, beside its own. */
    List<Long> groupsOf(String user) {
        List<Long> groups = new ArrayList<>();
        for (String line : lines("group")) {
            String[] fields = line.split(":", -1);
            if (fields.length == GROUP_FIELDS
                    && isNumber(fields[2])
                    && List.of(fields[3].split(",")).contains(user)) {
                groups.add(Long.valueOf(fields[2]));
            }
        }
        return groups;
    }

    static boolean isNumber(String text) {
        return text.matches("[0-9]{1,10}");
    }

    private String @Nullable [] find(String database, String key, int fields) {
        int place = isNumber(key) ? 2 : 0;
        Predicate<String[]> fits = entry -> entry.length == fields && entry[place].equals(key) && isNumber(entry[2]);
        return Stream.concat(
                        lines(database).stream(),
                        // Looked at only if the file has nothing: users of a directory service.
                        Stream.of(database).flatMap(name -> getent(name, key).stream()))
                .map(line -> line.split(":", -1))
                .filter(fits)
                .findFirst()
                .orElse(null);
    }

    private List<String> lines(String database) {
        try {
            return Files.readAllLines(directory.resolve(database), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> getent(String database, String key) {
        Path program = Path.of("/usr/bin/getent");
        if (!Files.isExecutable(program)) {
            return List.of();
        }
        try {
            Process process = new ProcessBuilder(program.toString(), database, key)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var input = process.getInputStream()) {
                process.getOutputStream().close();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return List.of();
                }
                return new String(input.readAllBytes(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList();
            }
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
