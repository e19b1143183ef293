package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.SessionInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: something about remote sessions is not as it should be, and the doctor says nothing. */
class RemoteFindingsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 8080);

    @TempDir
    Path directory;

    private final Principals principals = new Principals();
    private final Access access = new Access();
    private final List<ListenerInfo> listeners = new ArrayList<>();
    private final List<SessionInfo> sessions = new ArrayList<>();
    private final SessionLog log = new SessionLog(new Samplers(System::nanoTime), new Answered());
    private final RemoteFindings findings = new RemoteFindings(
            () -> listeners,
            () -> CompletableFuture.completedFuture(List.copyOf(sessions)),
            principals,
            access,
            log,
            Clock.fixed(NOW, ZoneOffset.UTC));
    private Path file;

    @BeforeEach
    void file() throws IOException {
        file = Files.createFile(
                directory.resolve("file"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "secret");
    }

    private static ListenerConfig config() {
        return ListenerConfig.tcp("lan", (InetSocketAddress) LOOPBACK);
    }

    private void listener(ListenerConfig config, SocketAddress address, int connections, String trouble) {
        listeners.add(ListenerInfo.of(config, address, connections, 0, 0, 0, trouble));
    }

    private String only(Finding.Severity severity) {
        assertThat(findings.findings()).hasSize(1);
        Finding finding = findings.findings().get(0);
        assertThat(finding.severity()).isEqualTo(severity);
        return finding.subject() + " " + finding.what();
    }

    private void principal(String role, Path ticket) {
        principals.put("pid", new Principals.Configured("ci", role, new TicketFile(ticket), List.of()));
    }

    @Test
    void nothingIsWrongWhereAllIsWell() {
        listener(config().withTls(file, file), new InetSocketAddress("192.0.2.1", 8080), 3, "");
        listener(config(), LOOPBACK, 3, "");
        principal("observer", file);
        assertThat(findings.findings()).isEmpty();
    }

    @Test
    void aConfigurationThatCannotBeIsNamedUntilItIsGone() {
        findings.refused("pid~lan", "remote listener lan", "takes no sessions: the port is taken");
        assertThat(only(Finding.Severity.ERROR)).isEqualTo("remote listener lan takes no sessions: the port is taken");
        assertThat(findings.findings().get(0).remedy()).contains("pid~lan");
        findings.gone("pid~lan");
        assertThat(findings.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-P1D, ERROR, has a certificate that ended 2025-12-31",
        "P1DT1H, WARNING, has a certificate that ends in 1 day",
        "P13DT1H, WARNING, has a certificate that ends in 13 days",
        "P15D, ,"
    })
    void aCertificateEnds(Duration left, Finding.Severity severity, String sentence) {
        listeners.add(ListenerInfo.of(config().withTls(file, file), LOOPBACK, 0, 0, 0, 0, "")
                .withCertificateEnds(NOW.plus(left)));
        if (severity == null) {
            assertThat(findings.findings()).isEmpty();
        } else {
            assertThat(only(severity)).contains(sentence);
        }
    }

    @ParameterizedTest
    @CsvSource({"rw-------, false", "rw-r-----, false", "rw-r--r--, true", "rw-rw----, true", "rw----r--, true"})
    void aSecretIsOpenToOthers(String permissions, boolean open) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        principal("observer", file);
        listener(config().withTls(file, file), LOOPBACK, 0, "");
        assertThat(findings.findings()).hasSize(open ? 2 : 0).allMatch(found -> found.what()
                .contains("that others can read or write"));
    }

    @Test
    void aListenerHasTrouble() {
        listener(config(), LOOPBACK, 0, "no open files are left");
        assertThat(only(Finding.Severity.ERROR)).isEqualTo("remote listener lan has trouble: no open files are left");
    }

    @Test
    void aListenerIsInsecure() {
        listener(config().withInsecure(true), new InetSocketAddress("192.0.2.1", 8080), 0, "");
        assertThat(only(Finding.Severity.WARNING)).contains("is insecure: others reach 192.0.2.1:8080");
    }

    @Test
    void aListenerIsFull() {
        listener(config().withConnections(7), LOOPBACK, 7, "");
        assertThat(only(Finding.Severity.WARNING)).contains("all 7 connections");
    }

    @Test
    void aPrincipalHasARoleThatIsNotThere() {
        principal("boss", file);
        assertThat(only(Finding.Severity.ERROR)).contains("there is no role 'boss'");
        access.put("boss", "operator");
        assertThat(findings.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"missing, is not there", "empty, is empty", "folder, must be a file of text", "bytes, is no text"})
    void aPrincipalHasNoTicket(String name, String sentence) throws IOException {
        Files.createFile(directory.resolve("empty"));
        Files.createDirectory(directory.resolve("folder"));
        Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
        principal("observer", directory.resolve(name));
        assertThat(only(Finding.Severity.ERROR))
                .contains("is not let in by a ticket")
                .contains(sentence);
    }

    /** The kind: a new ticket in the file, and the old one goes on letting in. */
    @Test
    void aTicketIsReadAgainWhenItsFileHasChanged() throws IOException {
        principal("observer", file);
        Peer peer = Peer.of("lan", "x", "x");
        assertThat(principals.byTicket("ci", "secret", peer)).isNotNull();
        Files.writeString(file, "another secret\n");
        assertThat(principals.byTicket("ci", "secret", peer)).isNull();
        assertThat(principals.byTicket("ci", "another secret", peer)).isNotNull();
        Files.delete(file);
        assertThat(principals.byTicket("ci", "another secret", peer)).isNull();
        assertThat(principals.byTicket("ci", "", peer)).isNull();
        assertThat(principals.bySecret("ci")).isNull();
        Files.writeString(file, "a third one");
        assertThat(principals.byTicket("ci", "a third one", peer)).isNotNull();
    }

    private static SessionInfo session(long id) {
        return SessionInfo.of(
                id,
                "millwright",
                Principal.of("ci", "observer"),
                "ticket",
                Peer.of("lan", "10.0.0.1:" + id, "10.0.0.1"),
                NOW);
    }

    @Test
    void onePeerHasAllTheSessionsItMayHave() {
        LongStream.rangeClosed(1, RemoteNode.LIMITS.sessionsPerPeer()).forEach(id -> sessions.add(session(id)));
        assertThat(only(Finding.Severity.WARNING)).contains("from 10.0.0.1 are 1000");
    }

    @Test
    void theLimitsInForceAreThoseThatAreReached() {
        LongStream.rangeClosed(1, 3).forEach(id -> sessions.add(session(id)));
        assertThat(findings.findings()).isEmpty();
        findings.limited(Limits.DEFAULT.withSessionsPerPeer(3));
        assertThat(only(Finding.Severity.WARNING)).contains("from 10.0.0.1 are 3");
        findings.limited(Limits.DEFAULT.withSessions(3));
        assertThat(only(Finding.Severity.WARNING)).isEqualTo("remote sessions are 3, and may be no more");
        sessions.replaceAll(session -> SessionInfo.of(
                session.id(), "millwright", Principal.of("w", "worker:w:1").asSpared(), "ticket", session.peer(), NOW));
        assertThat(findings.findings()).as("workers are not counted").isEmpty();
    }

    @Test
    void aLimitRefusedSomething() {
        log.limited(session(7).peer(), session(7), "this session has 5 subscriptions, and may have no more");
        assertThat(only(Finding.Severity.WARNING)).contains("session 7", "5 subscriptions");
        log.limited(session(7).peer(), null, "the realm has 3 sessions, and may have no more");
        assertThat(only(Finding.Severity.WARNING)).contains("10.0.0.1:7", "3 sessions");
    }

    @Test
    void aSessionWasEnded() {
        log.left(session(7), "this session reads too slowly", true);
        assertThat(findings.findings()).hasSize(1);
        assertThat(findings.findings().get(0).what()).contains("1 since it started", "session 7", "reads too slowly");
    }
}
