package io.millwright.wamp.router.internal;

import io.millwright.wamp.message.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client announces that matters here, and what this router announces. Immutable. */
final class Features {
    static final Features NONE = new Features(false, false, false, false);
    static final Features ALL = new Features(true, true, true, true);

    private static final List<String> BROKER = List.of(
            "publisher_identification",
            "publisher_exclusion",
            "subscriber_blackwhite_listing",
            "pattern_based_subscription",
            "event_retention",
            "subscription_revocation",
            "session_meta_api",
            "subscription_meta_api",
            "testament_meta_api",
            "payload_passthru_mode");
    private static final List<String> DEALER = List.of(
            "caller_identification",
            "call_canceling",
            "call_timeout",
            "progressive_call_results",
            "pattern_based_registration",
            "shared_registration",
            "registration_revocation",
            "session_meta_api",
            "registration_meta_api",
            "testament_meta_api",
            "payload_passthru_mode");
    private static final Map<String, Object> ANNOUNCED =
            Map.of("broker", Map.of("features", flags(BROKER)), "dealer", Map.of("features", flags(DEALER)));

    /** Whether the callee can be interrupted. */
    final boolean canceling;
    /** Whether the callee can answer bit by bit. */
    final boolean progress;
    /** Whether the callee knows that the router can end a registration. */
    final boolean unregistered;
    /** Whether the subscriber knows that the router can end a subscription. */
    final boolean unsubscribed;

    private Features(boolean canceling, boolean progress, boolean unregistered, boolean unsubscribed) {
        this.canceling = canceling;
        this.progress = progress;
        this.unregistered = unregistered;
        this.unsubscribed = unsubscribed;
    }

    /** Those of a HELLO. */
    static Features of(Map<String, Object> roles) {
        Map<String, Object> callee = Options.dict(Options.dict(roles, "callee"), "features");
        Map<String, Object> subscriber = Options.dict(Options.dict(roles, "subscriber"), "features");
        return new Features(
                Options.flag(callee, "call_canceling") || Options.flag(callee, "call_cancelling"),
                Options.flag(callee, "progressive_call_results"),
                Options.flag(callee, "registration_revocation"),
                Options.flag(subscriber, "subscription_revocation"));
    }

    /** The roles of a WELCOME. */
    static Map<String, Object> announced() {
        return ANNOUNCED;
    }

    private static Map<String, Object> flags(List<String> names) {
        Map<String, Object> flags = new LinkedHashMap<>();
        names.forEach(name -> flags.put(name, true));
        return flags;
    }
}
