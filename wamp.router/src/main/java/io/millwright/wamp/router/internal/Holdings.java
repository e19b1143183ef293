package io.millwright.wamp.router.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a session has in its realm. */
final class Holdings {
    final Map<Long, Subscription> subscriptions = new LinkedHashMap<>(4);
    final Map<Long, Registration> registrations = new LinkedHashMap<>(4);
    /** Its calls without an answer, by their request. */
    final Map<Long, PendingCall> calls = new HashMap<>(4);
    /** The invocations it has not answered, by their request. */
    final Map<Long, PendingCall> invocations = new HashMap<>(4);

    final List<Testament> testaments = new ArrayList<>(0);
    int testamentBytes;
    /** The request of the last invocation. */
    long lastInvocation;
}
