package io.millwright.shell.local.internal;

import io.millwright.sockets.SocketFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
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
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the command socket of the node directory while it is active. A socket that cannot be opened is an error in the
 * log and no more: the node runs on without it, and it is tried again until it can be. Called by Declarative Services only.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class LocalShell {
    private static final int BACKLOG = 128;
    private static final Logger LOG = LoggerFactory.getLogger(LocalShell.class);

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final @Nullable SocketFile file;
    private final Duration again;
    /** Guards what is below. */
    private final Object lock = new Object();

    private @Nullable CommandServer server;
    /** Tries to open the socket, {@code null} if it is open or nobody needs it. */
    private @Nullable Thread opening;

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
        this(context.getProperty("millwright.mode"), directory(context), new SessionCommands(context), AGAIN);
    }

    LocalShell(@Nullable String mode, @Nullable Path directory, SessionCommands commands, Duration again) {
        this.commands = commands;
        this.again = again;
        SocketFile made = null;
        if ("check".equals(mode)) {
            LOG.debug("No command socket: the node only checks a configuration");
        } else if (directory == null) {
            LOG.warn("No command socket: neither millwright.dir nor karaf.data names a directory for the node");
        } else {
            made = new SocketFile(directory.resolve("run").resolve("node.sock"));
        }
        this.file = made;
        if (made != null) {
            begin(made);
        }
    }

    private void begin(SocketFile made) {
        try {
            server = open(made);
            LOG.debug("Commands are taken at {}", made.path());
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "No command socket at {}: {}. The node runs, but bin/millwright cannot reach it; it is tried again every {} s.",
                    made.path(),
                    e instanceof FileSystemException || e.getMessage() == null ? e : e.getMessage(),
                    AGAIN.toSeconds(),
                    e);
            Thread thread = new Thread(() -> openAgain(made), "millwright-shell-local-opening");
            thread.setDaemon(true);
            opening = thread;
            thread.start();
        }
    }

    private void openAgain(SocketFile made) {
        try {
            while (true) {
                Thread.sleep(again.toMillis());
                synchronized (lock) {
                    if (opening == null) {
                        return;
                    }
                    try {
                        server = open(made);
                        opening = null;
                        LOG.info("Commands are taken at {} now", made.path());
                        return;
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("still no command socket at {}", made.path(), e);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("closed");
        }
    }

    private CommandServer open(SocketFile made) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            made.bind(channel, BACKLOG);
            return new CommandServer(channel, made.owner(), new Present());
        } catch (IOException | RuntimeException e) {
            channel.close();
            made.remove();
            throw e;
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
        CommandServer open;
        synchronized (lock) {
            open = server;
            if (opening != null) {
                opening.interrupt();
                opening = null;
            }
        }
        if (file == null || open == null) {
            return;
        }
        try {
            // first, so that a client that comes now is told at once that no node is there
            file.remove();
        } catch (IOException e) {
            LOG.warn("The command socket {} could not be removed: {}", file.path(), e.toString(), e);
        }
        open.close();
    }
}
