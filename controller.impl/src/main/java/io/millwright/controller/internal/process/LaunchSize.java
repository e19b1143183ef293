package io.millwright.controller.internal.process;

import io.millwright.controller.api.worker.LaunchPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Says what is too long about a launch that the system refused as too long. */
public final class LaunchSize {
    /** Linux takes no longer text, whatever there is room for, on machines with pages of 4 KiB. */
    private static final int LONGEST = 32 * 4096 - 1;

    private LaunchSize() {}

    /**
     * Names the longest argument or variable.
     *
     * @param launch what was refused
     * @return the end of a sentence; no value is quoted
     */
    public static String text(Launch launch) {
        LaunchPlan plan = launch.plan();
        String longest = "";
        long most = 0;
        long all = 0;
        List<String> command = plan.command();
        for (int i = 0; i < command.size(); i++) {
            long size = size(command.get(i));
            all += size + 1;
            if (size > most) {
                most = size;
                longest = i == 0 ? "the name of the program" : "argument " + i;
            }
        }
        for (Map.Entry<String, String> variable : plan.environment().entrySet()) {
            long size = size(variable.getKey()) + 1 + size(variable.getValue());
            all += size + 1;
            if (size > most) {
                most = size;
                longest = "environment variable '" + variable.getKey() + "'";
            }
        }
        return most > LONGEST
                ? longest + " has " + most + " bytes, and the system takes at most " + LONGEST
                        + " for one; hand it over in a file"
                : "its " + (command.size() - 1) + " arguments and "
                        + plan.environment().size()
                        + " environment variables have " + all + " bytes together, the most of them " + longest + " ("
                        + most
                        + "); hand them over in a file, or raise the limit of the stack (ulimit -s), of which the"
                        + " system allows a quarter for them";
    }

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
