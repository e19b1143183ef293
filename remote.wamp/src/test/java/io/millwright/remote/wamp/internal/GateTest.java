package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
    @TempDir
    Path temp;

    private final Principals principals = new Principals();
    private final Gate gate = new Gate(1000, "joe", principals);

    private static Peer unix(String listener) {
        return Peer.of(listener, "unix", "user 1000").withUid(1000).asConfidential();
    }

    private AuthStep ticket(Peer peer, String ticket) {
        List<Authenticator> offered = gate.authenticators().stream()
                .filter(one -> one.method().equals("ticket") && one.isOffered(peer))
                .toList();
        assertThat(offered).as("the router takes the first").hasSize(1);
        AuthRequest request = AuthRequest.of("millwright", 1, peer, Map.of("authid", "ci"));
        AuthStep challenge = offered.get(0).begin(request).toCompletableFuture().join();
        assertThat(challenge.check()).isNotNull();
        return challenge
                .check()
                .apply(new Authenticate(ticket, Map.of()))
                .toCompletableFuture()
                .join();
    }

    /** The kind: tokens of workers take the place of tickets at a Unix socket that a configuration has made. */
    @Test
    void aTicketIsGoodAtAUnixSocketThatOffersTickets() throws Exception {
        Path file = Files.writeString(temp.resolve("ci.ticket"), "secret");
        principals.put("pid", new Principals.Configured("ci", "observer", new TicketFile(file), List.of()));
        gate.offer("more", Set.of("ticket"));
        assertThat(ticket(unix("more"), "secret").principal()).isNotNull();
        assertThat(ticket(unix("more"), "another").principal()).isNull();
        assertThat(ticket(unix("local"), "secret").principal())
                .as("the node's own socket takes tokens of workers")
                .isNull();
    }
}
