package io.millwright.worker.natives.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of a JVM about its class-data archive: a cache of ahead-of-time data from Java 25 on, a dynamic archive before. The ending of
 * the file's name says which of them it is. Stateless.
 */
final class ArchiveOptions {
    private static final String AHEAD_OF_TIME = ".aot";
    private static final int FIRST_AHEAD_OF_TIME = 25;
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    /** What a worker's own options begin with that know better; a JVM takes no archive of two kinds. */
    private static final List<String> OWN = List.of("-XX:SharedArchiveFile", "-XX:AOT", "-Xshare");

    private ArchiveOptions() {}

    /**
     * How the names of its files end.
     *
     * @param release the text of the JVM's file {@code release}; empty if there is none
     */
    static String ending(String release) {
        Matcher version = VERSION.matcher(release);
        return version.find() && Integer.parseInt(version.group(1)) >= FIRST_AHEAD_OF_TIME ? AHEAD_OF_TIME : ".jsa";
    }

    /** What a JVM is told that makes one. */
    static String make(Path file) {
        return (isAheadOfTime(file) ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file;
    }

    /**
     * What a JVM is told that uses one; if it does not fit, it says nothing and starts without. The archives are mapped where they were made
     * for: moved elsewhere, as a JVM does by default, each page of them is patched, and all JVMs have copies of their own.
     */
    static List<String> use(Path file) {
        List<String> options =
                new ArrayList<>(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"));
        options.addAll(
                isAheadOfTime(file)
                        ? List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off")
                        : List.of("-XX:SharedArchiveFile=" + file));
        return options;
    }

    /** Whether a worker's own options of the JVM leave room for one. */
    static boolean allowedBy(List<String> jvmOptions) {
        return jvmOptions.stream().noneMatch(one -> OWN.stream().anyMatch(one::startsWith));
    }

    private static boolean isAheadOfTime(Path file) {
        return file.toString().endsWith(AHEAD_OF_TIME);
    }
}
