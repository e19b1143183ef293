package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.SessionTraffic;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sessions of the node's realm. Thread-safe. */
final class WampSessions implements RemoteSessions {
    private final Realm realm;

    WampSessions(Realm realm) {
        this.realm = realm;
    }

    @Override
    public List<RemoteSession> list() {
        return realm.traffic().toCompletableFuture().join().stream()
                .map(WampSessions::session)
                .sorted(Comparator.comparing(RemoteSession::since))
                .toList();
    }

    @Override
    public boolean end(long id, String why) {
        return realm.end(id, WampErrors.CLOSE_KILLED, why).toCompletableFuture().join();
    }

    private static RemoteSession session(SessionTraffic traffic) {
        SessionInfo info = traffic.session();
        Peer peer = info.peer();
        return RemoteSession.builder(info.id(), info.authid(), info.role(), info.joined())
                .method(info.method())
                .listener(peer.listener())
                .address(peer.uid() < 0 ? peer.address() : peer.host())
                .transport(transport(peer.transport()))
                .worker(info.principal().isSpared())
                .received(traffic.received())
                .sent(traffic.sent())
                .lost(traffic.lost())
                .refused(traffic.refused())
                .queued(traffic.queuedBytes())
                .build();
    }

    private static String transport(Map<String, Object> details) {
        Object encrypted = Boolean.TRUE.equals(details.get("encrypted")) ? "tls" : null;
        return Stream.of(details.get("type"), details.get("serializer"), encrypted)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }
}
