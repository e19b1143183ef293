package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.cgroup.Hierarchy;
import io.millwright.controller.internal.process.cgroup.WorkerGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The limits of a worker's group, from its options to the kernel's files and back. Stateless; reads files, so it may block. */
public final class Confinement {
    private static final int MINOR_BITS = 8;
    private static final int MINOR_LOW = 0xff;
    private static final int MAJOR = 0xfff;
    private static final int MINOR_HIGH = 0xfff00;
    private static final int MINOR_SHIFT = 12;

    private Confinement() {}

    /** Why a worker cannot have the group it asks for, as far as can be seen before. */
    static List<Problem> problems(OptionValues values, Hierarchy hierarchy) {
        String asking = CgroupOptions.firstAsking(values);
        if (asking == null) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        Map<String, List<String>> limits = CgroupOptions.limits(values);
        String why = hierarchy.problem(WorkerGroups.controllers(limits.keySet()));
        if (why != null) {
            problems.add(Problem.environment(asking, "cannot be had: " + why));
        }
        try {
            limits(values);
        } catch (IOException e) {
            problems.add(
                    Problem.environment(CgroupOptions.PREFIX + CgroupOptions.IO_MAX, String.valueOf(e.getMessage())));
        }
        return problems;
    }

    /**
     * The limits that options ask for.
     *
     * @param values checked options
     * @return lines to write, by the name of the kernel's file; empty if there are no limits
     * @throws IOException if a device is none
     */
    public static Map<String, List<String>> limits(OptionValues values) throws IOException {
        Map<String, List<String>> limits = new TreeMap<>(CgroupOptions.limits(values));
        List<String> lines = limits.get(CgroupOptions.IO_MAX);
        if (lines != null) {
            List<String> numbered = new ArrayList<>();
            for (String line : lines) {
                int blank = line.indexOf(' ');
                numbered.add(number(line.substring(0, blank)) + line.substring(blank));
            }
            limits.put(CgroupOptions.IO_MAX, numbered);
        }
        return limits;
    }

    /** The kernel knows devices by number only. */
    private static String number(String device) throws IOException {
        if (!device.startsWith("/")) {
            return device;
        }
        try {
            long number = ((Number) Files.getAttribute(Path.of(device), "unix:rdev")).longValue();
            if (number != 0) {
                return (number >>> MINOR_BITS & MAJOR) + ":"
                        + (number & MINOR_LOW | number >>> MINOR_SHIFT & MINOR_HIGH);
            }
        } catch (IOException e) {
            throw new IOException("there is no device " + device + "; write that of a whole disk, as /dev/sda", e);
        }
        throw new IOException(device + " is no device; write that of a whole disk, as /dev/sda");
    }

    /** What is in force, by option keys; sizes and numbers as numbers. */
    public static Map<String, Object> document(Enclosure enclosure) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(CgroupOptions.TREES, "cgroup");
        enclosure.inForce().forEach((file, text) -> {
            String plain = text.startsWith("default ") ? text.split("\\s+")[1] : text;
            all.put(CgroupOptions.PREFIX + file, plain.matches("[0-9]{1,18}") ? Long.valueOf(plain) : plain);
        });
        return all;
    }
}
