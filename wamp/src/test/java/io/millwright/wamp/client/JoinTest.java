package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.auth.Ed25519;
import io.millwright.wamp.auth.WampCra;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Welcome;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joining, being refused, leaving. */
class JoinTest extends ClientCase {
    @Test
    void anonymous() throws Exception {
        WampClient client = client();
        CompletableFuture<SessionInfo> joined = client.connect();
        ScriptedRouter.Peer peer = router.accept();
        Hello hello = peer.expect(Hello.class);
        assertThat(hello.realm()).isEqualTo("realm1");
        assertThat(hello.details().get("authmethods")).isEqualTo(List.of("anonymous"));
        assertThat(hello.details()).doesNotContainKeys("authid", "authextra");
        assertThat(Options.dict(hello.details(), "roles"))
                .containsOnlyKeys("caller", "callee", "publisher", "subscriber");
        assertThat(client.session()).isNull();
        peer.say(new Welcome(5, Map.of("roles", ScriptedRouter.ROLES, "authid", "x", "authrole", "guest")));
        SessionInfo session = get(joined);
        assertThat(session.id()).isEqualTo(5);
        assertThat(session.authid()).isEqualTo("x");
        assertThat(session.authrole()).isEqualTo("guest");
        assertThat(session.realm()).isEqualTo("realm1");
        assertThat(session.supports("dealer", "call_timeout")).isTrue();
        assertThat(session.supports("broker", "call_timeout")).isFalse();
        assertThat(client.session()).isSameAs(session);
        assertThat(get(client.connect())).isSameAs(session);
        CompletableFuture<Void> left = client.leave();
        peer.farewell();
        get(left);
        assertThat(client.session()).isNull();
        assertThat(peer.isClosed()).isTrue();
        until(() -> assertThat(news).containsExactly("joined"));
        client.close();
    }

    private String answerTo(Authentication authentication, Challenge challenge) throws Exception {
        WampClient client = client(builder().authentication(authentication));
        CompletableFuture<SessionInfo> joined = client.connect();
        ScriptedRouter.Peer peer = router.accept();
        Hello hello = peer.expect(Hello.class);
        assertThat(hello.details().get("authid")).isEqualTo("me");
        assertThat(Options.texts(hello.details(), "authmethods")).containsExactly(challenge.method());
        peer.say(challenge);
        String signature = peer.expect(Authenticate.class).signature();
        peer.say(new Welcome(5, Map.of()));
        get(joined);
        CompletableFuture<Void> left = client.leave();
        peer.farewell();
        get(left);
        return signature;
    }

    @Test
    void ticket() throws Exception {
        assertThat(answerTo(Authentication.ticket("me", "s3cret"), new Challenge("ticket", Map.of())))
                .isEqualTo("s3cret");
    }

