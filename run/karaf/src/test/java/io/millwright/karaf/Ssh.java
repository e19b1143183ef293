package io.millwright.karaf;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program {@code ssh}, as the user {@code karaf} of a Karaf on this machine. For one thread. */
final class Ssh {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** How a command ended and what it printed, to its output and its errors. */
    record Answer(int code, String text) {}

    private final int port;
    private final Path password;
    private final Path output;

    /** A client, with a folder for its files. */
    Ssh(Path folder, int port) throws IOException {
        this.port = port;
        this.output = folder.resolve("ssh-output");
        this.password = Files.writeString(folder.resolve("password"), "#!/bin/sh\necho karaf\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rwx------"));
    }

    static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("ssh", "-V")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        }
    }

    /** Runs one command. */
    Answer run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "ssh",
                "-q",
                "-p",
                String.valueOf(port),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "PreferredAuthentications=password,keyboard-interactive",
                "-o",
                "NumberOfPasswordPrompts=1",
                "karaf@127.0.0.1",
                command));
        builder.environment().put("SSH_ASKPASS", password.toString());
        builder.environment().put("SSH_ASKPASS_REQUIRE", "force");
        builder.environment().put("DISPLAY", "none");
        builder.redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(output.toFile());
        Process process = builder.start();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("ssh does not end: " + command);
        }
        return new Answer(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    /** Repeats a command until its answer is as wanted; returns that. */
    Answer await(String command, Predicate<Answer> wanted) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        Answer answer = run(command);
        while (!wanted.test(answer)) {
            if (Instant.now().isAfter(deadline)) {
                fail(command + " still answers " + answer);
            }
            TimeUnit.MILLISECONDS.sleep(200);
            answer = run(command);
        }
        return answer;
    }
}
