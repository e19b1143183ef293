package io.millwright.worker.runtime.internal;

import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.worker.runtime.log.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The session that the option {@code connect} asks for, on a router of the same node. Stateless. */
final class Application {
    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

    private Application() {}

    /**
     * Begins to connect: at once, or as soon as the router is there; again and again when it has gone.
     *
     * @param said what the birth line says under {@code connect}
     */
    static WampClient begin(Map<?, ?> said) {
        String router = String.valueOf(said.get("router"));
        WampClient client = WampClient.builder(Transports.unix(Path.of(String.valueOf(said.get("socket")))))
                .realm(String.valueOf(said.get("realm")))
                .name(router)
                .authentication(
                        Authentication.ticket(String.valueOf(said.get("authid")), String.valueOf(said.get("ticket"))))
                .reconnect(FIRST_DELAY, LONGEST_DELAY)
                .build();
        client.connect().whenComplete((session, fault) -> {
            if (fault != null) {
                Records.write(
                        "error",
                        Application.class.getName(),
                        "the router '" + router + "' does not let this worker in: " + fault.getMessage(),
                        null);
            }
        });
        return client;
    }
}
