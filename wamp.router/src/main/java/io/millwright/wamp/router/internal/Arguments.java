package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.ProcedureException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call to the router's own procedures: by position or by name. */
final class Arguments {
    private final List<Object> list;
    private final Map<String, Object> names;

    Arguments(Payload payload) {
        this.list = payload.args();
        this.names = payload.kwargs();
    }

    private @Nullable Object value(int index, String name) {
        Object value = index >= 0 && index < list.size() ? list.get(index) : null;
        return value == null ? names.get(name) : value;
    }

    String text(int index, String name) {
        String text = textOr(index, name, null);
        if (text == null) {
            throw wrong(index, name, "is missing; it must be a text");
        }
        return text;
    }

    @Nullable
    String textOr(int index, String name, @Nullable String otherwise) {
        Object value = value(index, name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(index, name, "must be a text");
    }

    long id(int index, String name) {
        Object value = value(index, name);
        long id = value == null ? 0 : Options.number(Map.of(name, value), name, 0);
        if (id <= 0) {
            throw wrong(index, name, "must be an id");
        }
        return id;
    }

    boolean flag(int index, String name) {
        Object value = value(index, name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(index, name, "must be true or false");
    }

    /** {@code null} where none is given. */
    @Nullable
    List<String> texts(int index, String name) {
        Object value = value(index, name);
        if (value == null) {
            return null;
        }
        if (value instanceof List<?> texts && texts.stream().allMatch(String.class::isInstance)) {
            return texts.stream().map(String.class::cast).toList();
        }
        throw wrong(index, name, "must be a list of texts");
    }

    List<?> list(int index, String name) {
        Object value = value(index, name);
        if (value == null || value instanceof List) {
            return value == null ? List.of() : (List<?>) value;
        }
        throw wrong(index, name, "must be a list");
    }

    Map<String, Object> dict(int index, String name) {
        Object value = value(index, name);
        if (value == null || value instanceof Map) {
            return value == null ? Map.of() : Options.dict(Map.of(name, value), name);
        }
        throw wrong(index, name, "must be a dictionary");
    }

    /** The policy in a dictionary of options. */
    MatchPolicy match(int index) {
        Object word = dict(index, "options").get("match");
        MatchPolicy policy = word == null ? MatchPolicy.EXACT : MatchPolicy.of(String.valueOf(word));
        if (policy == null) {
            throw new ProcedureException(
                    WampErrors.INVALID_ARGUMENT, "'match' of 'options' must be exact, prefix or wildcard");
        }
        return policy;
    }

    private static ProcedureException wrong(int index, String name, String what) {
        return new ProcedureException(
                WampErrors.INVALID_ARGUMENT,
                "'" + name + "'" + (index < 0 ? "" : " (argument " + index + ")") + " " + what);
    }
}
