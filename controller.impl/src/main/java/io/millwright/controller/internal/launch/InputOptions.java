package io.millwright.controller.internal.launch;

import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.LaunchPlan.Input;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.options.JsonSyntax;
import java.nio.charset.StandardCharsets;

/** Makes of the {@code stdin} options what a process finds on its standard input. Thread-safe. */
public final class InputOptions {
    private InputOptions() {}

    /**
     * The input the options ask for.
     *
     * @param values checked options
     * @return closed, open, a text in UTF-8 as it is, or one line of JSON with its line end
     */
    public static Input input(OptionValues values) {
        String value = values.string(CommonOptions.STDIN_VALUE).orElse(null);
        String type = values.string(CommonOptions.STDIN_TYPE).orElse("");
        if (value == null || type.isEmpty()) {
            return "open".equals(values.any(CommonOptions.STDIN_MODE)) ? Input.OPEN : Input.CLOSED;
        }
        String text = type.equals("text") ? value : json(value) + "\n";
        return Input.of(text.getBytes(StandardCharsets.UTF_8), !values.flag(CommonOptions.STDIN_CLOSE));
    }

    private static String json(String value) {
        // Where only texts can be kept this is how other values come; a text like 5 is then written "5", quotes and
        // all.
        return JsonSyntax.isJson(value) ? value.strip() : Json.write(value);
    }
}
