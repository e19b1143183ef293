package io.millwright.controller.internal.launch;

import io.millwright.controller.internal.options.IdentityOptions;
import io.millwright.controller.internal.options.ResourceLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As whom a process runs and within which limits, read from {@code /proc}. Immutable; reading may block for as long as reading
 * {@code /proc} does.
 *
 * @param status the lines of {@code status}, by name
 * @param nice its priority
 * @param oomScoreAdj its {@code oom_score_adj}
 * @param limits its limits, by option key
 */
record InForce(Map<String, String> status, int nice, int oomScoreAdj, Map<String, ResourceLimit> limits) {
    static final int CAP_SETGID = 6;
    static final int CAP_SETUID = 7;
    static final int CAP_SYS_NICE = 23;
    static final int CAP_SYS_RESOURCE = 24;

    private static final int NICE = 18;
    private static final int HEX = 16;
    private static final int VALUES = 26;
    private static final Map<String, String> LIMITS = Map.of(
            "Max open files", "limits.nofile",
            "Max core file size", "limits.core",
            "Max address space", "limits.as",
            "Max processes", "limits.nproc",
            "Max cpu time", "limits.cpu",
            "Max file size", "limits.fsize");

    /**
     * Reads a process.
     *
     * @param process its directory in {@code /proc}
     * @return {@code null} if it is gone, or if the system has no such directory
     */
    static @Nullable InForce read(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name of the program, which is in brackets, may have any character.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new InForce(
                    status(process.resolve("status")),
                    Integer.parseInt(fields[NICE - 2]),
                    Integer.parseInt(
                            Files.readString(process.resolve("oom_score_adj")).strip()),
                    limits(process.resolve("limits")));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static Map<String, String> status(Path file) throws IOException {
        Map<String, String> status = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return status;
    }

    private static Map<String, ResourceLimit> limits(Path file) throws IOException {
        Map<String, ResourceLimit> limits = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String key = line.length() < VALUES
                    ? null
                    : LIMITS.get(line.substring(0, VALUES).strip());
            if (key != null) {
                String[] values = line.substring(VALUES).strip().split(" +");
                limits.put(key, new ResourceLimit(limit(values[0]), limit(values[1])));
            }
        }
        return limits;
    }

    private static long limit(String text) {
        return text.equals("unlimited") ? ResourceLimit.UNLIMITED : Long.parseLong(text);
    }

    private String line(String name) {
        return status.getOrDefault(name, "");
    }

    /** The number of the user whose rights it has. */
    long uid() {
        return Long.parseLong(line("Uid").split("\\s+")[1]);
    }

    /** The number of the group whose rights it has. */
    long gid() {
        return Long.parseLong(line("Gid").split("\\s+")[1]);
    }

    /** The numbers of its further groups. */
    List<Long> groups() {
        return Arrays.stream(line("Groups").split("\\s+"))
                .filter(text -> !text.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    /** Whether it has a capability. */
    boolean may(int capability) {
        return (Long.parseUnsignedLong(line("CapEff"), HEX) >>> capability & 1) == 1;
    }

    /**
     * For people and programs: what the options of a worker asked for, as it is.
     *
     * @return option keys with values
     */
    Map<String, Object> document() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(IdentityOptions.USER, uid());
        all.put(IdentityOptions.GROUP, gid());
        all.put(IdentityOptions.GROUPS, groups());
        all.put(IdentityOptions.UMASK, line("Umask"));
        all.put(IdentityOptions.NICE, nice);
        all.put(IdentityOptions.OOM_SCORE_ADJ, oomScoreAdj);
        all.put(IdentityOptions.CPU_AFFINITY, line("Cpus_allowed_list"));
        IdentityOptions.LIMITS.forEach(key -> {
            ResourceLimit limit = limits.get(key);
            if (limit != null) {
                all.put(key, limit.text());
            }
        });
        return all;
    }
}
