package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker needs is not there: its program, its folder, its type; at its first start, and when it runs already. */
class UnstartableTest {
    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(
                new Configured("io.millwright.worker.guest~w", "node.json", WorkerSpec.of(id("w"), "guest", options)));
    }

    private String doctor() {
        return node.controller.doctor().stream()
                .filter(finding ->
                        finding.workers().contains(id("w")) || finding.subject().contains("worker w"))
                .map(Finding::toString)
                .toList()
                .toString();
    }

    /** The kind: the policy decides, at boot as at a restart, also where the next start cannot happen. */
    @ParameterizedTest
    @CsvSource({"always, program", "on-failure, program", "always, workdir", "on-failure, workdir"})
    void whatIsMissingAtBootAndComesIsStarted(String policy, String missing) throws IOException {
        Path place = node.directory.resolve("late");
        Map<String, Object> options = new HashMap<>(script("exec sleep 60"));
        options.put("restart.policy", policy);
        options.put("restart.delay", "10ms");
        options.put("restart.max", "100ms");
        options.put(missing.equals("program") ? "executable" : "workdir", place.toString());
        configure(options);
        await().until(() -> node.events("w").stream().filter("FAILED"::equals).count() >= 3);
        assertThat(node.info("w").why().toString()).contains("late");
        if (missing.equals("program")) {
            Path ready = Files.writeString(temp.resolve("ready"), "#!/bin/sh\nexec sleep 60\n");
            Files.setPosixFilePermissions(ready, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(ready, place);
        } else {
            Files.createDirectory(place);
        }
        node.awaitState("w", WorkerState.STARTED);
    }

    @Test
    void withoutAPolicyItStaysFailedAndSaysWhy() {
        configure(Map.of("executable", "./late"));
        node.awaitState("w", WorkerState.FAILED);
        assertThat(node.info("w").why().toString()).contains("late");
        assertThat(doctor()).contains("late");
    }

    /** The kind: trouble that nobody can mend any more, since nobody asks for the worker; it stays in the history only. */
    @ParameterizedTest
    @CsvSource({"executable, ./none, guest", "workdir, none, guest", "executable, ./none, gone"})
    void withItsConfigurationGoesWhatTheDoctorSaysOfIt(String key, String value, String type) {
        Map<String, Object> options = new HashMap<>(script("exec sleep 60"));
        options.put(key, value);
        configure(options);
        node.awaitState("w", WorkerState.FAILED);
        if (type.equals("gone")) {
            node.node.types().remove("guest", 1);
        }
        assertThat(doctor()).contains("worker w");
        node.node.unconfigure("io.millwright.worker.guest~w");
        await().until(() -> doctor().equals("[]"));
        assertThat(node.info("w").status()).isEqualTo(WorkerState.FAILED);
    }

    /** The kind: a running worker whose configuration changes to what cannot start; the reason is everywhere. */
    @ParameterizedTest
    @CsvSource({"executable, ./none", "workdir, none", "env.file, none"})
    void aChangeToWhatCannotStartIsNamedEverywhere(String key, String value) {
        configure(script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        Map<String, Object> changed = new HashMap<>(script("exec sleep 60"));
        changed.put(key, value);
        configure(changed);
        await().until(() -> node.info("w").why().toString().contains("none"));
        assertThat(doctor()).contains("none");
    }

    /** The kind: what ends a process before it knows that no other can follow, asked for in any way. */
    @ParameterizedTest
    @ValueSource(strings = {"by hand", "of its type", "of all", "by a file", "by its configuration"})
    void aRestartWhileTheTypeIsAwayEndsNoProcess(String asked) throws IOException {
        Path watched = Files.createDirectory(temp.resolve("watched"));
        CompletableFuture<FileWatcher.Listener> watching = new CompletableFuture<>();
        node.node.setWatcher((spec, told) -> {
            watching.complete(told);
            return () -> {};
        });
        configure(script("exec sleep 60", "watch.directories", List.of(watched.toString())));
        Long pid = node.awaitState("w", WorkerState.STARTED).pid();
        FileWatcher.Listener files = get(watching);
        node.node.types().remove("guest", 1);
        await().until(() -> node.node.types().serving("guest").isEmpty());
        switch (asked) {
            case "by hand" ->
                assertThatThrownBy(() -> get(node.controller.restartWorker(id("w"), ME)))
                        .hasMessageContaining("keeps running");
            case "of its type", "of all" -> {
                WorkerSelector selector =
                        asked.equals("of all") ? WorkerSelector.ALL : WorkerSelector.ALL.withTypes(List.of("guest"));
                List<? extends Outcome<?>> outcomes =
                        get(node.controller.restartWorkers(selector, RestartOptions.ALL_AT_ONCE, ME));
                assertThat(outcomes).singleElement().satisfies(outcome -> assertThat(outcome.toString())
                        .contains("keeps running"));
            }
            case "by a file" -> {
                files.onChange(FileWatcher.Change.of(List.of(watched.resolve("file")), false));
                await().until(() -> node.events("w").contains("CHANGED_FILES"));
            }
            default -> {
                configure(script("exec sleep 61"));
                await().until(() -> node.info("w").why().toString().contains("guest"));
            }
        }
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").status()).isEqualTo(WorkerState.STARTED);
    }
}
