package io.millwright.wamp.router.internal;

import io.millwright.wamp.message.Payload;
import java.util.Map;

/**
 * What is published when a session is over.
 *
 * @param scope {@code destroyed} or {@code detached}; sessions are not resumed here, so both are published at the same time
 */
record Testament(String scope, String topic, Map<String, Object> options, Payload payload, int bytes) {}
