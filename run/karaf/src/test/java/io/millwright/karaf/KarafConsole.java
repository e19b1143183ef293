package io.millwright.karaf;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real Karaf in a process of its own, driven by what a user would type at its console. For one thread. */
final class KarafConsole implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private static final String MARK = "MILLWRIGHT_KARAF_TEST";

    private final String mark = UUID.randomUUID().toString();
    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private int commands;

    KarafConsole(Path home) throws IOException {
        this(home, Map.of());
    }

    /** With variables of its own in its environment. */
    KarafConsole(Path home, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString());
        builder.directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("KARAF_EXEC", "exec");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // all that Karaf starts inherits it
        builder.environment().put(MARK, mark);
        builder.environment().putAll(environment);
        process = builder.start();
        Thread reader = new Thread(this::read, "karaf-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                output.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            output.append(e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    private void type(String line) throws IOException {
        OutputStream keyboard = process.getOutputStream();
        keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    /** Types a command, again while Karaf does not know it yet: its own commands come some seconds after the prompt. */
    String run(String command) throws IOException, InterruptedException {
        String answer = await(command, text -> !text.contains("Command not found"));
        if (answer.contains("Error executing command")) {
            fail(command + " fails:\n" + answer);
        }
        return answer;
    }

    private String once(String command) throws IOException, InterruptedException {
        int from = output.length();
        // typed in two pieces, so that the echo of the line is not taken for its output
        String mark = "MARK" + ++commands;
        type(command);
        type("echo \"M\"" + mark.substring(1));
        Instant deadline = Instant.now().plus(LIMIT);
        Instant again = Instant.now().plusSeconds(10);
        while (!output.substring(from).contains("\n" + mark)
                && !output.substring(from).contains(" " + mark)) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                fail("no answer to " + command + ":\n" + output.substring(from));
            }
            if (Instant.now().isAfter(again)) {
                // the shell may have been restarted, and what was typed be lost
                type("echo \"M\"" + mark.substring(1));
                again = Instant.now().plusSeconds(10);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return output.substring(from).replaceAll("\u001b\\[[0-9;]*m", "");
    }

    /** Repeats a command until its output is as wanted; returns that. */
    String await(String command, Predicate<String> wanted) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (true) {
            String answer = once(command);
            if (wanted.test(answer)) {
                return answer;
            }
            if (Instant.now().isAfter(deadline)) {
                fail(command + " still answers:\n" + answer);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** The processes that are still there of all Karaf and its workers have started, whatever their parent is now. */
    List<ProcessHandle> leftOvers() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    private boolean isOurs(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains(MARK + "=" + mark);
        } catch (IOException e) {
            // it has ended, or is another user's
            return false;
        }
    }

    /** Ends Karaf as its users do. */
    void shutdown() throws IOException, InterruptedException {
        type("system:shutdown -f");
        awaitEnd();
    }

    /** Waits for its end, which somebody has asked for. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            fail("Karaf does not end:\n" + output.substring(Math.max(0, output.length() - 2000)));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        leftOvers().forEach(ProcessHandle::destroyForcibly);
    }

    /** Lets Karaf see our repository and no other, and keeps it off the user's own and off the network; without ssh. */
    static void prepare(Path home, Path repository) throws IOException {
        prepare(home, repository, 0);
    }

    /** The same with ssh, for the user karaf, at a port; 0 for no ssh. */
    static void prepare(Path home, Path repository, int sshPort) throws IOException {
        Path maven = home.resolve("etc/org.ops4j.pax.url.mvn.cfg");
        String text = Files.readString(maven)
                .replaceAll("(?m)^(org\\.ops4j\\.pax\\.url\\.mvn\\.repositories=).*\\\\\n(.*\\\\\n)*.*\n", "");
        Files.writeString(
                maven,
                text + "\norg.ops4j.pax.url.mvn.repositories=" + repository.toUri()
                        + "@id=millwright@snapshots\norg.ops4j.pax.url.mvn.localRepository="
                        + home.resolve("data/maven") + "\n");
        Path ssh = home.resolve("etc/org.apache.karaf.shell.cfg");
        Files.writeString(
                ssh,
                Files.readString(ssh)
                        .replaceAll("(?m)^sshPort *=.*$", "sshPort = " + sshPort)
                        .replaceAll("(?m)^sshHost *=.*$", "sshHost = 127.0.0.1"));
        Path boot = home.resolve("etc/org.apache.karaf.features.cfg");
        // without remote management and ssh: no fixed ports, so that several builds can run on one machine
        String left = sshPort == 0 ? "management|ssh|instance" : "management|instance";
        Files.writeString(boot, Files.readString(boot).replaceAll("(?m)^ *(" + left + ")/.*\n", ""));
        Path users = home.resolve("etc/users.properties");
        if (sshPort > 0) {
            Files.writeString(
                    users, Files.readString(users).replace("#karaf", "karaf").replace("#_g_", "_g_"));
        }
    }
}
