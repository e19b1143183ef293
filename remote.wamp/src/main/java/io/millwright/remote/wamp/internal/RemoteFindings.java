package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.FindingSource;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.SessionInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is not as it should be with remote sessions, their listeners, principals and roles. Thread-safe. */
final class RemoteFindings implements FindingSource {
    private static final Duration RENEW = Duration.ofDays(14);
    private static final Duration RECENT = Duration.ofHours(1);
    private static final Set<PosixFilePermission> OPEN =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    /** What configurations ask for and cannot have, by their PIDs. */
    private final Map<String, Finding> refused = new ConcurrentSkipListMap<>();

    private final Supplier<List<ListenerInfo>> listeners;
    private final Supplier<CompletionStage<List<SessionInfo>>> sessions;
    private final Principals principals;
    private final Access access;
    private final SessionLog log;
    private final Clock clock;

    private volatile Limits limits = RemoteNode.LIMITS;

    RemoteFindings(
            Supplier<List<ListenerInfo>> listeners,
            Supplier<CompletionStage<List<SessionInfo>>> sessions,
            Principals principals,
            Access access,
            SessionLog log,
            Clock clock) {
        this.listeners = listeners;
        this.sessions = sessions;
        this.principals = principals;
        this.access = access;
        this.log = log;
        this.clock = clock;
    }

    /** Other limits of all sessions are in force. */
    void limited(Limits next) {
        limits = next;
    }

    /** A configuration asks for something that cannot be. */
    void refused(String pid, String subject, String what) {
        refused(pid, subject, what, null);
    }

    /** The same, with what is to be done where that is not to correct the configuration. */
    void refused(String pid, String subject, String what, @Nullable String remedy) {
        refused.put(pid, Finding.error(subject, what, remedy == null ? "correct its configuration, " + pid : remedy));
    }

    /** A configuration is gone, or a new one is going to be looked at. */
    void gone(String pid) {
        refused.remove(pid);
    }

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(refused.values());
        listeners.get().forEach(listener -> listener(listener, findings));
        principals.all().forEach(principal -> principal(principal, findings));
        sessions(sessions.get().toCompletableFuture().join(), findings);
        return findings;
    }

    private void listener(ListenerInfo listener, List<Finding> findings) {
        ListenerConfig config = listener.config();
        String subject = "remote listener " + config.name();
        if (!listener.trouble().isEmpty()) {
            findings.add(Finding.error(subject, "has trouble: " + listener.trouble(), "see the node's log"));
        }
        Instant ends = listener.certificateEnds();
        if (ends != null) {
            certificate(subject, ends, findings);
        }
        Path key = config.tlsKey();
        if (key != null && isOpen(key)) {
            findings.add(Finding.error(
                    subject, "has a key that others can read or write, " + key, "chmod 600 it, and make a new one"));
        }
        if (key == null
                && listener.address() instanceof InetSocketAddress tcp
                && !tcp.getAddress().isLoopbackAddress()) {
            findings.add(Finding.warning(
                    subject,
                    "is insecure: others reach " + tcp.getHostString() + ":" + tcp.getPort()
                            + " and nothing is encrypted",
                    "give it tls.cert and tls.key, or an address of this machine alone"));
        }
        if (listener.connections() >= config.connections()) {
            findings.add(Finding.warning(
                    subject,
                    "is full: it has all " + config.connections() + " connections that it may have",
                    "end sessions (node:sessions), or raise limits.connections"));
        }
    }

    private void certificate(String subject, Instant ends, List<Finding> findings) {
        Instant now = clock.instant();
        if (ends.isBefore(now)) {
            findings.add(Finding.error(
                    subject, "has a certificate that ended " + ends, "renew it; the new file is read by itself"));
        } else if (ends.isBefore(now.plus(RENEW))) {
            long days = ChronoUnit.DAYS.between(now, ends);
            findings.add(Finding.warning(
                    subject,
                    "has a certificate that ends in " + days + (days == 1 ? " day, " : " days, ") + ends,
                    "renew it; the new file is read by itself"));
        }
    }

    private void principal(Principals.Configured principal, List<Finding> findings) {
        String subject = "remote principal " + principal.name();
        if (!access.isThere(principal.role())) {
            findings.add(Finding.error(
                    subject,
                    "is not let in: there is no role '" + principal.role() + "'",
                    "give it observer, log_observer, operator, or configure io.millwright.remote.role~"
                            + principal.role()));
        }
        TicketFile file = principal.ticketFile();
        if (file == null) {
            return;
        }
        String trouble = file.trouble();
        if (trouble != null) {
            findings.add(Finding.error(subject, "is not let in by a ticket: " + trouble, "put the ticket there"));
        } else if (isOpen(file.path())) {
            findings.add(Finding.error(
                    subject,
                    "has a ticket that others can read or write, " + file.path(),
                    "chmod 600 it, and put a new ticket there"));
        }
    }

    private void sessions(List<SessionInfo> all, List<Finding> findings) {
        // The node's own session and those of its workers are not counted by the limits.
        List<SessionInfo> there = all.stream()
                .filter(session -> !session.principal().isSpared())
                .filter(session -> !session.role().equals(RemoteNode.ROLE))
                .toList();
        Limits bound = limits;
        int most = bound.sessions();
        if (there.size() >= most) {
            findings.add(Finding.warning(
                    "remote sessions",
                    "are " + there.size() + ", and may be no more",
                    "end some (node:sessions), or raise limits.sessions (" + LimitsComponent.PID + ")"));
        }
        Map<String, Long> hosts = there.stream()
                .filter(session -> session.peer().uid() < 0)
                .collect(Collectors.groupingBy(session -> session.peer().host(), Collectors.counting()));
        hosts.forEach((host, count) -> {
            if (count >= bound.sessionsPerPeer()) {
                findings.add(Finding.warning(
                        "remote sessions",
                        "from " + host + " are " + count + ", and may be no more",
                        "end some (node:sessions), or raise limits.sessionsPerPeer (" + LimitsComponent.PID + ")"));
            }
        });
        SessionLog.Refused refused = log.lastLimited();
        if (refused != null && refused.when().isAfter(clock.instant().minus(RECENT))) {
            findings.add(Finding.warning(
                    "remote sessions",
                    "had requests refused by a limit; the last one, " + refused.session() + ": " + refused.why(),
                    "see node:sessions for how many, and that client; or raise limits.* (" + LimitsComponent.PID
                            + ")"));
        }
        SessionLog.Ended ended = log.lastEnded();
        if (ended != null && ended.when().isAfter(clock.instant().minus(RECENT))) {
            findings.add(Finding.info(
                    "remote sessions",
                    "were ended by the node, " + ended.count() + " since it started; the last one, " + ended.session()
                            + ": " + ended.why(),
                    "see the node's log for the others"));
        }
    }

    /** Whether others can read a file, or put another one in its place; false if that is not known. */
    private static boolean isOpen(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OPEN::contains);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
