package io.millwright.shell.local.internal;

import io.millwright.sockets.SocketFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the command socket of the node directory while it is active. A socket that cannot be opened is an error in the
 * log and no more: the node runs on without it. Called by Declarative Services only.
 */
@Component(
        service = {},
        immediate = true)
public final class LocalShell {
    private static final int BACKLOG = 128;
    private static final Logger LOG = LoggerFactory.getLogger(LocalShell.class);

    private final @Nullable SocketFile file;
    private final @Nullable CommandServer server;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable CommandProcessor processor;

    private final SessionCommands commands;

    /**
     * Opens the socket, unless the node only checks a configuration.
     *
     * @param context of this bundle
     */
    @Activate
    public LocalShell(BundleContext context) {
        this(context.getProperty("millwright.mode"), directory(context), new SessionCommands(context));
    }

    LocalShell(@Nullable String mode, @Nullable Path directory, SessionCommands commands) {
        this.commands = commands;
        SocketFile made = null;
        CommandServer started = null;
        if ("check".equals(mode)) {
            LOG.debug("No command socket: the node only checks a configuration");
        } else if (directory == null) {
            LOG.warn("No command socket: neither millwright.dir nor karaf.data names a directory for the node");
        } else {
            made = new SocketFile(directory.resolve("run").resolve("node.sock"));
            started = open(made);
        }
        this.file = made;
        this.server = started;
    }

    private @Nullable CommandServer open(SocketFile made) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                made.bind(channel, BACKLOG);
                CommandServer opened = new CommandServer(channel, made.owner(), new Present());
                LOG.debug("Commands are taken at {}", made.path());
                return opened;
            } catch (IOException | RuntimeException e) {
                channel.close();
                made.remove();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "No command socket at {}: {}. The node runs, but bin/millwright cannot reach it.",
                    made.path(),
                    e.getMessage() == null ? e : e.getMessage(),
                    e);
            return null;
        }
    }

    private static @Nullable Path directory(BundleContext context) {
        String named = context.getProperty("millwright.dir");
        if (named != null && !named.isBlank()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        String karaf = context.getProperty("karaf.data");
        return karaf == null || karaf.isBlank()
                ? null
                : Path.of(karaf).toAbsolutePath().resolve("millwright");
    }

    /**
     * A command that can be called without Gogo has come. Gets no service: most are never called.
     *
     * @param command the command
     */
    @Reference(
            service = Function.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + SessionCommands.PROPERTY + "=" + SessionCommands.SESSION + ")")
    void addCommand(ServiceReference<Function> command) {
        commands.add(command);
    }

    /**
     * It goes.
     *
     * @param command one that has come
     */
    void removeCommand(ServiceReference<Function> command) {
        commands.remove(command);
    }

    private final class Present implements Interpreter {
        @Override
        public @Nullable CommandProcessor processor() {
            return processor;
        }

        @Override
        public @Nullable Callable<@Nullable Object> direct(
                String name, CommandSession session, List<Object> arguments) {
            return commands.call(name, session, arguments);
        }
    }

    /** Ends the commands that run, and removes the socket. Blocks for some seconds at most. */
    @Deactivate
    public void close() {
        if (file == null || server == null) {
            return;
        }
        try {
            // first, so that a client that comes now is told at once that no node is there
            file.remove();
        } catch (IOException e) {
            LOG.warn("The command socket {} could not be removed: {}", file.path(), e.toString(), e);
        }
        server.close();
    }
}
