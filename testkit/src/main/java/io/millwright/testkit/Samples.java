package io.millwright.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options to try a worker type with, good and bad ones. Keys are dotted, values as in a configuration: texts, numbers,
 * booleans and lists. Immutable; begins with {@link #running}.
 */
public final class Samples {
    /** What is to become of a sample. */
    enum Kind {
        VALID,
        REFUSED,
        UNLAUNCHABLE
    }

    /** Named options, and for bad ones the key that is to be blamed. */
    record Sample(String name, Kind kind, Map<String, Object> options, @Nullable String path) {
        Sample {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    private final List<Sample> samples;

    private Samples(List<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    /**
     * Begins with the options the life cycle is tried with.
     *
     * @param options of a worker that starts, runs until it is told to end, and ends when it gets TERM
     * @return the samples
     */
    public static Samples running(Map<String, ?> options) {
        return new Samples(List.of(sample("a running worker", Kind.VALID, options, null)));
    }

    /**
     * More options that must be accepted.
     *
     * @param name what they are, for messages
     * @param options the options
     * @return these samples and one more
     */
    public Samples valid(String name, Map<String, ?> options) {
        return with(sample(name, Kind.VALID, options, null));
    }

    /**
     * Options that the definitions or the type's own check must refuse, without looking at the machine.
     *
     * @param name what is wrong with them, for messages
     * @param options the options
     * @param path the key that must be blamed
     * @return these samples and one more
     */
    public Samples refused(String name, Map<String, ?> options, String path) {
        return with(sample(name, Kind.REFUSED, options, path));
    }

    /**
     * Options that look good and cannot be launched, for example because a file is missing. Tried on a node only.
     *
     * @param name what is wrong with them, for messages
     * @param options the options
     * @param path the key that must be blamed
     * @return these samples and one more
     */
    public Samples unlaunchable(String name, Map<String, ?> options, String path) {
        return with(sample(name, Kind.UNLAUNCHABLE, options, path));
    }

    private static Sample sample(String name, Kind kind, Map<String, ?> options, @Nullable String path) {
        return new Sample(name, kind, new LinkedHashMap<>(options), path);
    }

    private Samples with(Sample sample) {
        List<Sample> more = new ArrayList<>(samples);
        more.add(sample);
        return new Samples(more);
    }

    List<Sample> of(Kind kind) {
        return samples.stream().filter(sample -> sample.kind() == kind).toList();
    }

    Sample running() {
        return samples.get(0);
    }
}
