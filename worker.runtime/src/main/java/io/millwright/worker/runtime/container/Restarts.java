package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.container.Component.Pause;
import io.millwright.worker.runtime.log.Records;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Restarts the components that use what another one had before it was started again. Stateless. */
final class Restarts {
    /** How long those that have been stopped wait for one whose stop takes its time. */
    private static final long PATIENCE_SECONDS = 10;

    private Restarts() {}

    /** Stops those that run, all of them before any is started again: they may use each other. Does not block. */
    static void begin(String id, List<Component> users) {
        Map<Component, Pause> pauses = new LinkedHashMap<>();
        for (Component user : users) {
            if (user.runs()) {
                Records.write(
                        "info",
                        "container",
                        "component '" + user.id() + "' is restarted, for it uses what component '" + id
                                + "' had before it was started again",
                        null);
                pauses.put(user, user.pause());
            }
        }
        CompletableFuture.allOf(pauses.values().stream().map(Pause::begun).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, thrown) -> {
                    pauses.keySet().forEach(Component::expect);
                    // What fails is recorded where it does.
                    pauses.forEach(Component::resume);
                });
    }
}
