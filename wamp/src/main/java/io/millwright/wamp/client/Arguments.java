package io.millwright.wamp.client;

import io.millwright.wamp.message.Payload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** What came with a result, an event or a call. Immutable, thread-safe; decoded at the first use. */
@ProviderType
public interface Arguments {
    /** All of it. */
    Payload payload();

    /** The positional arguments, empty if there are none. */
    default List<Object> args() {
        return payload().args();
    }

    /** The arguments by name, empty if there are none. */
    default Map<String, Object> kwargs() {
        return payload().kwargs();
    }

    /**
     * A positional argument as a type: {@code String}, {@code Boolean}, {@code byte[]}, {@code List}, {@code Map}, {@code Object}, and any number
     * class the number fits without loss.
     *
     * @return {@code null} if it is null or there is none
     * @throws IllegalArgumentException if it is of another type, with a sentence
     */
    default <T> @Nullable T arg(int index, Class<T> type) {
        List<Object> args = args();
        return Converter.convert(index < args.size() ? args.get(index) : null, type, "argument " + index);
    }

    /** An argument by name as a type, as {@link #arg}. */
    default <T> @Nullable T kwarg(String name, Class<T> type) {
        return Converter.convert(kwargs().get(name), type, "argument '" + name + "'");
    }
}
