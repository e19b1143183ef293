package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of docs/wamp.md is this code, and works. */
@Timeout(60)
class ExampleTest {
    private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();

    private void println(Object line) {
        printed.add(String.valueOf(line));
    }

    private void example(Transport transport) throws Exception {
        // example
        WampClient client = WampClient.builder(transport).realm("millwright").build();
        try (client) {
            client.connect().get();
            client.subscribe("millwright.on_worker_exited", event -> println(event.arg(0, Map.class)));
            List<?> ids = client.call(List.class, "millwright.get_workers").get();
            println("workers: " + ids);
            CallRequest stop = CallRequest.of("millwright.stop_worker").args(ids.get(0));
            println(client.call(stop.timeout(Duration.ofSeconds(30))).get().arg(0, Map.class));
        }
        // end
    }

    @Test
    void theExampleWorks() throws Exception {
        try (SocketRouter router = SocketRouter.unix()) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(router));
            example(router.transport());
            served.get(20, TimeUnit.SECONDS);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                lines.add(printed.poll(20, TimeUnit.SECONDS));
            }
            assertThat(lines).containsExactlyInAnyOrder("workers: [w1]", "{worker_id=w1}", "{id=w1}");
        }
    }

    private static void serve(SocketRouter router) {
        Serializer serializer = Serializers.MSGPACK;
        try (SocketRouter.Line line = router.accept("7ff20000", "7ff20000")) {
            line.expect(serializer);
            line.say(serializer, new Welcome(1, Map.of()));
            assertThat(line.expect(serializer)).isInstanceOf(Subscribe.class);
            line.say(serializer, new Subscribed(1, 5));
            assertThat(((Call) line.expect(serializer)).procedure()).isEqualTo("millwright.get_workers");
            line.say(serializer, new Result(2, Map.of(), Payload.args(List.of("w1"))));
            assertThat(((Call) line.expect(serializer)).payload().args()).isEqualTo(List.of("w1"));
            line.say(serializer, new Event(5, 1, Map.of(), Payload.args(Map.of("worker_id", "w1"))));
            line.say(serializer, new Result(3, Map.of(), Payload.args(Map.of("id", "w1"))));
            assertThat(line.expect(serializer)).isInstanceOf(Goodbye.class);
            line.say(serializer, new Goodbye(Map.of(), "wamp.close.goodbye_and_out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theExampleIsTheOneOfTheDocument() throws Exception {
        List<String> source = Files.readAllLines(Path.of("src/test/java/io/millwright/wamp/client/ExampleTest.java"));
        int begin = source.indexOf("        // example");
        int end = source.indexOf("        // end");
        String code = source.subList(begin + 1, end).stream()
                .map(line -> line.substring(Math.min(8, line.length())).replace("println(", "System.out.println("))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(Path.of("../docs/wamp.md"))).contains(code);
    }
}
