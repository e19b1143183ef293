package io.millwright.controller.internal.worker.ready;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.options.OptionChecker;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command that asks a worker how it is, and the group of the worker's run, in a folder that stands for the hierarchy. */
@EnabledOnOs(OS.LINUX)
class ExecProbeTest {
    @TempDir
    Path temp;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A group that can only be entered. */
    private static Enclosure group(Path folder) {
        String enter = "echo $$ >'" + folder.resolve("cgroup.procs") + "'";
        return (Enclosure) Proxy.newProxyInstance(
                Enclosure.class.getClassLoader(), new Class<?>[] {Enclosure.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("enter")) {
                        return enter;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private @Nullable String ask(String script, @Nullable Enclosure group) throws InterruptedException {
        List<String> command = List.of("/bin/sh", "-c", script);
        LaunchPlan plan = LaunchPlan.builder("w", command, temp).build();
        OptionValues options = new OptionChecker(CommonOptions.definitions(), name -> null)
                .check(Map.of("trees", "cgroup"))
                .values();
        LaunchStep step = group == null ? null : Objects.requireNonNull(LaunchStep.of(options));
        return new ExecProbe(plan, command, step, group).ask(LIMIT);
    }

    @Test
    void itJoinsTheGroupFirst() throws IOException, InterruptedException {
        Path procs = Files.createFile(temp.resolve("cgroup.procs"));
        Path pid = temp.resolve("pid");
        assertThat(ask("echo $$ >" + pid, group(temp))).isNull();
        assertThat(Files.readString(procs)).isNotBlank().isEqualTo(Files.readString(pid));
    }

    @Test
    void whatCannotJoinIsNoAnswer() throws InterruptedException {
        Path pid = temp.resolve("pid");
        assertThat(ask("echo $$ >" + pid, group(temp.resolve("gone"))))
                .contains("ended with 126")
                .contains("cgroup.procs");
        assertThat(pid).doesNotExist();
    }

    @Test
    void withoutAGroupItRunsAsItIs() throws InterruptedException {
        assertThat(ask("exit 0", null)).isNull();
        assertThat(ask("echo not yet; exit 3", null)).endsWith("ended with 3: not yet");
    }
}
