package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.router.RouterListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sockets of workers of other users, by root, which alone may give files away. The users need no entry on the machine. */
class WorkerSocketsTest {
    private static final long USER = 4242;
    private static final long OTHER = 4243;

    @TempDir
    Path node;

    private Path run;
    private Listeners listeners;
    private WorkerSockets sockets;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system has no /proc");
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "the tests do not run as root");
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwxr-xr-x"));
        run = Files.createDirectory(
                node.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        listeners = Listeners.open("test", new RouterListener() {});
        sockets = new WorkerSockets(run, listeners);
    }

    @AfterEach
    void close() {
        if (listeners != null) {
            listeners.close();
        }
    }

    private static ExpectedRun expected(String id) {
        return ExpectedRun.builder(new WorkerId(id), "java", 1, Credentials.of("t"), Credentials.of("r"))
                .user(Long.toString(USER))
                .build();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Whether a process of a user can connect. */
    private static boolean connects(long user, String socket) throws Exception {
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + user,
                        "--regid=" + user,
                        "--clear-groups",
                        "perl",
                        "-MIO::Socket::UNIX",
                        "-e",
                        "print IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 'in' : qq{no: $!}",
                        socket)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).matches("in|no: Permission denied");
        return said.equals("in");
    }

    @Test
    void theWorkersUserAloneCanConnectAndNothingIsLeft() throws Exception {
        ExpectedRun one = expected("one");
        WorkerChannels.Address address = sockets.open(one, one.user());
        assertThat(address.user()).isEqualTo(USER);
        assertThat(address.socket()).isEqualTo(run.resolve("w/one/wamp.sock").toString());
        assertThat(mode(Path.of(address.socket()))).isEqualTo("rw-------");
        for (Path folder : new Path[] {run, run.resolve("w"), run.resolve("w/one")}) {
            assertThat(mode(folder)).as(folder.toString()).isEqualTo("rwx--x--x");
            assertThat(Files.getAttribute(folder, "unix:uid")).isEqualTo(0);
        }
        assertThat(connects(USER, address.socket())).isTrue();
        assertThat(connects(OTHER, address.socket())).isFalse();
        // The node's own is made anew meanwhile: it stays closed, and the way stays open.
        Path own = run.resolve("wamp.sock");
        listeners.add(ListenerConfig.unix("own", own));
        assertThat(connects(USER, own.toString())).isFalse();
        assertThat(connects(USER, address.socket())).isTrue();

        ExpectedRun two = expected("two");
        sockets.open(two, two.user());
        sockets.close(one);
        assertThat(run.resolve("w/one")).doesNotExist();
        assertThat(mode(run)).isEqualTo("rwx--x--x");
        sockets.close(two);
        assertThat(run.resolve("w").toFile().list()).isEmpty();
        assertThat(mode(run)).isEqualTo("rwx------");
    }

    @Test
    void whatANodeThatWasKilledHasLeftIsRemoved() throws Exception {
        Files.createDirectories(run.resolve("w/old"));
        Files.createFile(run.resolve("w/old/wamp.sock"));
        sockets = new WorkerSockets(run, listeners);
        assertThat(run.resolve("w").toFile().list()).isEmpty();
    }

    @Test
    void aUserThatIsNoneOrCannotGetThereIsRefused() throws Exception {
        ExpectedRun one = expected("one");
        assertThatThrownBy(() -> sockets.open(one, "no-such-user"))
                .isInstanceOf(NodeException.class)
                .hasMessage("no control channel for user 'no-such-user': there is no such user on this machine");
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> sockets.open(one, one.user()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(node + " is closed to others; let them pass through it (chmod o+x)");
        assertThat(run.resolve("w/one")).doesNotExist();
        assertThat(mode(run)).isEqualTo("rwx------");
    }
}
