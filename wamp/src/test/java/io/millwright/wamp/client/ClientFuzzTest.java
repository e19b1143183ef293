package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampException;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.RandomMessages;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A router that says anything in any order: valid messages with the ids that are in use, broken ones, an end at any moment. Each future completes,
 * what the client says is valid, its thread ends, nothing throws that is not a failure of the protocol.
 */
class ClientFuzzTest {
    private static final int SEEDS = Integer.getInteger("wamp.fuzz", 400);
    private static final Serializer SERIALIZER = Serializers.MSGPACK;

    @Test
    void whateverTheRouterSaysEachFutureCompletes() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                live(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void live(Random random) throws Exception {
        ScriptedRouter router = new ScriptedRouter();
        List<String> failures = new CopyOnWriteArrayList<>();
        WampClient client = WampClient.builder(router)
                .realm("r")
                .queue(5)
                .listener(new ClientListener() {
                    @Override
                    public void failed(String uri, Throwable failure) {
                        failures.add(uri + " " + failure);
                    }
                })
                .build();
        List<CompletableFuture<?>> open = new ArrayList<>();
        open.add(client.connect());
        ScriptedRouter.Peer peer = router.accept();
        peer.expect(Hello.class);
        if (random.nextInt(10) > 0) {
            peer.say(new Welcome(1, Map.of("roles", ScriptedRouter.ROLES)));
        }
        for (int i = 0; i < 30; i++) {
            if (random.nextInt(3) == 0) {
                open.add(ask(client, random));
            } else {
                peer.say(said(random));
            }
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        if (random.nextBoolean()) {
            left = client.leave();
        }
        peer.cut();
        if (!left.isDone()) {
            left = client.leave();
        }
        left.get(20, TimeUnit.SECONDS);
        for (CompletableFuture<?> future : open) {
            try {
                future.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(WampException.class);
            }
        }
        assertThat(peer.broken).isEmpty();
        assertThat(failures).isEmpty();
    }

    private static CompletableFuture<?> ask(WampClient client, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> client.call("a.b", random.nextInt());
            case 1 -> client.call(CallRequest.of("a.b").onProgress(part -> {}));
            case 2 -> client.publish(Publication.of("a.b").acknowledge());
            case 3 ->
                client.subscribe("a.t" + random.nextInt(2), event -> event.payload()
                                .elements())
                        .thenCompose(Subscription::unsubscribe);
            case 4 ->
                client.subscribe(
                        "a.t" + random.nextInt(2), event -> event.payload().elements());
            default -> client.register("a.p" + random.nextInt(3), call -> call.progress(1) ? call.payload() : null);
        };
    }

    /** Any message, often with an id that the client has given or could have been given. */
    private static byte[] said(Random random) {
        WampMessage message = RandomMessages.message(random);
        if (random.nextInt(20) == 0) {
            byte[] bytes = SERIALIZER.encode(message);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            return bytes;
        }
        List<Object> head = new ArrayList<>(message.head());
        // Most ends of a session are left out, or none would live long.
        if (random.nextInt(4) > 0 && List.of(1, 2, 3, 4, 5, 6).contains(head.get(0))) {
            return said(random);
        }
        for (int i = 1; i < head.size(); i++) {
            if (head.get(i) instanceof Long) {
                head.set(i, 1L + random.nextInt(12));
            }
        }
        if (message.payload().opaque() != null) {
            return SERIALIZER.encode(WampMessage.parse(message.type(), head, Payload.EMPTY));
        }
        return SERIALIZER.encode(WampMessage.parse(message.type(), head, message.payload()));
    }
}
