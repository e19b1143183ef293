package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.launch.Located;
import io.millwright.controller.internal.launch.Programs;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Encoding;
import io.millwright.controller.internal.process.NodeEnvironment;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command of the worker's configuration, which ends with 0 if all is well.
 *
 * @param plan the worker's launch
 * @param command program and arguments
 * @param step what gives the worker its user and limits, {@code null} for nothing
 * @param group what holds the processes of the run, in which the command is then too; {@code null} for nothing
 */
record ExecProbe(LaunchPlan plan, List<String> command, @Nullable LaunchStep step, @Nullable Enclosure group)
        implements Probe {
    private static final int MOST = 200;
    private static final int PACE_MILLIS = 5;
    private static final int READ = 16 * 1024;

    @Override
    public @Nullable String ask(Duration limit) throws InterruptedException {
        Located program = Programs.locate(plan.withCommand(command));
        if (program.problem() != null) {
            return program.problem().message();
        }
        List<String> arguments = command.subList(1, command.size());
        List<String> words = new ArrayList<>(List.of(SystemPath.text(program.get())));
        words.addAll(arguments);
        LaunchPlan whole = plan.withCommand(step == null ? words : step.command(plan, program.get(), arguments, group));
        ProcessBuilder builder = new ProcessBuilder(whole.command())
                .directory(plan.directory().toFile())
                .redirectErrorStream(true);
        Encoding.fill(builder.environment(), plan.environment());
        Process process;
        try {
            Encoding.check(whole, NodeEnvironment.ofJvm());
            process = builder.start();
        } catch (IOException e) {
            return what() + " cannot be run: " + e.getMessage();
        }
        try {
            process.getOutputStream().close();
            String last = "";
            long end = System.nanoTime() + limit.toNanos();
            boolean ended;
            do {
                ended = process.waitFor(PACE_MILLIS, TimeUnit.MILLISECONDS);
                last = lastLine(last, process.getInputStream());
            } while (!ended && System.nanoTime() < end);
            if (!ended) {
                return what() + " has not ended within " + limit.toMillis() + " ms"
                        + (last.isEmpty() ? "" : ": " + last);
            }
            int code = process.exitValue();
            return code == 0 ? null : what() + " ended with " + code + (last.isEmpty() ? "" : ": " + last);
        } catch (IOException e) {
            return what() + ": " + e.getMessage();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Reads what is there and no more: a child of the command may keep the pipe open. */
    private static String lastLine(String before, InputStream output) throws IOException {
        String last = before;
        int there = output.available();
        while (there > 0) {
            String text = new String(output.readNBytes(Math.min(there, READ)), StandardCharsets.UTF_8).strip();
            last = text.isEmpty() ? last : text.substring(text.lastIndexOf('\n') + 1);
            there = output.available();
        }
        return last.length() > MOST ? last.substring(0, MOST) + "..." : last;
    }

    @Override
    public String what() {
        return "'" + String.join(" ", command) + "'";
    }
}
