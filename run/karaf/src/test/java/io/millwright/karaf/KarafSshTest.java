package io.millwright.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Karaf in the POSIX locale, into which the KAR is dropped, driven by a real {@code ssh}. Two kinds: a command over ssh prints and
 * ends as in the console; and bytes beyond ASCII are what they were, whatever the locale of the JVM.
 */
class KarafSshTest {
    private static final Path PRISTINE = Path.of(System.getProperty("karaf.pristine"));
    private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");

    @TempDir
    Path temp;

    @Test
    void theKarWorksOverSshInThePosixLocale() throws Exception {
        if (!Ssh.isThere()) {
            System.err.println("SKIPPED: KarafSshTest, for want of the program ssh (package openssh-client)");
            return;
        }
        Path home = copy();
        int port = freePort();
        KarafConsole.prepare(home, Path.of(System.getProperty("repository")), port);
        // As run/README.md says: at its start Karaf reads the files before anything of Millwright is there.
        Files.writeString(
                home.resolve("etc/config.properties"),
                "\nfelix.fileinstall.configEncoding = UTF-8\n",
                StandardOpenOption.APPEND);
        Ssh ssh = new Ssh(temp, port);
        Map<String, String> environment = Map.of("LC_ALL", "POSIX", "LANG", "POSIX", "GREETING", "größe");
        try (KarafConsole karaf = new KarafConsole(home, environment)) {
            Files.copy(Path.of(System.getProperty("kar")), home.resolve("deploy/millwright.kar"));
            ssh.await(
                    "node:status", answer -> answer.code() == 0 && answer.text().contains("ready"));
            commands(ssh);
            bytes(ssh, home, false);
            noRefreshIsPending(ssh);
            ssh.run("system:shutdown -f");
            karaf.awaitEnd();
            assertThat(karaf.leftOvers()).isEmpty();
        }
        try (KarafConsole karaf = new KarafConsole(home, portable(environment))) {
            ssh.await(
                    "node:status", answer -> answer.code() == 0 && answer.text().contains("portable"));
            bytes(ssh, home, true);
            ssh.run("system:shutdown -f");
            karaf.awaitEnd();
            assertThat(karaf.leftOvers()).isEmpty();
        }
    }

    private static Map<String, String> portable(Map<String, String> environment) {
        Map<String, String> with = new LinkedHashMap<>(environment);
        with.put("EXTRA_JAVA_OPTS", "-Dmillwright.backend=portable");
        return with;
    }

