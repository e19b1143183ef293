package io.millwright.remote.wamp.internal;

import io.millwright.wamp.router.Limits;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of all remote sessions, from {@code io.millwright.remote}; changed while they are there, and none is ended for it. A configuration that
 * is wrong is an error in the log, and what was in force before stays. Called by Declarative Services only.
 */
@Component(
        service = {},
        configurationPid = LimitsComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = LimitsOptions.class)
public final class LimitsComponent {
    static final String PID = "io.millwright.remote";
    private static final Logger LOG = LoggerFactory.getLogger(LimitsComponent.class);
    private static final int LEAST_QUEUED = 512;

    private final RemoteComponent remote;

    /**
     * Limits from now on.
     *
     * @param remote has the realm
     * @param options what the configuration says
     * @param properties the same, as it was written
     */
    @Activate
    public LimitsComponent(@Reference RemoteComponent remote, LimitsOptions options, Map<String, Object> properties) {
        this.remote = remote;
        changed(options, properties);
    }

    /**
     * Takes other limits.
     *
     * @param options what the configuration says
     * @param properties the same, as it was written
     */
    @Modified
    public void changed(LimitsOptions options, Map<String, Object> properties) {
        remote.findings().gone(PID);
        try {
            Form.check(LimitsOptions.class, properties);
            remote.limit(limits(options));
        } catch (IllegalArgumentException e) {
            LOG.error("The limits of remote sessions (configuration {}) are not taken: {}", PID, e.getMessage());
            remote.findings().refused(PID, "remote limits", "are not those of the configuration: " + e.getMessage());
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with a sentence, if one cannot be
     */
    static Limits limits(LimitsOptions options) {
        return Limits.DEFAULT
                .withSessions(atLeast("limits.sessions", options.limits_sessions(), 1))
                .withSessionsPerPeer(atLeast("limits.sessionsPerPeer", options.limits_sessionsPerPeer(), 1))
                .withCalls(atLeast("limits.calls", options.limits_calls(), 1))
                .withSubscriptions(atLeast("limits.subscriptions", options.limits_subscriptions(), 1))
                .withRegistrations(atLeast("limits.registrations", options.limits_registrations(), 1))
                .withTestaments(atLeast("limits.testaments", options.limits_testaments(), 1))
                .withRetained(atLeast("limits.retained", options.limits_retained(), 1))
                .withQueuedBytes(atLeast("limits.queued", options.limits_queued(), LEAST_QUEUED));
    }

    private static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("'" + name + "' is " + value + "; it must be " + least + " or more");
        }
        return value;
    }

    /** Back to what is where nothing is said. */
    @Deactivate
    public void close() {
        remote.findings().gone(PID);
        remote.limit(Limits.DEFAULT);
    }
}
