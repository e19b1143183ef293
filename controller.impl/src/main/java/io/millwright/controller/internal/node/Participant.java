package io.millwright.controller.internal.node;

import io.millwright.controller.api.shutdown.ShutdownParticipant;
import java.time.Duration;

/**
 * A shutdown participant that is bound. Immutable.
 *
 * @param name the symbolic name of its bundle
 * @param deadline how long it is waited for
 * @param service the participant
 */
public record Participant(String name, Duration deadline, ShutdownParticipant service) {}
