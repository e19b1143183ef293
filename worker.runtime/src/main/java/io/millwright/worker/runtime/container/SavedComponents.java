package io.millwright.worker.runtime.container;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import io.millwright.wamp.message.Payload;
import io.millwright.worker.runtime.internal.JsonText;
import io.millwright.worker.runtime.log.Records;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The components that a caller has added and saved: they are started with the container from then on, after those of its configuration,
 * which wins where it has one of the same id. They are in {@code state/components/ID.json} of the node directory, which only the node's
 * user can read. Thread-safe.
 */
final class SavedComponents {
    private static final long VERSION = 1;

    private final Path file;
    private final String worker;
    private final String errors;

    /**
     * Those of a worker.
     *
     * @param errors what the URIs of errors begin with
     */
    SavedComponents(Path nodeDirectory, String worker, String errors) {
        this.file = nodeDirectory.resolve("state/components").resolve(worker + ".json");
        this.worker = worker;
        this.errors = errors;
    }

    /** The operations, as {@code register} takes them. */
    void offer(BiConsumer<String, Procedure> register, Components components) {
        register.accept("save_component", call -> {
            Component component = components.find(call);
            change(component.id(), component.spec().toMap());
            return component.toMap();
        });
        register.accept("forget_component", call -> {
            String id = id(call);
            change(id, null);
            return Map.of("id", id);
        });
    }

    private static String id(ProcedureCall call) {
        return Components.required(call);
    }

    /** Starts those that are saved; complete when each is, has failed or has taken its time. */
    CompletableFuture<@Nullable Void> start(Components components) {
        List<Object> begin = new ArrayList<>();
        try {
            read().forEach((id, json) -> {
                if (components.isConfigured(id)) {
                    Records.write(
                            "warn",
                            "container",
                            "component '" + id + "' is configured; what was saved is unused",
                            null);
                } else {
                    begin.add(json);
                }
            });
        } catch (IOException e) {
            Records.write("error", "container", "saved components cannot be read from " + file + ": " + e, null);
        }
        return components.startAll(begin);
    }

    /** What is saved; what the file holds that is no such thing is set aside with it. */
    private synchronized Map<String, Object> read() throws IOException {
        if (!Files.exists(file)) {
            return new LinkedHashMap<>();
        }
        String text = Files.readString(file);
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".broken");
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Records.write(
                    "error",
                    "container",
                    "saved components cannot be read from " + file + ", which is set aside as " + aside.getFileName()
                            + ": " + e.getMessage(),
                    null);
            return new LinkedHashMap<>();
        }
    }

    private static Map<String, Object> parse(String text) {
        if (!(JsonText.parse(text) instanceof Map<?, ?> document)) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        if (!(document.get("version") instanceof Number version) || version.longValue() != VERSION) {
            throw new IllegalArgumentException(
                    "its version is " + document.get("version") + ", and this container knows " + VERSION);
        }
        if (!(document.get("components") instanceof List<?> list)) {
            throw new IllegalArgumentException("'components' is no list");
        }
        Map<String, Object> all = new LinkedHashMap<>();
        for (Object one : list) {
            if (!(one instanceof Map<?, ?> map) || !(map.get("id") instanceof String id)) {
                throw new IllegalArgumentException("a component of it is no object with an id");
            }
            all.put(id, map);
        }
        return all;
    }

    private synchronized void change(String id, @Nullable Map<String, @Nullable Object> json) {
        try {
            Map<String, Object> all = read();
            if (json == null && all.remove(id) == null) {
                throw error("no_such_component", "component '" + id + "' is not saved; saved are " + all.keySet());
            } else if (json != null) {
                all.put(id, json);
            }
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("version", VERSION);
            document.put("components", List.copyOf(all.values()));
            Files.createDirectories(file.getParent());
            Path part = Files.createTempFile(file.getParent(), worker, ".part");
            try {
                Files.writeString(part, JsonText.write(document) + "\n");
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw error(
                    "cannot_save",
                    "component '" + id + "' cannot be saved in " + file + ": " + e
                            + (e instanceof AccessDeniedException
                                    ? "; a container of another user than the node's can save none: configure it"
                                    : ""));
        }
    }

    private WampErrorException error(String code, String sentence) {
        return new WampErrorException(errors + code, Payload.of(List.of(sentence)));
    }
}
