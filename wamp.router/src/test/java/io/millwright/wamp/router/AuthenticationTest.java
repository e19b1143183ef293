package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import io.millwright.wamp.router.auth.CraAuthenticator;
import io.millwright.wamp.router.auth.CraSecret;
import io.millwright.wamp.router.auth.CryptosignAuthenticator;
import io.millwright.wamp.router.auth.LocalAuthenticator;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.wamp.router.auth.Tickets;
import io.millwright.wamp.serial.Serializers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private static final Peer OPEN = Peer.of("tcp", "10.0.0.1:5", "10.0.0.1");
    private static final Peer SAFE = OPEN.asConfidential();
    private static final Principal ALICE = Principal.of("alice", "all").withExtra(Map.of("secret", "again"));

    private final TestRealm test = new TestRealm();

    private TestPeer hello(Peer peer, String method, String authid, Map<String, Object> extra) {
        TestPeer session = TestPeer.connect(test.router, peer, Serializers.JSON);
        Map<String, Object> details = new HashMap<>(Map.of("roles", TestPeer.ROLES, "authextra", extra));
        if (method != null) {
            details.put("authmethods", List.of(method));
        }
        if (authid != null) {
            details.put("authid", authid);
        }
        session.send(new Hello(TestRealm.NAME, details));
        return session;
    }

    private static void refused(TestPeer peer) {
        Abort abort = peer.next(Abort.class);
        assertThat(abort.reason()).isEqualTo(WampErrors.AUTHENTICATION_FAILED);
        assertThat(abort.details()).isEqualTo(Map.of("message", "who you are could not be verified"));
        assertThat(peer.ended).isTrue();
    }

    @Test
    void nobodyComesInWithoutAnAuthenticator() {
        test.realm.setAuthenticators(List.of());
        for (String method : new String[] {null, "anonymous", "ticket", "wampcra", "cryptosign", "local"}) {
            TestPeer peer = hello(SAFE.withUid(0), method, "alice", Map.of());
            assertThat(peer.next(Abort.class).reason()).isEqualTo(WampErrors.NO_AUTH_METHOD);
        }
    }

    @Test
    void anonymousIsWhoeverComesByNoOwnName() {
        test.realm.setAuthenticators(List.of(new AnonymousAuthenticator("observer")));
        Welcome welcome = hello(OPEN, null, "root", Map.of()).next(Welcome.class);
        assertThat(welcome.details()).containsEntry("authrole", "observer").containsEntry("authmethod", "anonymous");
        assertThat((String) welcome.details().get("authid")).startsWith("anonymous-");
    }

    @Test
    void aLocalUserIsKnownByItsNumber() {
        test.realm.setAuthenticators(List.of(
                new LocalAuthenticator(
                        "local", (uid, authid, peer) -> uid == 7 ? Principal.of("seven", "operator") : null),
                new LocalAuthenticator("anonymous", (uid, authid, peer) -> Principal.of("u" + uid, "all")),
                new AnonymousAuthenticator("observer")));
        assertThat(hello(SAFE.withUid(7), "local", null, Map.of())
                        .next(Welcome.class)
                        .details())
                .containsEntry("authrole", "operator");
        refused(hello(SAFE.withUid(8), "local", null, Map.of()));
        assertThat(hello(SAFE, "local", null, Map.of()).next(Abort.class).reason())
                .isEqualTo(WampErrors.NO_AUTH_METHOD);
        assertThat(hello(SAFE.withUid(8), null, null, Map.of())
                        .next(Welcome.class)
                        .details())
                .containsEntry("authid", "u8");
        assertThat(hello(SAFE, null, null, Map.of()).next(Welcome.class).details())
                .containsEntry("authrole", "observer");
    }

    @Test
    void aTicketLetsInWhereNobodyElseReadsIt() {
        Tickets tickets = new Tickets();
        tickets.add(ALICE, "open sesame");
        test.realm.setAuthenticators(List.of(new TicketAuthenticator(tickets)));
        assertThat(hello(OPEN, "ticket", "alice", Map.of()).next(Abort.class).reason())
                .isEqualTo(WampErrors.NO_AUTH_METHOD);
        assertThat(ticket(SAFE, "alice", "open sesame").next(Welcome.class).details())
                .containsEntry("authextra", Map.of("secret", "again"));
        refused(ticket(SAFE, "alice", "open sesam"));
        refused(ticket(SAFE, "bob", "open sesame"));
        refused(hello(SAFE, "ticket", null, Map.of()));
        assertThat(test.notes).noneMatch(note -> note.contains("sesam"));
        tickets.remove("alice");
        refused(ticket(SAFE, "alice", "open sesame"));
    }

    private TestPeer ticket(Peer from, String authid, String ticket) {
        TestPeer peer = hello(from, "ticket", authid, Map.of());
        assertThat(peer.next(Challenge.class).method()).isEqualTo("ticket");
        peer.send(new Authenticate(ticket, Map.of()));
        return peer;
    }

    @Test
    void aTicketCanBeGoodOnceAndForOneUser() {
        Tickets tickets = new Tickets();
        String secret = Tickets.newSecret();
        tickets.add(ALICE, secret, 1000, true);
        test.realm.setAuthenticators(List.of(new TicketAuthenticator(tickets)));
        refused(ticket(SAFE, "alice", secret));
        refused(ticket(SAFE.withUid(1001), "alice", secret));
        ticket(SAFE.withUid(1000), "alice", secret).next(Welcome.class);
        refused(ticket(SAFE.withUid(1000), "alice", secret));
    }

    @Test
    void aSharedSecretSignsAChallenge() throws Exception {
        String derived = CraSecret.derive("password", "salt", 100, 32);
        test.realm.setAuthenticators(List.of(new CraAuthenticator(authid -> switch (authid) {
            case "alice" -> CraSecret.of(ALICE, "secret");
            case "bob" -> CraSecret.salted(Principal.of("bob", "all"), derived, "salt", 100, 32);
            case "empty" -> CraSecret.of(Principal.of("empty", "all"), "");
            default -> null;
        })));
        cra("alice", "secret").next(Welcome.class);
        cra("bob", derived).next(Welcome.class);
        refused(cra("alice", "Secret"));
        refused(cra("carol", "secret"));
        refused(cra("empty", "x"));
        Challenge challenge = hello(OPEN, "wampcra", "bob", Map.of()).next(Challenge.class);
        assertThat(challenge.extra())
                .containsEntry("salt", "salt")
                .containsEntry("iterations", 100L)
                .containsEntry("keylen", 32L);
        assertThat((String) challenge.extra().get("challenge"))
                .startsWith("{\"authid\":\"bob\",\"authrole\":\"all\",\"authmethod\":\"wampcra\"")
                .endsWith("}");
        // The vector of PBKDF2 that all have: password, salt, one iteration.
        assertThat(CraSecret.derive("password", "salt", 1, 32))
                .isEqualTo("Eg+2z/z4syxD5yJSVsT4N6hlSMkszDVICAWYfLcL4Xs=");
    }

    private TestPeer cra(String authid, String key) throws Exception {
        TestPeer peer = hello(OPEN, "wampcra", authid, Map.of());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String challenge = (String) peer.next(Challenge.class).extra().get("challenge");
        byte[] signature = mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8));
        peer.send(new Authenticate(Base64.getEncoder().encodeToString(signature), Map.of()));
        return peer;
    }

    @Test
    void aKeySignsAChallenge() throws Exception {
        KeyPair alice = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        test.realm.setAuthenticators(List.of(new CryptosignAuthenticator(
                (key, authid) -> key.equals(hex(alice)) && !"bob".equals(authid) ? ALICE : null)));
        sign(alice, hex(alice), null, true).next(Welcome.class);
        sign(alice, hex(alice), "alice", false).next(Welcome.class);
        refused(sign(alice, hex(alice), "bob", true));
        refused(sign(other, hex(alice), "alice", true));
        refused(sign(other, hex(other), "alice", true));
        refused(sign(alice, "00".repeat(32), null, true));
        refused(hello(OPEN, "cryptosign", "alice", Map.of()));
        refused(hello(OPEN, "cryptosign", "alice", Map.of("pubkey", "xyz")));
        TestPeer peer = hello(OPEN, "cryptosign", "alice", Map.of("pubkey", hex(alice)));
        peer.next(Challenge.class);
        peer.send(new Authenticate("no signature", Map.of()));
        refused(peer);
    }

    private static String hex(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return HexFormat.of().formatHex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private TestPeer sign(KeyPair pair, String key, String authid, boolean withChallenge) throws Exception {
        TestPeer peer = hello(OPEN, "cryptosign", authid, Map.of("pubkey", key));
        String challenge = (String) peer.next(Challenge.class).extra().get("challenge");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(HexFormat.of().parseHex(challenge));
        String signed = HexFormat.of().formatHex(signature.sign());
        peer.send(new Authenticate(withChallenge ? signed + challenge : signed, Map.of()));
        return peer;
    }
}
