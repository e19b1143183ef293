package io.millwright.worker.runtime.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a native worker's standard input, in which the node says what the worker is and how it joins. Immutable. Its text
 * shows no token.
 */
public final class Birth {
    private static final int LONGEST = 1 << 24;

    private final Map<?, ?> line;
    private final Map<?, ?> worker;

    private Birth(Map<?, ?> line) {
        this.line = line;
        this.worker = line.get("worker") instanceof Map<?, ?> map ? map : Map.of();
    }

    /**
     * Reads the line, and no byte more. Blocks until it is there.
     *
     * @throws IllegalStateException if there is no such line: the process was not started by a node as a native worker
     */
    public static Birth read(InputStream in) {
        byte[] bytes = new byte[1024];
        int length = 0;
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0 || length == LONGEST) {
                    throw none("it ends without one");
                }
                bytes = length == bytes.length ? Arrays.copyOf(bytes, 2 * length) : bytes;
                bytes[length++] = (byte) next;
            }
        } catch (IOException e) {
            throw none(String.valueOf(e.getMessage()));
        }
        return of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    static Birth of(String text) {
        if (!(parsed(text) instanceof Map<?, ?> map)) {
            throw none("its first line is no JSON object");
        }
        if (!Long.valueOf(1).equals(map.get("v"))) {
            throw none("its first line is of version " + map.get("v") + ", this runtime knows version 1");
        }
        Birth birth = new Birth(map);
        for (String key : new String[] {"realm", "prefix", "socket", "token", "node_dir"}) {
            birth.text(map, key);
        }
        birth.text(birth.worker, "id");
        return birth;
    }

    private static @Nullable Object parsed(String text) {
        try {
            return JsonText.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static IllegalStateException none(String why) {
        return new IllegalStateException(
                "this process is no native worker of a Millwright node: a node writes a line with all that"
                        + " it needs to its standard input, and " + why
                        + "; let a node start it, as a worker of type 'java' or 'process'");
    }

    private String text(Map<?, ?> map, String key) {
        if (!(map.get(key) instanceof String text)) {
            throw none("its first line has no text '" + key + "'");
        }
        return text;
    }

    private @Nullable String maybe(Map<?, ?> map, String key) {
        return map.get(key) instanceof String text ? text : null;
    }

    /** The worker's id. */
    public String id() {
        return text(worker, "id");
    }

    /** The worker's type. */
    public String type() {
        return Objects.requireNonNullElse(maybe(worker, "type"), "");
    }

    /** The group that the worker is an instance of; {@code null} if it is of none. */
    public @Nullable String group() {
        return maybe(worker, "group");
    }

    /** The number of this run of the worker; 0 if the node does not say. */
    public long run() {
        return worker.get("run") instanceof Long number ? number : 0;
    }

    /** A title for people; the id if there is none. */
    public String title() {
        String title = maybe(worker, "title");
        return title == null || title.isEmpty() ? id() : title;
    }

    /** The node directory. */
    public Path nodeDirectory() {
        return Path.of(text(line, "node_dir"));
    }

    /** The realm to join. */
    public String realm() {
        return text(line, "realm");
    }

    /** What the node's URIs begin with. */
    public String prefix() {
        return text(line, "prefix");
    }

    /** The socket to join by. */
    public Path socket() {
        return Path.of(text(line, "socket"));
    }

    /** What proves who it is; good once. */
    String token() {
        return text(line, "token");
    }

    /** How to join the router that the option {@code connect} names; {@code null} without that option. */
    @Nullable
    Map<?, ?> connect() {
        return line.get("connect") instanceof Map<?, ?> map ? map : null;
    }

    /** How other workers of the node come in here; empty if the node does not say. */
    Map<?, ?> peers() {
        return line.get("peers") instanceof Map<?, ?> map ? map : Map.of();
    }

    private Map<?, ?> log() {
        return line.get("log") instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The least level that is logged; {@code info} if the node does not say. */
    public String logLevel() {
        return Objects.requireNonNullElse(maybe(log(), "level"), "info");
    }

    /** What a line of standard error begins with that is a record; {@code null} if the node takes none. */
    public @Nullable String logMark() {
        return maybe(log(), "mark");
    }

    /** Whether each step of its life is to be a line of standard output. */
    public boolean debugLifecycle() {
        return Boolean.TRUE.equals(line.get("debug_lifecycle"));
    }

    /** The worker's own options, by their dotted keys. */
    @SuppressWarnings("unchecked") // the keys of a JSON object are texts
    public Map<String, @Nullable Object> options() {
        return line.get("options") instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    /** What the worker's configuration says for the program alone: any JSON value, {@code null} for nothing. */
    public @Nullable Object extra() {
        return line.get("extra");
    }

    @Override
    public String toString() {
        return "worker '" + id() + "', run " + run();
    }
}