    private Path copy() throws Exception {
        Path home = temp.resolve("karaf");
        Process cp = new ProcessBuilder("cp", "-R", PRISTINE.toString(), home.toString())
                .inheritIO()
                .start();
        assertThat(cp.waitFor()).isZero();
        return home;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What a command prints, and its exit code. */
    private static void commands(Ssh ssh) throws Exception {
        Object[][] table = {
            {"worker:list", 0, "no workers"},
            {"node:doctor", 0, "nothing is wrong"},
            {"worker:start long guest -- /bin/sleep 911", 0, "long started"},
            {"worker:list", 0, "long"},
            {"worker:start three guest -- /bin/sh -c \"exit 3\"; worker:wait three", 3, "exit code 3"},
            {"worker:wait three", 3, "exit code 3"},
            {"worker:start term guest -- /bin/sh -c 'kill $$'; worker:wait term", 143, "signal TERM"},
            {"worker:start fine guest -- /bin/true; worker:wait fine", 0, "code 0"},
            {"worker:wait none", 1, "no_such_worker"},
            {"worker:wait", 2, "usage: worker:wait"},
            {"worker:start bad guest -- /no/such", 1, "does not exist"},
            {"worker:forget three term fine", 0, ""},
        };
        for (Object[] row : table) {
            Ssh.Answer answer = ssh.run((String) row[0]);
            assertThat(answer.text()).as(row[0] + " prints").contains((String) row[2]);
            assertThat(answer.code()).as(row[0] + " ends: " + answer.text()).isEqualTo(row[1]);
        }
    }

    /** What the JDK would lose in this locale, in each place it can be; the portable backend, which has but the JDK, names it. */
    private void bytes(Ssh ssh, Path home, boolean portable) throws Exception {
        Path folder = folder();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("plain", guest("echo it is $GREETING"));
        files.put(
                "argument",
                "executable = /bin/sh\narguments = [\"-c\", \"echo it is $0; exec sleep 912\", \"größe 日本\"]\n");
        files.put("variable", guest("echo it is $V") + "env.vars.V = größe 日本\n");
        files.put("file", guest("echo it is $FROM_FILE") + "env.file = [\"" + temp + "/größe/env\"]\n");
        files.put("directory", guest("echo it is $(pwd)") + "workdir = " + temp + "/größe\n");
        files.put("program", "executable = " + temp + "/größe/pröogram\n");
        files.put("watched", guest("echo it is started") + "watch.directories = [\"" + temp + "/größe\"]\n");
        Map<String, String> printed = Map.of(
                "plain", "größe",
                "argument", "größe 日本",
                "variable", "größe 日本",
                "file", "größe",
                "directory", temp.toRealPath() + "/größe",
                "program", temp + "/größe/pröogram",
                "watched", "started");
        List<String> refused = List.of("argument", "variable", "file", "directory", "program");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(
                    home.resolve("etc/io.millwright.worker.guest-" + file.getKey() + ".cfg"), file.getValue());
        }
        for (String id : files.keySet()) {
            if (portable && refused.contains(id)) {
                String why = ssh.await(
                                "worker:why " + id, answer -> answer.text().contains("failed"))
                        .text();
                assertThat(why).contains("LC_ALL=C.UTF-8");
                assertThat(why).containsPattern("argument|variable 'V'|variable 'FROM_FILE'|directory|program's path");
            } else {
                Path log = home.resolve("data/millwright/log/workers/" + id + ".log");
                String line = " o it is " + printed.get(id) + "\n";
                ssh.await(
                        "worker:list", answer -> Files.exists(log) && read(log).endsWith(line));
            }
        }
        String json = ssh.run("worker:log --json plain").text();
        assertThat(json).contains("it is gr\\u00f6\\u00dfe");
        if (!portable) {
            long before = pid(ssh, "watched");
            Files.writeString(named(folder, "ge%C3%A4ndert"), "x");
            ssh.await(
                    "worker:info --json watched",
                    answer -> answer.code() == 0 && PID.matcher(answer.text()).find() && pid(answer.text()) != before);
        }
    }

    private static String guest(String script) {
        return "executable = /bin/sh\narguments = [\"-c\", \"" + script + "; exec sleep 912\"]\n";
    }

    /** Made by its bytes: this JVM's own locale may be any. */
    private Path folder() throws IOException {
        Path folder = named(temp, "gr%C3%B6%C3%9Fe");
        if (!Files.exists(folder)) {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve("env"), "FROM_FILE=größe\n");
            Path program = named(folder, "pr%C3%B6ogram");
            Files.writeString(program, "#!/bin/sh\necho it is \"$0\"\nexec sleep 912\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return folder;
    }

    private static Path named(Path directory, String escaped) {
        String uri = directory.toUri().toString();
        return Path.of(URI.create(uri + (uri.endsWith("/") ? "" : "/") + escaped));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** A refresh that the KAR's installation left would come with the next feature, and end all workers. */
    private static void noRefreshIsPending(Ssh ssh) throws Exception {
        long before = pid(ssh, "long");
        assertThat(ssh.run("feature:install instance management").code()).isZero();
        assertThat(pid(ssh, "long")).isEqualTo(before);
    }

    private static long pid(Ssh ssh, String id) throws Exception {
        return pid(ssh.run("worker:info --json " + id).text());
    }

    private static long pid(String json) {
        Matcher pid = PID.matcher(json);
        assertThat(pid.find()).as(json).isTrue();
        return Long.parseLong(pid.group(1));
    }
}
