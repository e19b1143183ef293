package io.millwright.worker.router.internal;

import io.millwright.wamp.router.RealmFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How much there is in a router, and how much goes to and fro. Stateless. */
final class Figures {
    private static final double TENTHS = 10;

    private Figures() {}

    /** Counts of a router, and those of each realm; called in a turn, answered later. */
    static CompletionStage<Map<String, Object>> of(AppRouter router) {
        Map<String, Object> all = counts(router);
        Map<String, Object> realms = new LinkedHashMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (AppRealm realm : router.realms().values()) {
            realms.put(realm.id, Map.of());
            asked.add(of(realm)
                    .thenAccept(shown -> realms.replace(realm.id, shown))
                    .toCompletableFuture());
        }
        all.put("realms", realms);
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> all);
    }

    /** Since the router is there. */
    static Map<String, Object> counts(AppRouter router) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("joined", router.log.joined.get());
        counts.put("refused", router.log.refused.get());
        counts.put("ended", router.log.ended.get());
        counts.put("limited", router.log.limited.get());
        return counts;
    }

    /** Those of a realm. */
    static CompletionStage<Map<String, Object>> of(AppRealm realm) {
        return realm.realm.figures().thenApply(Figures::shown);
    }

    private static Map<String, Object> shown(RealmFigures figures) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("sessions", figures.sessions());
        shown.put("registrations", figures.registrations());
        shown.put("subscriptions", figures.subscriptions());
        shown.put("received", figures.received());
        shown.put("sent", figures.sent());
        shown.put("received_per_sec", rate(figures.receivedRate()));
        shown.put("sent_per_sec", rate(figures.sentRate()));
        return shown;
    }

    private static double rate(double rate) {
        return Math.round(rate * TENTHS) / TENTHS;
    }
}
