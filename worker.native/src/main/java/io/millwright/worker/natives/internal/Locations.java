package io.millwright.worker.natives.internal;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a container may get bundles from, as far as a location itself says; the container has the same rules for what is started at run time. */
final class Locations {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:.*");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern MVN =
            Pattern.compile("mvn:[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){2,4}");

    private static final Pattern OF_NODE = Pattern.compile("node:[A-Za-z0-9_-][A-Za-z0-9._-]*(/[0-9][A-Za-z0-9._-]*)?");

    private Locations() {}

    /** Why a location, and the hash of what is there, cannot be a bundle's; {@code null} if they can. */
    static @Nullable String trouble(String location, @Nullable String sha256) {
        if (sha256 != null && !HASH.matcher(sha256).matches()) {
            return "'sha256' must be 64 lower-case hex digits, is '" + sha256 + "'";
        } else if (location.startsWith("https:")) {
            return sha256 == null ? "a bundle by https: needs 'sha256', the hash that it must have" : null;
        } else if (location.startsWith("mvn:")) {
            return MVN.matcher(location).matches()
                    ? null
                    : "'" + location
                            + "' must be mvn:GROUP/ARTIFACT/VERSION, with /TYPE and /CLASSIFIER where it has them";
        } else if (location.startsWith("node:")) {
            return OF_NODE.matcher(location).matches()
                    ? null
                    : "'" + location + "' must be node:SYMBOLIC-NAME, with /VERSION where it is to be that one";
        }
        return SCHEME.matcher(location).matches()
                ? "'" + location
                        + "' is none of a path, mvn:GROUP/ARTIFACT/VERSION, node:SYMBOLIC-NAME, https: with 'sha256'"
                : null;
    }
}