    @Test
    void wampCra() throws Exception {
        String challenge = "{\"nonce\": \"LHRTC9zeOIrt_9U3\"}";
        assertThat(answerTo(
                        Authentication.wampCra("me", "secret"),
                        new Challenge("wampcra", Map.of("challenge", challenge))))
                .isEqualTo(WampCra.sign("secret", challenge))
                .isEqualTo(WampCra.sign("secret", challenge));
        // The key as other implementations derive it: PBKDF2 with HMAC-SHA256, by a vector of RFC 7914.
        assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(WampCra.deriveKey("passwd", "salt", 1, 64))))
                .startsWith("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    }

    @Test
    void wampCraSalted() throws Exception {
        Map<String, Object> extra = Map.of("challenge", "c", "salt", "s", "iterations", 100, "keylen", 16);
        assertThat(answerTo(Authentication.wampCra("me", "secret"), new Challenge("wampcra", extra)))
                .satisfies(signature -> assertThat(
                                WampCra.verify(WampCra.deriveKey("secret", "s", 100, 16), "c", signature))
                        .isTrue());
        assertThat(WampCra.verify("other", "c", WampCra.sign("secret", "c"))).isFalse();
    }

    @Test
    void cryptosign() throws Exception {
        // A vector of RFC 8032, test 2: seed, public key, the signature of 0x72.
        KeyPair key = Ed25519.ofSeed(
                HexFormat.of().parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        String pub = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assertThat(Ed25519.hex(key.getPublic())).isEqualTo(pub);
        assertThat(Ed25519.publicKey(pub)).isEqualTo(key.getPublic());
        assertThat(Ed25519.sign(key.getPrivate(), "72"))
                .isEqualTo("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" + "72");
        String challenge = "ab".repeat(32);
        String answer = answerTo(
                Authentication.cryptosign("me", key), new Challenge("cryptosign", Map.of("challenge", challenge)));
        assertThat(answer).hasSize(192);
        assertThat(Ed25519.verify(key.getPublic(), challenge, answer)).isTrue();
        assertThat(Ed25519.verify(Ed25519.generate().getPublic(), challenge, answer))
                .isFalse();
        assertThat(Ed25519.verify(key.getPublic(), "cd".repeat(32), answer)).isFalse();
        for (String wrong : List.of("", "zz", "ab", "ab".repeat(96), answer.substring(2))) {
            assertThat(Ed25519.verify(key.getPublic(), challenge, wrong)).isFalse();
        }
        assertThat(Authentication.cryptosign(null, key).extra()).containsEntry("pubkey", pub);
        assertThatThrownBy(() -> Ed25519.ofSeed(new byte[31])).hasMessageContaining("32 bytes");
        assertThatThrownBy(() -> Ed25519.publicKey("ab")).hasMessageContaining("64 hexadecimal");
    }

    /** As a worker does it: a ticket that is good once, and a secret for coming back. */
    @Test
    void anAnswerMayDependOnTheSessionBefore() throws Exception {
        WampClient client = client(
                builder().reconnect(Duration.ofMillis(1), Duration.ofMillis(5)).authentication(new Authentication() {
                    private String next = "once";

                    @Override
                    public String method() {
                        return "ticket";
                    }

                    @Override
                    public String authid() {
                        return "w1";
                    }

                    @Override
                    public String answer(Challenge challenge) {
                        return next;
                    }

                    @Override
                    public void joined(SessionInfo session) {
                        next = Options.text(Options.dict(session.details(), "authextra"), "secret");
                    }
                }));
        client.connect();
        for (String ticket : List.of("once", "again 1", "again 2")) {
            ScriptedRouter.Peer peer = router.accept();
            peer.expect(Hello.class);
            peer.say(new Challenge("ticket", Map.of()));
            assertThat(peer.expect(Authenticate.class).signature()).isEqualTo(ticket);
            String secret = ticket.equals("once") ? "again 1" : "again 2";
            peer.say(new Welcome(1, Map.of("authextra", Map.of("secret", secret))));
            peer.cut();
        }
    }

    /** A router that asks for too much, or for something else, is left, with an ABORT. */
    @ParameterizedTest
    @CsvSource({
        "ticket, x, anonymous client, proof by ticket",
        "anonymous, x, anonymous client, asks an anonymous client",
        "wampcra, c, wampcra 2000000000, too much",
        "wampcra, , wampcra 1, has no text",
        "cryptosign, 'not hex', cryptosign, not hexadecimal",
    })
    void aChallengeThatCannotBeAnswered(String method, String challenge, String client, String sentence) {
        Authentication authentication = client.startsWith("wampcra")
                ? Authentication.wampCra("me", "s")
                : client.startsWith("crypto")
                        ? Authentication.cryptosign("me", Ed25519.generate())
                        : Authentication.anonymous();
        CompletableFuture<SessionInfo> joined =
                client(builder().authentication(authentication)).connect();
        assertThat(catching(() -> {
                    ScriptedRouter.Peer peer = router.accept();
                    peer.expect(Hello.class);
                    Map<String, Object> extra = new HashMap<>();
                    extra.put("challenge", challenge);
                    extra.put("salt", "s");
                    extra.put("iterations", client.contains("2000000000") ? 2_000_000_000 : 1);
                    peer.say(new Challenge(method, extra));
                    peer.expect(Abort.class);
                    return peer;
                }))
                .isNull();
        assertThat(failure(joined, WampException.class)).hasMessageContaining(sentence);
    }

    private static Throwable catching(Callable<?> code) {
        try {
            code.call();
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }

    @Test
    void aRefusalHasItsUriAndSentence() throws Exception {
        WampClient client = reconnecting();
        CompletableFuture<SessionInfo> joined = client.connect();
        CompletableFuture<Subscription> subscribed = client.subscribe("a.b", event -> {});
        ScriptedRouter.Peer peer = router.accept();
        peer.expect(Hello.class);
        peer.say(new Abort("wamp.error.authentication_failed", "the ticket is wrong"));
        WampErrorException refused = failure(joined, WampErrorException.class);
        assertThat(refused.uri()).isEqualTo("wamp.error.authentication_failed");
        assertThat(refused).hasMessage("the ticket is wrong (wamp.error.authentication_failed)");
        assertThat(failure(subscribed, WampErrorException.class)).isSameAs(refused);
        get(client.leave());
        assertThat(failure(client.subscribe("a.b", event -> {}), WampConnectionException.class))
                .hasMessageContaining("memory");
    }

    @Test
    void withoutARouterItFailsUnlessItReconnects() throws Exception {
        router.refusals.add(new IOException("nobody there"));
        WampClient client = client();
        assertThat(failure(client.connect(), WampConnectionException.class))
                .hasMessageContaining("memory")
                .hasMessageContaining("nobody there");
        get(client.leave());
        until(() -> assertThat(news)
                .containsExactly("disconnected: there is no connection to the router (memory): nobody there"));
    }

    @Test
    void aReconnectingClientTriesUntilThereIsOne() throws Exception {
        for (int i = 0; i < 5; i++) {
            router.refusals.add(new IOException("not yet"));
        }
        WampClient client = reconnecting();
        CompletableFuture<SessionInfo> joined = client.connect();
        rejoin();
        get(joined);
        until(() -> assertThat(news.stream().filter(line -> line.contains("not yet")))
                .hasSize(5));
    }

    /** A welcome that comes as something else, or not at all. */
    @Test
    void aRouterThatBreaksTheProtocolIsTold() throws Exception {
        WampClient client = reconnecting();
        CompletableFuture<SessionInfo> joined = client.connect();
        ScriptedRouter.Peer peer = router.accept();
        peer.expect(Hello.class);
        peer.say(new Published(1, 1));
        assertThat(peer.expect(Abort.class).reason()).isEqualTo("wamp.error.protocol_violation");
        peer = router.accept();
        peer.expect(Hello.class);
        peer.say(new byte[] {1, 2, 3});
        assertThat(peer.expect(Abort.class).reason()).isEqualTo("wamp.error.protocol_violation");
        ScriptedRouter.Peer broken = peer;
        peer = rejoin();
        assertThat(broken.isClosed()).isTrue();
        get(joined);
        PendingCall call = client.call("a.b");
        peer.say(new Hello("r", Map.of()));
        assertThat(failure(call, WampConnectionException.class)).hasMessageContaining("the session has ended");
    }

    @Test
    void aRouterThatLetsNobodyInIsLeft() {
        WampClient client = client(builder().joinTimeout(Duration.ofMillis(50)));
        assertThat(failure(client.connect(), WampConnectionException.class))
                .hasMessageContaining("did not let the client in");
    }

    @Test
    void leavingWhileJoiningOrBeforeEndsAtOnce() throws Exception {
        WampClient never = client();
        get(never.leave());
        assertThat(failure(never.connect(), WampConnectionException.class)).hasMessage("the client is closed");

        WampClient joining = client();
        CompletableFuture<SessionInfo> joined = joining.connect();
        router.accept().expect(Hello.class);
        get(joining.leave());
        failure(joined, WampConnectionException.class);

        router.refusals.add(new IOException("no"));
        WampClient waiting = client(builder().reconnect(Duration.ofHours(1), Duration.ofHours(1)));
        CompletableFuture<SessionInfo> waits = waiting.connect();
        until(() -> assertThat(news).anyMatch(line -> line.endsWith("no")));
        get(waiting.leave());
        failure(waits, WampConnectionException.class);
    }

    @Test
    void theRoutersGoodbyeIsAnsweredAndTheClientComesBack() throws Exception {
        WampClient client = reconnecting();
        ScriptedRouter.Peer peer = join(client);
        peer.say(new Goodbye(Map.of(), "wamp.close.system_shutdown"));
        assertThat(peer.expect(Goodbye.class).reason()).isEqualTo("wamp.close.goodbye_and_out");
        rejoin();
        untilTold("joined again");
        assertThat(news)
                .containsExactly(
                        "joined",
                        "disconnected, will try again: the router ended the session: wamp.close.system_shutdown",
                        "joined again");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> builder().realm("a b")).isInstanceOf(WampProtocolException.class);
        assertThatThrownBy(() -> builder().reconnect(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("above 0");
        assertThatThrownBy(() -> builder().reconnect(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("no shorter");
        assertThatThrownBy(() -> builder().queue(0)).hasMessageContaining("1 or more");
    }
}
