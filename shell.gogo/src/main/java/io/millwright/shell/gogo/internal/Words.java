package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Document;
import org.jspecify.annotations.Nullable;

/** Turns what Gogo hands a command into words. */
final class Words {
    private Words() {}

    /** The text of an argument; a value of the API that has an id is its id. */
    static String of(@Nullable Object argument) {
        if (argument instanceof Document document) {
            Object id = document.toMap().get("id");
            if (id != null) {
                return id.toString();
            }
        }
        return String.valueOf(argument);
    }
}
