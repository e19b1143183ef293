package io.millwright.remote.wamp.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One principal for each configuration {@code io.millwright.remote.principal~NAME}; when it goes, its sessions are ended. One that is wrong is an
 * error in the log and lets nobody in. Called by Declarative Services only.
 */
@Component(
        service = {},
        configurationPid = PrincipalComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = PrincipalOptions.class, factory = true)
public final class PrincipalComponent {
    static final String PID = "io.millwright.remote.principal";
    private static final Logger LOG = LoggerFactory.getLogger(PrincipalComponent.class);
    private static final String KEY = "[0-9a-f]{64}";

    private final RemoteComponent remote;
    private final String pid;
    private final String name;

    /**
     * Lets it in from now on.
     *
     * @param remote has the principals
     * @param options what the configuration says
     * @param properties has its PID
     */
    @Activate
    public PrincipalComponent(
            @Reference RemoteComponent remote, PrincipalOptions options, Map<String, Object> properties) {
        this.remote = remote;
        this.pid = String.valueOf(properties.get("service.pid"));
        this.name = RemoteListener.name(PID, pid);
        try {
            Form.check(PrincipalOptions.class, properties);
            Principals.Configured principal = principal(name, remote.directory(), options);
            remote.principals().put(pid, principal);
            TicketFile file = principal.ticketFile();
            String trouble = file == null ? null : file.trouble();
            if (trouble != null) {
                LOG.error("Remote principal {} (configuration {}) is not let in by a ticket: {}", name, pid, trouble);
            }
        } catch (IllegalArgumentException e) {
            LOG.error("Remote principal {} (configuration {}) is not let in: {}", name, pid, e.getMessage());
            remote.findings().refused(pid, "remote principal " + name, "is not let in: " + e.getMessage());
        }
    }

    static Principals.Configured principal(String name, Path directory, PrincipalOptions options) {
        List<String> keys = new ArrayList<>();
        for (String key : RemoteListener.texts(options.publicKeys())) {
            String lower = key.strip().toLowerCase(Locale.ROOT);
            if (!lower.matches(KEY)) {
                throw new IllegalArgumentException("a public key must be 64 hexadecimal digits, '" + key + "' is not");
            }
            keys.add(lower);
        }
        if (keys.isEmpty() && options.ticketFile().isEmpty()) {
            throw new IllegalArgumentException("it has neither 'ticketFile' nor 'publicKeys'");
        }
        TicketFile file =
                options.ticketFile().isEmpty() ? null : new TicketFile(directory.resolve(options.ticketFile()));
        return new Principals.Configured(name, options.role(), file, List.copyOf(keys));
    }

    /** Lets it in no more. */
    @Deactivate
    public void close() {
        remote.findings().gone(pid);
        remote.principals().remove(pid);
        var ignored = remote.realm().end(name, "wamp.close.killed", "principal '" + name + "' was revoked or changed");
    }
}
